#include "events/policy/judge_by_rules.hpp"
#include "events/policy/verdicts.hpp"
#include "tests/actors/judge/scripted_model.hpp"

#include <gmock/gmock.h>

namespace fc::actors {
namespace {

using events::ec;
using events::stage;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// One pull request in a log, judged attempt by attempt as its actor would.
struct ask_model_test : testing::Test {
  ask_model_test() {
    auto facts = samples::scraped();
    diff = events::log::make_blob("+ cache = {}\n- slow\n");
    facts.diff = {diff.id, diff.data.size()};
    stream = events::stream_of(samples::pull_request());
    store(*log, {events::make_event(facts)}, {diff});
    policy = std::make_shared<const events::policy::policy>(
      events::policy::samples::shipped());
  }

  void store(events::log::event_log& into, std::vector<events::new_event> batch,
             const std::vector<events::log::blob>& blobs) const {
    const auto at = into.stream_version(stream);
    const auto done
      = into.append({{stream, *at, std::move(batch)}}, blobs, {"run", {}});
    ASSERT_TRUE(done && !done->front().failure);
  }

  /// One attempt, and what its actor stores of it.
  stage_result attempt() {
    work job;
    job.stream = stream;
    job.what = stage::classify;
    auto state = events::fold(*log->read_stream(stream));
    EXPECT_TRUE(state);
    const auto failed = state->failures.find(stage::classify);
    job.attempt = failed == state->failures.end()
                    ? 1
                    : static_cast<std::uint32_t>(failed->second.size()) + 1;
    job.state
      = std::make_shared<const events::pull_request_state>(std::move(*state));
    ask_model judge{{log, policy, recorded, model, {"some-model"}, ledger, {}}};
    auto result = judge.perform(job);
    auto batch = result.kept;
    if (result.failure) {
      events::attempt_failed x;
      x.stage = events::to_string(job.what);
      x.attempt = job.attempt;
      x.cause = events::to_string(events::code_of(result.failure));
      x.message = events::describe(result.failure);
      x.log = result.failure_log;
      batch.push_back(events::make_event(x));
    } else {
      for (const auto& each : result.evidence)
        batch.push_back(each);
    }
    if (!batch.empty())
      store(*log, batch, result.blobs);
    return result;
  }

  static events::answered answer_in(const stage_result& x) {
    EXPECT_EQ(x.evidence.size(), 1u);
    events::record at;
    at.tag = x.evidence.at(0).tag;
    at.version = x.evidence.at(0).version;
    at.payload = x.evidence.at(0).payload;
    const auto read = events::event_in<events::answered>(at);
    EXPECT_TRUE(read);
    return *read;
  }

  std::vector<std::string> trail() const {
    std::vector<std::string> names;
    const auto records = log->read_stream(stream);
    for (const auto& at : *records)
      names.emplace_back(events::name_of(at.tag));
    return names;
  }

  static std::shared_ptr<events::log::event_log> memory() {
    return events::log::make_memory_log([] { return samples::noon(); });
  }

