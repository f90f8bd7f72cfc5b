#include "events/log/blob_refs.hpp"
#include "events/log/key.hpp"
#include "tests/events/log/log_kinds.hpp"

#include <gmock/gmock.h>

#include <set>

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace fc::events::log {

namespace {

const digest first_policy = sha256(as_bytes("first"));
const digest other_policy = sha256(as_bytes("other"));

/// A log whose records a test may bend; the rest is that of a sound one.
class bent_log final : public log_reader {
public:
  explicit bent_log(const log_reader& sound)
    : sound_(sound), records(records_of(sound)) {}

  position last() const override {
    return sound_.last();
  }
  error scan(position, const record_visitor& visit) const override {
    for (const auto& at : records)
      if (!visit(at))
        break;
    return failure;
  }
  expected<std::vector<record>>
  read_stream(std::string_view stream) const override {
    return sound_.read_stream(stream);
  }
  expected<sequence> stream_version(std::string_view stream) const override {
    return std::min(*sound_.stream_version(stream), known_version);
  }
  expected<std::vector<stream_name>>
  streams(std::string_view prefix, std::string_view after,
          std::size_t limit) const override {
    auto names = *sound_.streams(prefix, after, limit);
    std::erase(names, hidden);
    if (!added.empty() && after.empty())
      names.push_back(added);
    return names;
  }
  error visit_streams(std::string_view prefix, position until,
                      const stream_visitor& visit) const override {
    return sound_.visit_streams(prefix, until, visit);
  }
  expected<bytes> blob_of(const digest& id) const override {
    return sound_.blob_of(id);
  }

private:
  const log_reader& sound_;

public:
  std::vector<record> records;
  error failure;
  sequence known_version = 1000000;
  stream_name hidden; ///< Left out of the listing.
  stream_name added;  ///< Listed though it is not there.
};

} // namespace

class verification : public testing::Test {
public:
  /// Appends to the sample's stream, and verifies.
  std::vector<std::string> after(std::vector<new_event> events) {
    append(*log,
           {{stream_of(samples::pull_request()),
             *log->stream_version(stream_of(samples::pull_request())),
             std::move(events)}},
           samples::blobs());
    return verify(*log).problems;
  }

  std::unique_ptr<event_log> log = make_memory_log(fixed_clock());
};

TEST_F(verification, FindsNothingWrongWithAWholeHistory) {
  EXPECT_THAT(after(samples::history()), IsEmpty());
}

TEST_F(verification, ReadsEveryBlobOfEverySample) {
  std::set<digest> found;
  samples::for_each(
    [&](const auto& x) {
      for_each_blob(x, [&](const blob_ref& ref) { found.insert(ref.id); });
    },
    all_events{});
  std::set<digest> wanted;
  for (const auto& x : samples::blobs())
    wanted.insert(x.id);
  EXPECT_EQ(found, wanted);
}

TEST_F(verification, WantsScrapedFirst) {
  EXPECT_THAT(after({make_verdict(samples::symbolic_passed(), first_policy)}),
              ElementsAre(AllOf(HasSubstr("record 1 ("),
                                HasSubstr("pr/Some-Owner/tiny_geo.py#4711 1"),
                                HasSubstr("SymbolicPassed"),
                                HasSubstr("begins with Scraped"))));
}

TEST_F(verification, WantsNothingAfterAnEnd) {
  const std::vector<new_event> ends{
    make_verdict(samples::symbolic_rejected(), first_policy),
    make_event(samples::dropped()),
    make_verdict(samples::published(), first_policy)};
  for (const auto& end : ends) {
    log = make_memory_log(fixed_clock());
    EXPECT_THAT(after({make_event(samples::scraped()), end}), IsEmpty());
    EXPECT_THAT(
      after({make_event(samples::answered())}),
      ElementsAre(AllOf(HasSubstr("record 3 ("), HasSubstr("its end"))));
  }
}

TEST_F(verification, AllowsWhatAPolicysAdoptionCausedAfterAnEnd) {
  EXPECT_THAT(after(samples::history()), IsEmpty());
  const auto adopted = append(
    *log,
    {{stream_name{policy_stream}, 0, {make_event(samples::policy_adopted())}}});
  auto no = samples::speedup_measured();
  no.accepted = false;
  std::vector<new_event> anew{make_event(samples::answered()),
                              make_verdict(no, other_policy),
                              make_verdict(samples::withdrawn(), other_policy)};
  for (auto& each : anew)
    each.causation = adopted.front().first;
  EXPECT_THAT(after(anew), IsEmpty());
  // Without that cause the second verdict of a policy is one too many.
  EXPECT_THAT(
    after({make_verdict(samples::speedup_measured(), first_policy),
           make_verdict(events::reopened{"publish", "again"}, first_policy)}),
    ElementsAre(HasSubstr("its end")));
}

TEST_F(verification, AllowsAnotherLookAfterAFailureAlone) {
  auto failed = samples::dropped();
  failed.failed = true;
  const events::reopened again{failed.stage, "another instrument"};
  EXPECT_THAT(
    after({make_event(samples::scraped()), make_verdict(failed, first_policy),
           make_verdict(again, first_policy)}),
    IsEmpty());
  log = make_memory_log(fixed_clock());
  auto rejected = failed;
  rejected.failed = false;
  EXPECT_THAT(
    after({make_event(samples::scraped()), make_verdict(rejected, first_policy),
           make_verdict(again, first_policy)}),
    ElementsAre(HasSubstr("its end")));
}

TEST_F(verification, AllowsAVerdictUnderAnotherPolicyAfterAnEnd) {
  auto no = samples::classified();
  no.performance = false;
  EXPECT_THAT(after({make_event(samples::scraped()),
                     make_verdict(samples::symbolic_passed(), first_policy),
                     make_verdict(no, first_policy),
                     make_verdict(samples::classified(), other_policy)}),
              IsEmpty());
}

TEST_F(verification, AllowsNoSecondVerdictUnderTheSamePolicy) {
  auto no = samples::classified();
  no.performance = false;
  EXPECT_THAT(after({make_event(samples::scraped()),
                     make_verdict(samples::symbolic_passed(), first_policy),
                     make_verdict(no, first_policy),
                     make_verdict(samples::classified(), first_policy)}),
              ElementsAre(HasSubstr("record 4 (")));
}

TEST_F(verification, WantsStreamsThatNameAPullRequest) {
  append(*log, {{"pr/nonsense", 0, {make_event(samples::scraped())}}},
         samples::blobs());
  EXPECT_THAT(verify(*log).problems,
              ElementsAre(HasSubstr("does not name a pull request")));
}

TEST_F(verification, DecodesEveryPayload) {
  auto unknown = noted("x");
  unknown.tag = 65000;
  auto damaged = noted("x");
  damaged.payload.assign(4, 0xff);
  auto newer = noted("x");
  newer.version = 9;
  append(*log, {{"run/a", 0, {unknown, damaged, newer}}});
  EXPECT_THAT(
    verify(*log).problems,
    ElementsAre(AllOf(HasSubstr("record 1 (run/a 1"), HasSubstr("too_new")),
                AllOf(HasSubstr("record 2 (run/a 2"), HasSubstr("corrupt")),
                AllOf(HasSubstr("record 3 (run/a 3"), HasSubstr("too_new"))));
}

TEST_F(verification, MissesBlobs) {
  const auto facts = samples::scraped();
  append(*log, {{stream_of(samples::pull_request()), 0, {make_event(facts)}}});
  EXPECT_THAT(
    verify(*log).problems,
    ElementsAre(AllOf(HasSubstr("record 1 ("), HasSubstr(facts.diff.id.hex())),
                HasSubstr(facts.issue_texts.id.hex())));
}

TEST_F(verification, ComparesTheSizeOfBlobs) {
  auto facts = samples::scraped();
  facts.diff.size += 1;
  EXPECT_THAT(after({make_event(facts)}),
              ElementsAre(AllOf(HasSubstr("record 1 ("), HasSubstr("bytes"))));
  auto again = samples::attempt_failed();
  again.log = facts.diff;
  EXPECT_EQ(after({make_event(again)}).size(), 2U);
}

TEST_F(verification, WantsCausesThatCameBefore) {
  auto x = noted("x");
  x.causation = 1;
  append(*log, {{"run/a", 0, {x}}});
  EXPECT_THAT(verify(*log).problems, ElementsAre(HasSubstr("its cause 1")));
}

TEST_F(verification, WantsDenseSequences) {
  append(*log, {request("run/a", 0, {"1", "2", "3"})});
  bent_log bent{*log};
  bent.records.erase(bent.records.begin() + 1);
  EXPECT_THAT(verify(bent).problems,
              ElementsAre(HasSubstr("record 3 (run/a 3, SymbolicPassed): the "
                                    "stream was at sequence 1")));
}

TEST_F(verification, ReportsWhatStoppedTheScan) {
  append(*log, {request("run/a", 0, {"1", "2"})});
  bent_log bent{*log};
  bent.failure = make_error(ec::corrupt, "record 3: broken");
  const auto report = verify(bent);
  EXPECT_THAT(report.problems, ElementsAre(HasSubstr("record 3: broken")));
  EXPECT_EQ(report.records, 2U);
}

TEST_F(verification, ComparesTheIndexWithTheRecords) {
  append(*log, {request("run/a", 0, {"1", "2"}), request("run/b", 0, {"3"})});
  bent_log bent{*log};
  bent.known_version = 1;
  EXPECT_THAT(verify(bent).problems,
              ElementsAre(HasSubstr("stream run/a: the stream index ends")));
  bent.known_version = 100;
  bent.hidden = "run/b";
  EXPECT_THAT(verify(bent).problems,
              ElementsAre(HasSubstr("stream run/b: not listed")));
  bent.hidden.clear();
  bent.added = "run/c";
  EXPECT_THAT(verify(bent).problems,
              ElementsAre(HasSubstr("stream run/c: has no records")));
}

TEST_F(verification, StopsWhenThereAreTooManyProblems) {
  append_request x{"run/a", 0, {}};
  for (int i = 0; i < 2000; ++i) {
    x.events.push_back(noted("x"));
    x.events.back().tag = 65000;
  }
  append(*log, {x});
  const auto report = verify(*log);
  EXPECT_EQ(report.problems.size(), 1001U);
  EXPECT_THAT(report.problems.back(), HasSubstr("stopped"));
}

TEST_F(verification, OfAnEmptyLogIsContent) {
  const auto report = verify(*log);
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.records, 0U);
}

} // namespace fc::events::log
