#include "events/log/key.hpp"
#include "events/log/plan.hpp"
#include "tests/events/log/log_kinds.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

using testing::ElementsAre;
using testing::HasSubstr;

namespace fc::events::log {

/// What every log does alike.
template <class Kind>
class any_log : public testing::Test {
public:
  /// Streams in keyset pages of a size.
  std::vector<stream_name> paged(std::string_view prefix, std::size_t page) {
    std::vector<stream_name> all;
    for (;;) {
      auto names = log->streams(prefix, all.empty() ? "" : all.back(), page);
      EXPECT_TRUE(names) << describe(names.error());
      if (!names || names->empty())
        return all;
      EXPECT_LE(names->size(), page);
      all.insert(all.end(), names->begin(), names->end());
    }
  }

  Kind kind;
  std::unique_ptr<event_log> log = kind.open();
};

using kinds = testing::Types<memory_kind, rocksdb_kind>;
TYPED_TEST_SUITE(any_log, kinds);

TYPED_TEST(any_log, StartsEmpty) {
  EXPECT_EQ(this->log->last(), 0U);
  EXPECT_TRUE(records_of(*this->log).empty());
  EXPECT_TRUE(records_of(*this->log, 7).empty());
  EXPECT_TRUE(this->log->read_stream("run/x")->empty());
  EXPECT_EQ(*this->log->stream_version("run/x"), 0U);
  EXPECT_TRUE(this->log->streams("", "", 10)->empty());
  EXPECT_FALSE(this->log->refresh());
}

TYPED_TEST(any_log, GivesDensePositionsAndSequences) {
  const auto results = append(
    *this->log, {request("run/a", 0, {"1", "2"}), request("run/b", 0, {"3"})});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].first, 1U);
  EXPECT_EQ(results[0].now, 2U);
  EXPECT_EQ(results[1].first, 3U);
  EXPECT_EQ(results[1].now, 1U);
  EXPECT_EQ(append(*this->log, {request("run/a", 2, {"4"})})[0].first, 4U);
  EXPECT_EQ(this->log->last(), 4U);
  EXPECT_EQ(*this->log->stream_version("run/a"), 3U);
  const auto stream = *this->log->read_stream("run/a");
  ASSERT_EQ(stream.size(), 3U);
  EXPECT_EQ(note_of(stream[2]), "4");
  EXPECT_EQ(stream[2].at, 4U);
  EXPECT_EQ(stream[2].seq, 3U);
}

TYPED_TEST(any_log, StoresTheWholeEnvelope) {
  auto event = make_verdict(samples::classified(), sha256(as_bytes("policy")));
  event.causation = 1;
  append(*this->log, {request("run/a", 0, {"cause"})});
  append(*this->log, {{"run/a", 1, {event}}});
  const auto x = records_of(*this->log, 2).at(0);
  EXPECT_EQ(x.stream, "run/a");
  EXPECT_EQ(x.tag, classified::tag);
  EXPECT_EQ(x.version, 1);
  EXPECT_EQ(x.id, event.id);
  EXPECT_EQ(x.recorded_at, samples::noon());
  EXPECT_EQ(x.run, "run-1");
  EXPECT_EQ(x.node, "node-1");
  EXPECT_EQ(x.policy, event.policy);
  EXPECT_EQ(x.causation, 1U);
  EXPECT_EQ(x.payload, event.payload);
}

TYPED_TEST(any_log, ChainsEveryRecordToTheOneBefore) {
  fill(*this->log, 5);
  digest previous;
  for (const auto& x : records_of(*this->log)) {
    EXPECT_EQ(x.chain, chain_digest(previous, encode_envelope(x)));
    previous = x.chain;
  }
}

// -- conflicts and repeats ----------------------------------------------------

TYPED_TEST(any_log, AnswersAConflictWithThePresentSequence) {
  append(*this->log, {request("run/a", 0, {"1", "2"})});
  for (const sequence wrong : {0U, 1U, 3U, 4000000000U}) {
    const auto result
      = append(*this->log, {request("run/a", wrong, {"x"})}).at(0);
    EXPECT_EQ(code_of(result.failure), ec::conflict);
    EXPECT_THAT(describe(result.failure), HasSubstr("run/a"));
    EXPECT_EQ(result.now, 2U);
    EXPECT_EQ(result.first, 0U);
  }
  EXPECT_EQ(this->log->last(), 2U);
}

