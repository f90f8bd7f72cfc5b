#include "events/log/snapshot/log_snapshot.hpp"
#include "tests/events/log/log_kinds.hpp"

#include <gmock/gmock.h>

namespace fc::events::log {

using testing::HasSubstr;

namespace {

using std::chrono::seconds;

/// Appends of one to three events to one of a few streams, from a seed.
std::vector<append_request> some_appends(unsigned seed) {
  std::mt19937 random{seed};
  std::map<stream_name, sequence> now;
  std::vector<append_request> all;
  for (int i = 0; i < 60; ++i) {
    const auto stream = "pr/o/n#" + std::to_string(random() % 25);
    std::vector<std::string> notes(1 + random() % 3, std::to_string(i));
    all.push_back(request(stream, now[stream], notes));
    now[stream] += static_cast<sequence>(notes.size());
  }
  return all;
}

/// One event after the other, up to a position.
void replay_into(event_log& to, const std::vector<append_request>& all,
                 position until) {
  for (const auto& each : all)
    for (sequence i = 0; i < each.events.size() && to.last() < until; ++i)
      append(to, {{each.stream, each.expected + i, {each.events[i]}}});
}

std::vector<stream_name> all_streams(const log_reader& log, std::size_t page) {
  std::vector<stream_name> all;
  for (;;) {
    const auto names = log.streams("pr/", all.empty() ? "" : all.back(), page);
    EXPECT_TRUE(names);
    all.insert(all.end(), names->begin(), names->end());
    if (names->size() < page)
      return all;
  }
}

/// Everything that a reader may ask, asked of both.
void expect_alike(const log_reader& snapshot, const log_reader& short_one) {
  EXPECT_EQ(snapshot.last(), short_one.last());
  for (const position from :
       {position{0}, position{1}, snapshot.last() / 2, snapshot.last(),
        snapshot.last() + 1, ~position{0}})
    EXPECT_EQ(records_of(snapshot, from), records_of(short_one, from)) << from;
  for (const std::size_t page : {1U, 2U, 7U, 100U})
    EXPECT_EQ(all_streams(snapshot, page), all_streams(short_one, page))
      << page;
  EXPECT_EQ(*snapshot.streams("pr/", "pr/o/n#15", 3),
            *short_one.streams("pr/", "pr/o/n#15", 3));
  EXPECT_TRUE(snapshot.streams("", "", 0)->empty());
  for (int i = 0; i < 26; ++i) {
    const auto stream = "pr/o/n#" + std::to_string(i);
    EXPECT_EQ(*snapshot.read_stream(stream), *short_one.read_stream(stream));
    EXPECT_EQ(*snapshot.read_stream_to(stream, 2),
              *short_one.read_stream_to(stream, 2));
    EXPECT_EQ(*snapshot.stream_version(stream),
              *short_one.stream_version(stream));
  }
  EXPECT_EQ(verify(snapshot).problems, verify(short_one).problems);
  EXPECT_EQ(verify(snapshot).streams, verify(short_one).streams);
}

/// A log whose records have these times, in seconds after noon.
std::unique_ptr<event_log> timed_log(std::vector<int> times) {
  auto count = std::make_shared<std::size_t>(0);
  const auto asked = times.size();
  auto log = make_memory_log([count, times = std::move(times)] {
    const auto i = std::min((*count)++, times.size() - 1);
    return samples::noon() + seconds{times[i]};
  });
  for (sequence i = 0; i < asked; ++i)
    append(*log, {request("run/a", i, {"x"})});
  return log;
}

position at_second(const log_reader& log, int x) {
  return *position_of(log, samples::noon() + seconds{x});
}

} // namespace

template <class Kind>
class snapshot_of_a_log : public testing::Test {
public:
  Kind kind;
  std::unique_ptr<event_log> log = kind.open();
};

using kinds = testing::Types<memory_kind, rocksdb_kind>;
TYPED_TEST_SUITE(snapshot_of_a_log, kinds);

TYPED_TEST(snapshot_of_a_log, AnswersAsALogThatNeverHadMore) {
  for (const unsigned seed : {1U, 2U}) {
    TypeParam fresh;
    const auto whole = fresh.open();
    const auto appends = some_appends(seed);
    replay_into(*whole, appends, ~position{0});
    std::mt19937 random{seed};
    for (int i = 0; i < 8; ++i) {
      const position end = i == 0   ? 0
                           : i == 1 ? whole->last()
                                    : 1 + random() % whole->last();
      const auto short_one = make_memory_log(fixed_clock());
      replay_into(*short_one, appends, end);
      SCOPED_TRACE("seed " + std::to_string(seed) + ", end "
                   + std::to_string(end));
      expect_alike(log_snapshot{*whole, end}, *short_one);
    }
  }
}

TYPED_TEST(snapshot_of_a_log, StaysWhatItIsWhileTheLogGrows) {
  append(*this->log, {request("pr/a", 0, {"1"}), request("pr/b", 0, {"2"})});
  const log_snapshot snapshot{*this->log, 2};
  for (sequence i = 1; i < 4; ++i) {
    append(*this->log, {request("pr/a", i, {"more"}),
                        request("pr/c" + std::to_string(i), 0, {"new"})});
    EXPECT_EQ(snapshot.last(), 2U);
    EXPECT_EQ(*snapshot.stream_version("pr/a"), 1U);
    EXPECT_EQ(*snapshot.stream_version("pr/b"), 1U);
    EXPECT_EQ(*snapshot.stream_version("pr/c1"), 0U);
    EXPECT_EQ(snapshot.streams("pr/", "", 10)->size(), 2U);
    EXPECT_EQ(records_of(snapshot).size(), 2U);
  }
}

TYPED_TEST(snapshot_of_a_log, StopsAScanWhenTold) {
  fill(*this->log, 10);
  position seen = 0;
  EXPECT_FALSE(log_snapshot(*this->log, 8).scan(3, [&](const record& x) {
    seen = x.at;
    return x.at < 5;
  }));
  EXPECT_EQ(seen, 5U);
}

TYPED_TEST(snapshot_of_a_log, ReadsBlobs) {
  const auto x = make_blob("text");
  append(*this->log, {request("run/a", 0, {"1"})}, {x});
  const log_snapshot snapshot{*this->log, 1};
  EXPECT_EQ(*snapshot.blob_of(x.id), x.data);
  EXPECT_FALSE(snapshot.blob_of(sha256(as_bytes("other"))));
}

TEST(log_point_of, ReadsPositionsAndTimes) {
  EXPECT_EQ(std::get<position>(*parse_log_point("12")), 12U);
  EXPECT_EQ(std::get<position>(*parse_log_point("20240131")), 20240131U);
  EXPECT_EQ(std::get<timestamp>(*parse_log_point("2024-01-31")),
            *parse_time("2024-01-31"));
  EXPECT_EQ(std::get<timestamp>(*parse_log_point("2024-01-31T12:00:00Z")),
            *parse_time("2024-01-31T12:00:00Z"));
  for (const auto* bad : {"", " ", "-1", "+1", "1.5", "1e3", "x", "yesterday",
                          "2024-13-01", "2024-01-31 12:00",
                          "99999999999999999999", "1\n", "2024-02-30", "12x"}) {
    const auto x = parse_log_point(bad);
    ASSERT_FALSE(x) << bad;
    EXPECT_THAT(describe(x.error()),
                HasSubstr("neither a position nor a time"));
  }
}

TEST(log_point_of, IsAPositionOfTheLog) {
  const auto log = timed_log({0, 10, 20});
  EXPECT_EQ(*position_of(*log, position{0}), 0U);
  EXPECT_EQ(*position_of(*log, position{3}), 3U);
  const auto x = position_of(*log, position{4});
  ASSERT_FALSE(x);
  EXPECT_THAT(describe(x.error()), HasSubstr("the log ends at 3"));
}

TEST(log_point_of, TakesTheLastRecordThatIsNotLater) {
  const auto log = timed_log({0, 10, 10, 20, 30, 30, 40});
  EXPECT_EQ(at_second(*log, -1), 0U);
  EXPECT_EQ(at_second(*log, 0), 1U);
  EXPECT_EQ(at_second(*log, 9), 1U);
  EXPECT_EQ(at_second(*log, 10), 3U);
  EXPECT_EQ(at_second(*log, 35), 6U);
  EXPECT_EQ(at_second(*log, 40), 7U);
  EXPECT_EQ(at_second(*log, 1000), 7U);
  EXPECT_EQ(at_second(*make_memory_log(), 0), 0U);
}

TEST(log_point_of, IsTheSameHoweverMuchIsAppendedLater) {
  std::vector<int> times;
  std::mt19937 random{5};
  for (int i = 0; i < 200; ++i) // A clock that steps back now and then.
    times.push_back(10 * i - (random() % 9 == 0 ? 300 : 0));
  const auto whole = timed_log(times);
  for (const int wanted : {5, 300, 777, 1000}) {
    const auto found = at_second(*whole, wanted);
    ASSERT_GT(found, 0U);
    EXPECT_LE(times[found - 1], wanted);
    EXPECT_GT(times[found], wanted);
    // Cut where everything behind is later in any case.
    EXPECT_EQ(at_second(log_snapshot{*whole, 160}, wanted), found);
  }
}

} // namespace fc::events::log
