#pragma once

#include "events/log/event_log.hpp"
#include "tests/support/files.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <string>
#include <vector>

/// Both logs behind one face, and short words for what tests do with them.
namespace fc::events::log {

/// A clock that stands still.
inline clock_function fixed_clock() {
  return [] {
    return samples::noon();
  };
}

inline const origin here{"run-1", "node-1"};

struct memory_kind {
  std::unique_ptr<event_log> open() {
    return make_memory_log(fixed_clock());
  }
  /// A log in memory is as long as its object.
  void reopen(std::unique_ptr<event_log>&) {}
};

struct rocksdb_kind {
  std::unique_ptr<event_log> open() {
    auto log = open_rocksdb_log({folder / "log", true, fixed_clock()});
    EXPECT_TRUE(log) << describe(log.error());
    return log ? std::move(*log) : nullptr;
  }
  void reopen(std::unique_ptr<event_log>& log) {
    log.reset();
    log = open();
  }

  support::temp_dir folder;
};

/// An event that can be told from others.
inline new_event noted(std::string note) {
  return make_event(symbolic_passed{std::move(note)});
}

inline std::string note_of(const record& at) {
  auto x = event_in<symbolic_passed>(at);
  return x ? x->note : describe(x.error());
}

/// Requests of one stream each with one noted event.
inline append_request
request(stream_name stream, sequence expected, std::vector<std::string> notes) {
  append_request x{std::move(stream), expected, {}};
  for (auto& note : notes)
    x.events.push_back(noted(std::move(note)));
  return x;
}

/// Appends and demands that the batch as a whole goes through.
inline std::vector<append_result>
append(event_log& log, const std::vector<append_request>& batch,
       const std::vector<blob>& blobs = {}) {
  auto results = log.append(batch, blobs, here);
  EXPECT_TRUE(results) << describe(results.error());
  return results ? *results : std::vector<append_result>(batch.size());
}

/// All records from a position on; demands a sound log.
inline std::vector<record>
records_of(const log_reader& log, position from = 1) {
  std::vector<record> all;
  const auto err = log.scan(from, [&](const record& at) {
    all.push_back(at);
    return true;
  });
  EXPECT_FALSE(err) << describe(err);
  return all;
}

/// A blob that does not compress away.
inline blob large_blob(std::size_t size) {
  std::mt19937_64 random{size};
  std::string text;
  while (text.size() < size)
    text += static_cast<char>(random());
  return make_blob(text);
}

/// `count` records of single streams in batches of 100, with text that does
/// not compress away.
inline void fill(event_log& log, std::size_t count, std::size_t text = 100) {
  for (std::size_t done = 0; done < count;) {
    std::vector<append_request> batch;
    for (; batch.size() < 100 && done < count; ++done) {
      std::string note;
      while (note.size() < text)
        note += event_id::random().hex();
      batch.push_back(
        request("run/" + event_id::random().hex(), 0, {std::move(note)}));
    }
    append(log, batch);
  }
}

} // namespace fc::events::log