TYPED_TEST(any_log, LetsAConflictHoldBackNobodyElse) {
  append(*this->log, {request("run/a", 0, {"1"})});
  const auto results = append(*this->log, {request("run/b", 0, {"2"}),
                                           request("run/a", 0, {"x"}),
                                           request("run/c", 0, {"3"})});
  EXPECT_FALSE(results[0].failure);
  EXPECT_EQ(code_of(results[1].failure), ec::conflict);
  EXPECT_EQ(results[1].now, 1U);
  EXPECT_FALSE(results[2].failure);
  EXPECT_EQ(results[2].first, 3U);
  EXPECT_EQ(this->log->last(), 3U);
}

TYPED_TEST(any_log, JudgesARequestAfterTheOnesBeforeItInTheBatch) {
  const auto results = append(*this->log, {request("run/a", 0, {"1"}),
                                           request("run/a", 0, {"x"}),
                                           request("run/a", 1, {"2"})});
  EXPECT_FALSE(results[0].failure);
  EXPECT_EQ(code_of(results[1].failure), ec::conflict);
  EXPECT_EQ(results[1].now, 1U);
  EXPECT_FALSE(results[2].failure);
  EXPECT_EQ(results[2].now, 2U);
}

TYPED_TEST(any_log, AnswersARepeatedAppendOnce) {
  const auto once = request("run/a", 0, {"1", "2"});
  append(*this->log, {request("run/z", 0, {"0"})});
  append(*this->log, {once});
  append(*this->log, {request("run/a", 2, {"3"})});
  for (int i = 0; i < 2; ++i) {
    const auto again = append(*this->log, {once}).at(0);
    EXPECT_FALSE(again.failure) << describe(again.failure);
    EXPECT_EQ(again.first, 2U);
    EXPECT_EQ(again.now, 2U);
    this->kind.reopen(this->log);
  }
  EXPECT_EQ(this->log->last(), 4U);
}

TYPED_TEST(any_log, RecognisesARepeatWithinABatch) {
  const auto once = request("run/a", 0, {"1", "2"});
  const auto results = append(*this->log, {once, once});
  EXPECT_EQ(results[0].first, 1U);
  EXPECT_EQ(results[1].first, 1U);
  EXPECT_EQ(results[1].now, 2U);
  EXPECT_EQ(this->log->last(), 2U);
}

TYPED_TEST(any_log, TakesOnlyAWholeRepeatForOne) {
  const auto once = request("run/a", 0, {"1", "2"});
  append(*this->log, {once});
  auto longer = once;
  longer.events.push_back(noted("3"));
  auto other = once;
  other.events[1] = noted("2");
  auto swapped = once;
  std::swap(swapped.events[0], swapped.events[1]);
  auto shifted = once;
  shifted.expected = 1;
  for (const auto& x : {longer, other, swapped, shifted})
    EXPECT_EQ(code_of(append(*this->log, {x})[0].failure), ec::conflict);
  auto first_only = once;
  first_only.events.pop_back();
  EXPECT_EQ(append(*this->log, {first_only})[0].first, 1U);
  EXPECT_EQ(this->log->last(), 2U);
}

TYPED_TEST(any_log, TakesSeparateAppendsForNoRepeat) {
  const auto first = request("run/a", 0, {"1"});
  const auto second = request("run/a", 1, {"2"});
  append(*this->log, {first, request("run/b", 0, {"x"}), second});
  auto both = first;
  both.events.push_back(second.events[0]);
  EXPECT_EQ(code_of(append(*this->log, {both})[0].failure), ec::conflict);
}

TYPED_TEST(any_log, ChecksTheSequenceOfARequestWithoutEvents) {
  append(*this->log, {request("run/a", 0, {"1"})});
  const auto results
    = append(*this->log, {request("run/a", 1, {}), request("run/a", 0, {})});
  EXPECT_FALSE(results[0].failure);
  EXPECT_EQ(results[0].first, 0U);
  EXPECT_EQ(results[0].now, 1U);
  EXPECT_EQ(code_of(results[1].failure), ec::conflict);
  EXPECT_EQ(this->log->last(), 1U);
  EXPECT_TRUE(append(*this->log, {}).empty());
}

