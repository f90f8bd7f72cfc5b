#pragma once

#include "projections/replay.hpp"
#include "tests/projections/stories.hpp"
#include "tests/support/samples.hpp"

/// Short words for tests of reports.
namespace fc::reports {

using namespace events;

/// A pull request of the story's kind in another repository.
inline pull_request_id in(const char* repo, std::uint32_t number) {
  return {*repo_name::parse(repo), number};
}

/// A log in memory that takes one event after the other.
struct report_log {
  template <event E>
  position add(const stream_name& stream, const E& x) {
    stories::append(*log, stream, make_event(x));
    return log->last();
  }
  template <event E>
  position add(const pull_request_id& id, const E& x) {
    return add(stream_of(id), x);
  }
  /// The first event of a pull request.
  position see(const pull_request_id& id) {
    auto x = samples::scraped();
    x.repo = id.repo;
    x.number = id.number;
    return add(id, x);
  }
  template <class Report>
  Report ask(projections::scope about = {}) const {
    Report result;
    result.about = std::move(about);
    const auto err = projections::replay(*log, result);
    EXPECT_FALSE(err) << describe(err);
    return result;
  }

  std::unique_ptr<log::event_log> log = log::make_memory_log();
};

} // namespace fc::reports
