#include "tests/projections/what_if/fixture.hpp"

/// What must hold for any two policies and any evidence.
namespace fc::projections::what_if {

namespace {

constexpr std::size_t pull_requests = 250;

/// Policies that differ from the shipped one at every gate.
const std::vector<std::pair<std::string, std::string>>& policies() {
  static const std::vector<std::pair<std::string, std::string>> all{
    {"shipped", text_with({})},
    {"strict titles", text_with({{"strict = false", "strict = true"}})},
    {"loose titles", text_with({{"\"docs\", ", ""}, {"\"typo\", ", ""}})},
    {"small diffs", text_with({{"max_lines = 80000", "max_lines = 60"}})},
    {"rules of the judge",
     text_with({{"\"pre-commit\", \"autoupdate\", \"bump\"",
                 "\"memory\", \"autoupdate\", \"bump\""}})},
    {"high ratio", text_with({{"min_ratio = 1.05", "min_ratio = 1.6"}})},
    {"ratio of medians",
     text_with({{"\n[gate]\n", "\n[gate]\nmethod = \"largest_ratio\"\n"}})},
    {"no sandbox", text_with({{"environments = [\"local-sandbox\"]",
                               "environments = [\"elsewhere\"]"}})},
    {"more attempts",
     text_with({{"synthesize_images = 2", "synthesize_images = 5"},
                {"same_fingerprint = 2", "same_fingerprint = 6"}})},
    {"one attempt",
     text_with({{"default_attempts = 3", "default_attempts = 1"},
                {"harbor_healthcheck = 3", "harbor_healthcheck = 1"}})},
  };
  return all;
}

/// Where a pull request ended. Published, and only to be published (again), are
/// one: a withdrawn task is published by the next run.
struct end {
  standings at{};
  std::string rule;

  bool operator==(const end&) const = default;
};

end end_of(standings at, std::string rule) {
  auto& last = at[static_cast<std::size_t>(gate::publish)];
  if (last == standing::passed)
    last = standing::open;
  return {at, std::move(rule)};
}

std::map<stream_name, end> ends_of(const log::log_reader& log) {
  std::map<stream_name, end> result;
  for (const auto& [stream, x] : all_of(log))
    result[stream] = end_of(standings_of(x.state), x.state.rule());
  return result;
}

/// The evidence of a stream alone: what carries no policy.
recorded_stream
evidence_of(const log::log_reader& log, const stream_name& stream) {
  recorded_stream whole;
  recorded_stream result;
  const auto records = log.read_stream(stream);
  for (const auto& at : *records) {
    EXPECT_FALSE(fold(whole, at));
    if (!at.policy) {
      EXPECT_FALSE(events::fold(result.state, at));
    }
  }
  result.trial_policy = whole.trial_policy;
  return result;
}

std::string text_of(const end& x) {
  std::string text;
  for (const auto at : x.at)
    text += std::string{to_text(at)} + ", ";
  return text + x.rule;
}

} // namespace

TEST(exchange, BackAgainEndsAsAtTheStart) {
  for (const auto& [a, text_a] : policies()) {
    const auto policy_a = parsed(text_a);
    for (const auto& [b, text_b] : policies()) {
      SCOPED_TRACE(a + " -> " + b + " -> " + a);
      const auto log = corpus_log(text_a, pull_requests, 3);
      const auto before = ends_of(*log);
      commit_all(*log, parsed(text_b));
      commit_all(*log, policy_a);
      const auto after = ends_of(*log);
      ASSERT_EQ(before.size(), pull_requests);
      for (const auto& [stream, x] : before)
        EXPECT_EQ(text_of(x), text_of(after.at(stream))) << stream;
      ASSERT_FALSE(HasFailure());
    }
  }
}

TEST(exchange, EndsAsTheEvidenceJudgedDirectly) {
  std::size_t compared = 0;
  for (const auto& [a, text_a] : policies())
    for (const auto& [b, text_b] : policies()) {
      SCOPED_TRACE(a + " -> " + b);
      const auto policy_b = parsed(text_b);
      const auto log = corpus_log(text_a, pull_requests, 4);
      const auto context = load_context(*log);
      ASSERT_TRUE(context);
      const judge by{policy_b, *context};
      std::map<stream_name, bool> lacking;
      for (const auto& [stream, x] : all_of(*log))
        lacking[stream] = !rejudge(x, by)->missing.empty();
      commit_all(*log, policy_b);
      for (const auto& [stream, x] : ends_of(*log)) {
        if (lacking[stream])
          continue;
        const auto direct = rejudge(evidence_of(*log, stream), by);
        ASSERT_TRUE(direct);
        EXPECT_EQ(text_of(x),
                  text_of(end_of(direct->after, direct->rule_after)))
          << stream;
        ++compared;
      }
      ASSERT_FALSE(HasFailure());
    }
  EXPECT_GT(compared, policies().size() * policies().size() * 150);
}

TEST(exchange, ASecondCommitAppendsNothing) {
  for (const auto& [name, text] : policies()) {
    SCOPED_TRACE(name);
    const auto log = corpus_log(text_with({}), pull_requests, 5);
    const auto p = parsed(text);
    const auto first = commit_all(*log, p);
    const auto last = log->last();
    const auto second = commit_all(*log, p);
    EXPECT_EQ(log->last(), last);
    EXPECT_FALSE(second.newly_adopted);
    EXPECT_EQ(second.pull_requests, 0U);
    EXPECT_EQ(second.adopted, first.adopted);
    const auto found = ask(*log, p, {});
    ASSERT_TRUE(found);
    EXPECT_EQ(found->superseded, 0U);
    EXPECT_EQ(found->changed, 0U);
    EXPECT_THAT(log::verify(*log).problems, testing::IsEmpty());
  }
}

TEST(exchange, ACommitThatWasCutShortIsCompletedByTheNext) {
  const auto p = policy_with({{"min_ratio = 1.05", "min_ratio = 1.6"},
                              {"strict = false", "strict = true"}});
  const auto whole = corpus_log(text_with({}), pull_requests, 6);
  commit_all(*whole, p);
  const auto log = corpus_log(text_with({}), pull_requests, 6);
  std::vector<stream_name> differing;
  ASSERT_TRUE(
    ask(*log, p, {}, [&](const stream_name& x) { differing.push_back(x); }));
  ASSERT_GT(differing.size(), 20U);
  differing.resize(differing.size() / 2);
  ASSERT_TRUE(commit(*log, p, "test.toml", differing));
  EXPECT_LT(log->last(), whole->last());
  commit_all(*log, p);
  EXPECT_EQ(log->last(), whole->last());
  EXPECT_EQ(ends_of(*log), ends_of(*whole));
  EXPECT_THAT(log::verify(*log).problems, testing::IsEmpty());
}

} // namespace fc::projections::what_if