TYPED_TEST(any_log, RefusesWhatCannotBeStored) {
  append_request large{"run/a", 0, {noted("x")}};
  large.events[0].payload.resize(max_payload + 1);
  const auto results
    = append(*this->log,
             {request("", 0, {"x"}), request(std::string("a\0b", 3), 0, {"x"}),
              request(std::string(max_stream_name + 1, 'x'), 0, {"x"}), large,
              request(std::string(max_stream_name, 'x'), 0, {"good"})});
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_EQ(code_of(results[i].failure), ec::invalid_argument) << i;
  EXPECT_FALSE(results[4].failure);
  EXPECT_EQ(this->log->last(), 1U);
}

// -- blobs --------------------------------------------------------------------

TYPED_TEST(any_log, StoresBlobsUnderTheirDigest) {
  std::string large;
  while (large.size() < 1U << 20U)
    large += event_id::random().hex();
  const std::vector<blob> blobs{make_blob("small"), make_blob(""),
                                make_blob(large), make_blob("small")};
  append(*this->log, {request("run/a", 0, {"1"})}, blobs);
  append(*this->log, {request("run/a", 1, {"2"})}, {make_blob("small")});
  this->kind.reopen(this->log);
  for (const auto& x : blobs) {
    const auto back = this->log->blob_of(x.id);
    ASSERT_TRUE(back) << describe(back.error());
    EXPECT_EQ(*back, x.data);
  }
}

TYPED_TEST(any_log, ReadsBlobsPieceByPiece) {
  const std::vector<blob> blobs{make_blob(""), make_blob("small"),
                                large_blob(1U << 20U), large_blob(2'500'000)};
  append(*this->log, {request("run/a", 0, {"1"})}, blobs);
  this->kind.reopen(this->log);
  for (const auto& x : blobs) {
    bytes all;
    const auto err = this->log->read_blob(x.id, [&](byte_view piece) {
      all.insert(all.end(), piece.begin(), piece.end());
      return true;
    });
    EXPECT_FALSE(err) << describe(err);
    EXPECT_EQ(all, x.data);
    int pieces = 0;
    EXPECT_FALSE(this->log->read_blob(x.id, [&](byte_view) {
      ++pieces;
      return false;
    }));
    EXPECT_EQ(pieces, 1);
  }
  EXPECT_EQ(code_of(this->log->read_blob({}, [](byte_view) { return true; })),
            ec::not_found);
}

TYPED_TEST(any_log, KnowsNoOtherBlobs) {
  const auto none = this->log->blob_of(sha256(as_bytes("x")));
  ASSERT_FALSE(none);
  EXPECT_EQ(code_of(none.error()), ec::not_found);
  EXPECT_FALSE(this->log->blob_of({}));
}

TYPED_TEST(any_log, RefusesABlobUnderAFalseName) {
  auto bad = make_blob("text");
  bad.data[0] ^= 1U;
  const auto results
    = this->log->append({request("run/a", 0, {"1"})}, {bad}, here);
  ASSERT_FALSE(results);
  EXPECT_EQ(code_of(results.error()), ec::invalid_argument);
  EXPECT_EQ(this->log->last(), 0U);
  append(*this->log, {request("run/a", 0, {"1"})});
}

TYPED_TEST(any_log, KeepsNoBlobsOfABatchThatWroteNothing) {
  const auto x = make_blob("orphan");
  append(*this->log, {request("run/a", 5, {"1"})}, {x});
  EXPECT_FALSE(this->log->blob_of(x.id));
  append(*this->log, {}, {x});
  EXPECT_TRUE(this->log->blob_of(x.id));
}

// -- in two halves ------------------------------------------------------------

/// Views of what a test holds.
append_batch views(const std::vector<append_request>& requests) {
  append_batch batch;
  for (const auto& each : requests)
    batch.requests.push_back(&each);
  return batch;
}

