#include "events/log/log_storage.hpp"

#include "events/log/entry.hpp"
#include "events/log/key.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/fuzz/rows.hpp"

// A small sound log, damaged as the input says, and then read in every way.
//
//   input  ::= { damage }
//   damage ::= what:u8 family:u8 row:u8 size:u8 bytes
namespace fc::fuzz {
namespace {

using namespace events;
using namespace events::log;

std::string text(byte_view x) {
  return std::string{as_text(x)};
}

/// Not as large as real chunks: only their order counts.
constexpr std::string_view large[]{"the first chunk, ", "the second, ", "end"};

digest large_id() {
  std::string whole;
  for (const auto each : large)
    whole += each;
  return sha256(as_bytes(whole));
}

log_rows sound_rows() {
  log_rows rows;
  auto& [entries, streams, blobs, meta] = rows;
  std::map<std::string, sequence> reached;
  digest chain;
  for (position at = 1; at <= 6; ++at) {
    record x;
    x.at = at;
    x.stream = at % 3 == 0 ? "run/1" : at % 3 == 1 ? "pr/a/b#1" : "pr/a/b#12";
    x.seq = ++reached[x.stream];
    x.tag = 100;
    x.version = 1;
    x.run = "1";
    const auto payload = "payload " + std::to_string(at);
    entries[position_key(at)] = text(make_entry(x, as_bytes(payload), chain));
    streams[stream_key(x.stream, x.seq)] = position_key(at);
    chain = x.chain;
  }
  const std::string_view small = "a small blob";
  blobs[std::string{blob_key(sha256(as_bytes(small)))}] = small;
  std::uint64_t size = 0;
  for (std::uint32_t i = 0; i < std::size(large); size += large[i++].size())
    blobs[blob_chunk_key(large_id(), i)] = large[i];
  blobs[std::string{blob_key(large_id())}] = blob_head(size);
  meta["format"] = "2";
  return rows;
}

void damage(log_rows& rows, input& in) {
  const auto what = in.byte() % 6;
  auto& table = rows[in.byte() % rows.size()];
  const auto row = in.byte();
  const std::string given{in.bytes(in.byte())};
  if (table.empty())
    return;
  const auto at = std::next(table.begin(), row % table.size());
  switch (what) {
  case 0:
    table.erase(at);
    break;
  case 1:
    at->second = given;
    break;
  case 2: // Under another key.
    table[given] = at->second;
    break;
  case 3:
    at->second.resize(at->second.size() / 2);
    break;
  case 4: // One byte.
    if (given.size() >= 2 && !at->second.empty())
      at->second[static_cast<std::uint8_t>(given[0]) % at->second.size()]
        = given[1];
    break;
  default: // Two rows change places.
    std::swap(at->second, table.begin()->second);
    break;
  }
}

template <class T>
void check_answer(const expected<T>& x) {
  if (!x)
    check_error(x.error(), {ec::corrupt, ec::too_new, ec::not_found});
}

/// @returns the records of the log, where all of it can be read.
std::vector<record> check_scan(const log_storage& log, position last) {
  std::vector<record> all;
  const auto failed = log.scan(1, last, [&](const record& x) {
    check(x.at == all.size() + 1, "records come one after another");
    all.push_back(x);
    return true;
  });
  if (!failed)
    return all;
  check_error(failed, {ec::corrupt, ec::too_new});
  return {};
}

void read_everything(const log_storage& log, bool sound) {
  const auto last = log.find_last();
  check_answer(last);
  if (!last)
    return check(!sound, "a sound log has an end");
  const auto all = check_scan(log, std::min<position>(*last, 1000));
  check(!sound || all.size() == 6, "a sound log is read whole");
  check_answer(log.verified_end(3));
  check_answer(log.all_versions(*last));
  const auto names = log.streams("", "", 100);
  check_answer(names);
  check(!sound || (names && names->size() == 3), "a sound log has its streams");
  for (const auto* name : {"pr/a/b#1", "pr/a/b#12", "run/1"}) {
    const auto records = log.read_stream_to(name, 100);
    check_answer(records);
    if (records)
      for (const auto& each : *records)
        check(each.stream == name, "a stream has its own records");
    check_answer(log.stream_version(name));
    check_answer(log.id_at(name, 1));
  }
  const auto blob = log.blob_of(large_id());
  check_answer(blob);
  check(!blob || sha256(*blob) == large_id(), "a blob has its digest");
  check(!sound || blob, "a sound log has its blobs");
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  auto rows = sound_rows();
  input in{data, size};
  for (int i = 0; i < 8 && !in.empty(); ++i)
    damage(rows, in);
  const fc::events::log::log_storage log{database_over(rows)};
  read_everything(log, size == 0);
  return 0;
}