  std::shared_ptr<events::log::event_log> log = memory();
  std::shared_ptr<events::log::event_log> recorded;
  std::shared_ptr<const events::policy::policy> policy;
  std::shared_ptr<scripted_model> model = std::make_shared<scripted_model>();
  std::shared_ptr<judge_ledger> ledger
    = std::make_shared<judge_ledger>(judge_budget{});
  events::stream_name stream;
  events::log::blob diff;
};

TEST_F(ask_model_test, AsksOnceWhereTheAnswerIsNo) {
  model->says(no);
  const auto x = attempt();
  ASSERT_FALSE(x.failure) << events::describe(x.failure);
  const auto answer = answer_in(x);
  EXPECT_FALSE(answer.performance);
  EXPECT_EQ(answer.reason, "docs");
  EXPECT_EQ(answer.judge, "some-model");
  EXPECT_EQ(answer.prompt, events::policy::prompts_digest(policy->judge));
  EXPECT_EQ(answer.cost_usd, 0.01);
  EXPECT_EQ(x.cost.tokens, 1100u);
  EXPECT_EQ(x.cost.calls, 1u);
  EXPECT_EQ(model->asked.size(), 1u);
  EXPECT_EQ(model->asked[0].system, policy->judge.prompts.at("classify"));
  EXPECT_THAT(model->asked[0].user, HasSubstr("+ cache = {}"));
}

TEST_F(ask_model_test, StoresAYesBeforeItPaysForMore) {
  model->says(yes).says(cached);
  const auto first = attempt();
  EXPECT_TRUE(first.goes_on);
  EXPECT_THAT(first.evidence, IsEmpty());
  EXPECT_THAT(trail(), ElementsAre("Scraped", "ModelAnswered"));
  const auto second = attempt();
  EXPECT_FALSE(second.goes_on);
  const auto answer = answer_in(second);
  EXPECT_TRUE(answer.performance);
  EXPECT_EQ(answer.category, "cache_and_reuse");
  EXPECT_EQ(answer.difficulty, "easy");
  EXPECT_EQ(answer.reason, "it caches | a dict");
  EXPECT_EQ(answer.tokens_in, 2000u);
  EXPECT_EQ(answer.cost_usd, 0.02);
  EXPECT_EQ(second.cost.calls, 1u);
  EXPECT_EQ(model->asked.size(), 2u);
  EXPECT_EQ(model->asked[1].system, policy->judge.prompts.at("judge"));
}

TEST_F(ask_model_test, NeverPaysTwiceForAnAnswer) {
  model->says(yes).says(cached);
  attempt();
  attempt();
  // As if the program had been killed before the verdict was made.
  const auto again = attempt();
  EXPECT_EQ(model->asked.size(), 2u);
  EXPECT_EQ(again.cost.calls, 0u);
  EXPECT_EQ(again.cost.cost_usd, 0);
  EXPECT_THAT(again.kept, IsEmpty());
  EXPECT_EQ(answer_in(again).cost_usd, 0.02);
}

TEST_F(ask_model_test, TakesAnswersFromAnotherLog) {
  model->says(yes).says(cached);
  attempt();
  attempt();
  recorded = log;
  log = memory();
  store(*log, {events::make_event([&] {
    auto facts = samples::scraped();
    facts.diff = {diff.id, diff.data.size()};
    return facts;
  }())},
        {diff});
  const auto x = attempt();
  EXPECT_EQ(model->asked.size(), 2u);
  EXPECT_EQ(answer_in(x).category, "cache_and_reuse");
  EXPECT_EQ(x.cost.cost_usd, 0);
  EXPECT_THAT(trail(), ElementsAre("Scraped", "ModelAnswered", "ModelAnswered",
                                   "Answered"));
}

TEST_F(ask_model_test, AsksOnlyWhatAChangedPromptChanges) {
  model->says(yes).says(cached).says(cached);
  attempt();
  attempt();
  auto other = *policy;
  other.judge.prompts["judge"] += "\nBe brief.";
  policy = std::make_shared<const events::policy::policy>(other);
  const auto x = attempt();
  EXPECT_EQ(model->asked.size(), 3u);
  EXPECT_EQ(model->asked[2].system, other.judge.prompts["judge"]);
  EXPECT_EQ(answer_in(x).prompt, events::policy::prompts_digest(other.judge));
}

TEST_F(ask_model_test, AsksAnotherModelAnew) {
  model->says(no);
  attempt();
  auto facts = events::fold(*log->read_stream(stream));
  const auto state
    = std::make_shared<const events::pull_request_state>(std::move(*facts));
  ask_model judge{{log, policy, nullptr, model, {"other"}, ledger, {}}};
  work job;
  job.stream = stream;
  job.state = state;
  judge.perform(job);
  EXPECT_EQ(model->asked.size(), 2u);
}

TEST_F(ask_model_test, KeepsWhatAnUnreadableAnswerCost) {
  model->says("I think it is faster.").says(no);
  const auto x = attempt();
  EXPECT_EQ(events::code_of(x.failure), ec::malformed);
  EXPECT_EQ(x.cost.cost_usd, 0.01);
  EXPECT_TRUE(x.failure_log);
  EXPECT_THAT(trail(),
              ElementsAre("Scraped", "ModelAnswered", "AttemptFailed"));
  // It is asked anew: another answer may be better.
  EXPECT_FALSE(answer_in(attempt()).performance);
  EXPECT_EQ(model->asked.size(), 2u);
}

TEST_F(ask_model_test, TellsFailuresOfAnAnswerApart) {
  model->says("{\"label\": \"Y", "length");
  EXPECT_EQ(events::code_of(attempt().failure), ec::answer_cut);
  model->script.clear();
  model->says("I cannot", "content_filter");
  EXPECT_EQ(events::code_of(attempt().failure), ec::declined);
  // A whole label in an answer that was cut is no answer.
  model->script.clear();
  model->says(no, "length");
  EXPECT_EQ(events::code_of(attempt().failure), ec::answer_cut);
}

TEST_F(ask_model_test, ShortensOnceWhatIsTooLong) {
  model->fails(ec::too_long, "maximum context length").says(no);
  const auto x = attempt();
  ASSERT_FALSE(x.failure);
  EXPECT_EQ(x.cost.calls, 2u);
  EXPECT_LT(model->asked[1].user.size(), model->asked[0].user.size() + 200);
  EXPECT_THAT(model->asked[1].user, HasSubstr("the diff is cut here"));
  // Its answer is known again, under the shorter question.
  attempt();
  EXPECT_EQ(model->asked.size(), 2u);
}

TEST_F(ask_model_test, GivesUpOnWhatStaysTooLong) {
  model->fails(ec::too_long, "maximum context length");
  const auto x = attempt();
  EXPECT_EQ(events::code_of(x.failure), ec::too_long);
  EXPECT_EQ(model->asked.size(), 2u);
}

TEST_F(ask_model_test, AsksNobodyAfterMoneyRanOut) {
  model->fails(ec::no_money, "insufficient_quota");
  const auto x = attempt();
  EXPECT_EQ(events::code_of(x.failure), ec::no_money);
  EXPECT_TRUE(x.failure_log);
  const auto next = attempt();
  EXPECT_FALSE(next.failure);
  ASSERT_TRUE(next.deferral);
  EXPECT_EQ(next.deferral->cause, "no_money");
  EXPECT_EQ(model->asked.size(), 1u);
}

TEST_F(ask_model_test, DefersWhatTheBudgetDoesNotAllow) {
  ledger = std::make_shared<judge_ledger>(judge_budget{0.0, std::nullopt});
  ledger->close("budget");
  const auto x = attempt();
  ASSERT_TRUE(x.deferral);
  EXPECT_EQ(x.deferral->cause, "budget");
  EXPECT_EQ(x.deferral->stage, "classify_prs");
  EXPECT_FALSE(x.failure);
  EXPECT_THAT(model->asked, IsEmpty());
}

TEST_F(ask_model_test, SaysThatTheCategoryIsUnknownWhenNoAttemptIsLeft) {
  model->says(yes).says(
    R"({"category": "make_it_fast", "difficulty": "easy"})");
  attempt();
  // Three attempts by the shipped policy.
  EXPECT_EQ(events::code_of(attempt().failure), ec::malformed);
  EXPECT_EQ(events::code_of(attempt().failure), ec::malformed);
  const auto last = attempt();
  ASSERT_FALSE(last.failure);
  const auto answer = answer_in(last);
  EXPECT_TRUE(answer.performance);
  EXPECT_EQ(answer.category, "uncategorized");
  EXPECT_EQ(answer.difficulty, "unknown");
  EXPECT_THAT(answer.reason, HasSubstr("make_it_fast"));
  EXPECT_THAT(answer.reason, HasSubstr("are not known"));
  EXPECT_EQ(model->asked.size(), 4u);
  EXPECT_THAT(trail(),
              ElementsAre("Scraped", "ModelAnswered", "ModelAnswered",
                          "AttemptFailed", "ModelAnswered", "AttemptFailed",
                          "ModelAnswered", "AttemptFailed", "Answered"));
}

TEST_F(ask_model_test, GivesNoCategoryToWhatWasNeverJudged) {
  model->says("prose");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(events::code_of(attempt().failure), ec::malformed);
}

TEST_F(ask_model_test, LeavesItOpenWhenTheSecondPassCannotBeAsked) {
  model->says(yes).fails(ec::unavailable, "down");
  attempt();
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(events::code_of(attempt().failure), ec::unavailable);
}

TEST_F(ask_model_test, RefusesADamagedLog) {
  auto facts = samples::scraped();
  facts.diff = {events::sha256(events::as_bytes("absent")), 6};
  stream = "pr/a/b#1";
  store(*log, {events::make_event(facts)}, {});
  EXPECT_EQ(events::code_of(attempt().failure), ec::not_found);
  EXPECT_THAT(model->asked, IsEmpty());
}

} // namespace
} // namespace fc::actors