TYPED_TEST(any_log, PlansBehindWhatIsOnlyPlanned) {
  const std::vector one{request("run/a", 0, {"1", "2"})};
  const std::vector two{request("run/a", 2, {"3"}), request("run/b", 0, {"4"}),
                        request("run/a", 2, {"no"})};
  const auto first = this->log->plan(views(one), here);
  const auto second = this->log->plan(views(two), here);
  ASSERT_TRUE(first && second);
  EXPECT_EQ((*first)->results[0].first, 1U);
  EXPECT_EQ((*second)->results[0].first, 3U);
  EXPECT_EQ((*second)->results[1].first, 4U);
  EXPECT_EQ(code_of((*second)->results[2].failure), ec::conflict);
  EXPECT_EQ(this->log->last(), 0U);
  EXPECT_TRUE(this->log->read_stream("run/a")->empty());
  EXPECT_FALSE(this->log->commit(std::vector{*first}));
  EXPECT_EQ(this->log->last(), 2U);
  EXPECT_FALSE(this->log->commit(std::vector{*second}));
  EXPECT_EQ(records_of(*this->log).size(), 4U);
  EXPECT_EQ(*this->log->stream_version("run/a"), 3U);
}

TYPED_TEST(any_log, CommitsSeveralPlansAtOnce) {
  std::vector<std::vector<append_request>> all;
  for (sequence i = 0; i < 10; ++i)
    all.push_back({request("run/a", i, {std::to_string(i)})});
  std::vector<append_plan_ptr> plans;
  for (const auto& each : all)
    plans.push_back(*this->log->plan(views(each), here));
  EXPECT_FALSE(this->log->commit(plans));
  EXPECT_FALSE(this->log->commit({}));
  const auto records = records_of(*this->log);
  ASSERT_EQ(records.size(), 10U);
  for (position i = 0; i < 10; ++i)
    EXPECT_EQ(note_of(records[i]), std::to_string(i));
  this->kind.reopen(this->log);
  append(*this->log, {request("run/a", 10, {"more"})});
}

TYPED_TEST(any_log, KnowsARepeatOfWhatIsOnlyPlanned) {
  const std::vector asked{request("run/a", 0, {"1", "2"})};
  const auto first = this->log->plan(views(asked), here);
  const auto again = this->log->plan(views(asked), here);
  ASSERT_TRUE(first && again);
  EXPECT_FALSE((*again)->results[0].failure);
  EXPECT_EQ((*again)->results[0].first, 1U);
  EXPECT_TRUE((*again)->entries.empty());
  EXPECT_FALSE(this->log->commit(std::vector{*first, *again}));
  EXPECT_EQ(this->log->last(), 2U);
  const auto late = append(*this->log, asked);
  EXPECT_EQ(late[0].first, 1U);
}

TYPED_TEST(any_log, RefusesWhatStandsBehindAPlanThatWasGivenUp) {
  const std::vector one{request("run/a", 0, {"1"})};
  const std::vector two{request("run/a", 1, {"2"})};
  ASSERT_TRUE(this->log->plan(views(one), here));
  const auto second = this->log->plan(views(two), here);
  ASSERT_TRUE(second);
  EXPECT_TRUE(this->log->commit(std::vector{*second}));
  EXPECT_EQ(this->log->last(), 0U);
}

TYPED_TEST(any_log, IsPlannedByOneThreadAndWrittenByAnother) {
  constexpr sequence total = 300;
  std::vector<std::vector<append_request>> asked;
  for (sequence i = 0; i < total; ++i)
    asked.push_back({request("run/a", i, {std::to_string(i)})});
  std::mutex mutex;
  std::vector<append_plan_ptr> planned;
  std::thread planner{[&] {
    for (const auto& each : asked) {
      auto plan = this->log->plan(views(each), here);
      // A repeat is known, wherever the first one is by now.
      const auto again = this->log->plan(views(each), here);
      ASSERT_TRUE(plan && again);
      EXPECT_EQ((*again)->results[0].first, (*plan)->results[0].first);
      const std::lock_guard lock{mutex};
      planned.push_back(*plan);
      planned.push_back(*again);
    }
  }};
  while (this->log->last() < total) {
    std::vector<append_plan_ptr> next;
    {
      const std::lock_guard lock{mutex};
      next.swap(planned);
    }
    ASSERT_FALSE(this->log->commit(next));
  }
  planner.join();
  EXPECT_EQ(records_of(*this->log).size(), total);
}

// -- reading ------------------------------------------------------------------

TYPED_TEST(any_log, ScansFromAnyPosition) {
  fill(*this->log, 10);
  EXPECT_EQ(records_of(*this->log, 0).size(), 10U);
  for (position from = 1; from <= 10; ++from) {
    const auto some = records_of(*this->log, from);
    ASSERT_EQ(some.size(), 11 - from);
    EXPECT_EQ(some.front().at, from);
  }
  EXPECT_TRUE(records_of(*this->log, 11).empty());
  EXPECT_TRUE(records_of(*this->log, ~position{0}).empty());
}

TYPED_TEST(any_log, StopsAScanWhenTold) {
  fill(*this->log, 10);
  position seen = 0;
  EXPECT_FALSE(this->log->scan(3, [&](const record& x) {
    seen = x.at;
    return x.at < 5;
  }));
  EXPECT_EQ(seen, 5U);
}

TYPED_TEST(any_log, MayBeAppendedToDuringAScan) {
  fill(*this->log, 3);
  std::size_t seen = 0;
  EXPECT_FALSE(this->log->scan(1, [&](const record&) {
    fill(*this->log, 1);
    EXPECT_EQ(*this->log->stream_version("run/none"), 0U);
    return ++seen < 100;
  }));
  EXPECT_EQ(seen, 3U); // As it was when the scan began.
  EXPECT_EQ(this->log->last(), 6U);
}

TYPED_TEST(any_log, ListsStreamsInByteOrderByPages) {
  const std::set<stream_name> names{"a",
                                    "a\x01",
                                    "a\x01"
                                    "b",
                                    "a/",
                                    "a/b",
                                    "ab",
                                    "b",
                                    "pr/o/n#1",
                                    "pr/o/n#10",
                                    "pr/o/n#2",
                                    "pr/o/nn#1",
                                    "repo/o/n",
                                    "\x7f",
                                    "\xc3\xa4",
                                    "\xff",
                                    "\xff\xff"};
  std::vector<append_request> batch;
  for (const auto& name : names)
    batch.push_back(request(name, 0, {"1", "2", "3"}));
  append(*this->log, batch);
  for (const std::size_t page : {1U, 2U, 3U, 100U})
    for (const auto& prefix : std::vector<std::string>{
           "", "a", "a\x01", "a/", "pr/", "pr/o/n#1", "repo/o/n", "\xff", "x",
           std::string("a\0", 2)}) {
      std::vector<stream_name> wanted;
      for (const auto& name : names)
        if (name.starts_with(prefix))
          wanted.push_back(name);
      EXPECT_EQ(this->paged(prefix, page), wanted) << prefix << ' ' << page;
    }
  EXPECT_TRUE(this->log->streams("", "", 0)->empty());
}

TYPED_TEST(any_log, VisitsStreamsAsTheyWereAtAPosition) {
  auto& all_streams = *this->log;
  append(all_streams,
         {request("pr/a", 0, {"1", "2"}), request("pr/ab", 0, {"1"})});
  append(all_streams, {request("pr/a", 2, {"3"}), request("pt/x", 0, {"1"})});
  using ends = std::vector<std::pair<std::string, sequence>>;
  const auto visited = [&](std::string_view prefix, position until) {
    ends all;
    EXPECT_FALSE(all_streams.visit_streams(
      prefix, until, [&](std::string_view stream, sequence last) {
        all.emplace_back(stream, last);
      }));
    return all;
  };
  EXPECT_EQ(visited("pr/", all_streams.last()),
            (ends{{"pr/a", 3}, {"pr/ab", 1}}));
  EXPECT_EQ(visited("pr/", 3), (ends{{"pr/a", 2}, {"pr/ab", 1}}));
  EXPECT_EQ(visited("pr/", 1), (ends{{"pr/a", 1}}));
  EXPECT_EQ(visited("", all_streams.last()).size(), 3U);
  EXPECT_EQ(visited("q", all_streams.last()), ends{});
}

TYPED_TEST(any_log, ListsStreamsAfterANameThatNeedNotBeThere) {
  append(*this->log, {request("pr/a", 0, {"1"}), request("pr/c", 0, {"1"}),
                      request("run/x", 0, {"1"})});
  EXPECT_THAT(*this->log->streams("pr/", "pr/b", 10), ElementsAre("pr/c"));
  EXPECT_THAT(*this->log->streams("pr/", "a", 10), ElementsAre("pr/a", "pr/c"));
  EXPECT_TRUE(this->log->streams("pr/", "run/x", 10)->empty());
  EXPECT_TRUE(this->log->streams("pr/", "pr/c", 10)->empty());
}

TYPED_TEST(any_log, TellsStreamsWithACommonBeginningApart) {
  append(*this->log,
         {request("pr/o/n#1", 0, {"1"}), request("pr/o/n#10", 0, {"2", "3"}),
          request("pr/o/n", 0, {"4"})});
  EXPECT_EQ(this->log->read_stream("pr/o/n#1")->size(), 1U);
  EXPECT_EQ(this->log->read_stream("pr/o/n#10")->size(), 2U);
  EXPECT_EQ(*this->log->stream_version("pr/o/n#1"), 1U);
  EXPECT_EQ(*this->log->stream_version("pr/o/n#10"), 2U);
  EXPECT_EQ(*this->log->stream_version("pr/o/n#"), 0U);
  EXPECT_EQ(*this->log->stream_version("pr/o/n#2"), 0U);
  EXPECT_EQ(*this->log->stream_version(""), 0U);
  EXPECT_TRUE(this->log->read_stream(std::string("pr\0", 3))->empty());
}

TYPED_TEST(any_log, GoesOnWhereItWasAfterReopening) {
  append(*this->log, {request("run/a", 0, {"1", "2"})});
  const auto before = records_of(*this->log);
  for (int i = 0; i < 3; ++i) {
    this->kind.reopen(this->log);
    EXPECT_EQ(records_of(*this->log), before);
    EXPECT_EQ(
      code_of(append(*this->log, {request("run/a", 0, {"x"})})[0].failure),
      ec::conflict);
  }
  append(*this->log, {request("run/a", 2, {"3"})});
  this->kind.reopen(this->log);
  EXPECT_EQ(records_of(*this->log).size(), 3U);
}

TYPED_TEST(any_log, IsReadWhileItIsWritten) {
  std::atomic<bool> done = false;
  std::thread reader{[&] {
    position seen = 0;
    while (!done || seen < this->log->last()) {
      const auto known = this->log->last();
      const auto all = records_of(*this->log);
      ASSERT_GE(all.size(), known);
      ASSERT_GE(all.size(), seen);
      seen = all.size();
      const auto stream = this->log->read_stream("run/a");
      ASSERT_TRUE(stream) << describe(stream.error());
      for (std::size_t i = 0; i < stream->size(); ++i)
        ASSERT_EQ((*stream)[i].seq, i + 1);
    }
  }};
  for (sequence i = 0; i < 200; ++i)
    append(*this->log, {request("run/a", i, {std::to_string(i)})},
           {make_blob(std::to_string(i))});
  done = true;
  reader.join();
}

TYPED_TEST(any_log, HasNothingToComplainAbout) {
  append(*this->log,
         {{stream_of(samples::pull_request()), 0, samples::history()}},
         samples::blobs());
  const auto report = verify(*this->log);
  EXPECT_THAT(report.problems, ElementsAre());
  EXPECT_EQ(report.records, samples::history().size());
  EXPECT_EQ(report.streams, 1U);
  EXPECT_EQ(report.blobs, samples::blobs().size());
}

TEST(all_logs, StoreTheSameBytes) {
  rocksdb_kind on_disk;
  const auto first = on_disk.open();
  const auto second = memory_kind{}.open();
  const std::vector<append_request> batch{request("run/a", 0, {"1", "2"}),
                                          request("run/b", 1, {"x"}),
                                          request("run/c", 0, {"3"})};
  append(*first, batch);
  append(*second, batch);
  EXPECT_EQ(records_of(*first), records_of(*second));
}

} // namespace fc::events::log
