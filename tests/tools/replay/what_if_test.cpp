#include "tests/support/corpus/corpus.hpp"
#include "tests/support/samples.hpp"
#include "tests/tools/replay/program.hpp"
#include "tools/replay/text.hpp"

#include <nlohmann/json.hpp>

namespace fc::replay {

using nlohmann::json;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

/// The program on a corpus of its own, which commits may change.
struct what_if : program {
  void SetUp() override {
    const auto mine = *folder / "corpus";
    std::filesystem::remove_all(mine);
    auto log = events::log::open_rocksdb_log({mine});
    ASSERT_TRUE(log) << describe(log.error());
    support::corpus_options options;
    options.pull_requests = 400;
    const auto done = support::write_corpus(**log, options);
    ASSERT_TRUE(done) << describe(done.error());
  }

  /// The shipped policy with a piece exchanged, as a file.
  static std::string
  policy_file(const std::string& from = {}, const std::string& to = {}) {
    std::string text{events::policy::shipped_policy()};
    const auto at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    const auto path = *folder / "policy.toml";
    support::write_file(path, text);
    return path;
  }

  static outcome on_corpus(const std::string& words) {
    return run("--log " + (*folder / "corpus") + " " + words);
  }
  static outcome ask(const std::string& policy, const std::string& more = {}) {
    return on_corpus("--what-if " + policy + " " + more);
  }
  static events::position last() {
    const auto log = events::log::open_rocksdb_reader(*folder / "corpus");
    EXPECT_TRUE(log);
    return (*log)->last();
  }
};

TEST_F(what_if, TheSamePolicyChangesNothing) {
  const auto x = ask(policy_file());
  EXPECT_EQ(x.exit, 0) << x.err;
  EXPECT_THAT(x.out, HasSubstr("400 pull requests judged again"));
  EXPECT_THAT(x.out,
              HasSubstr("it is the same policy, and nothing would change"));
  const auto worded = ask(policy_file("[symbolic]", "# remark\n[symbolic]"));
  EXPECT_THAT(worded.out, HasSubstr("\nnothing would change\n"));
}

TEST_F(what_if, ShowsMatrixAndDecidingEvidence) {
  const auto before = last();
  const auto x = ask(policy_file("min_ratio = 1.05", "min_ratio = 1.6"));
  EXPECT_EQ(x.exit, 0) << x.err;
  EXPECT_THAT(x.out, HasSubstr("not reached  passed  rejected"));
  EXPECT_THAT(x.out, HasSubstr("no difference at: symbolic, judged, "
                               "environment, build"));
  EXPECT_THAT(x.out, HasSubstr("would be withdrawn"));
  EXPECT_THAT(x.out, HasSubstr("speedup: passed -> rejected"));
  EXPECT_THAT(x.out, HasSubstr("before: passed (published)"));
  EXPECT_THAT(x.out, HasSubstr("after:  no_speedup: "));
  EXPECT_EQ(last(), before);
}

TEST_F(what_if, FitsATerminal) {
  for (const auto& [from, to] :
       {std::pair{"strict = false", "strict = true"},
        std::pair{"confirm_pairs = 16", "confirm_pairs = 99"},
        std::pair{"Judge the code and not the words", "Judge the code"}}) {
    const auto x = ask(policy_file(from, to));
    std::istringstream lines{x.out};
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(width_of(line), page_width) << line;
  }
}

TEST_F(what_if, SaysWhatMissingEvidenceWouldCost) {
  const auto x
    = ask(policy_file("Judge the code and not the words", "Judge the code"));
  EXPECT_THAT(x.out, HasSubstr("evidence is missing for "));
  EXPECT_THAT(x.out, HasSubstr("needs a new answer of example-model-1"));
  EXPECT_THAT(x.out, HasSubstr(" calls, "));
  EXPECT_THAT(x.out, HasSubstr(" tokens, "));
  EXPECT_THAT(x.out, HasSubstr(" USD"));
}

TEST_F(what_if, SaysWhereNothingCanBeEstimated) {
  const auto young = *folder / "young";
  {
    auto log = events::log::open_rocksdb_log({young});
    auto facts = samples::scraped();
    facts.title = "Faster";
    facts.missing_objects.clear();
    facts.files = {{"src/geo.py", 3, 3}};
    facts.changed_files = 1;
    const stories::story rejected{
      events::stream_of(samples::pull_request()),
      {events::make_event(facts),
       events::make_verdict(
         events::symbolic_rejected{"diff.too_large", "by another policy"},
         stories::shipped().id)}};
    stories::write_in_turn(**log, {stories::adopted(), rejected});
  }
  const auto x = run("--log " + young + " --what-if " + policy_file());
  EXPECT_EQ(x.exit, 0) << x.err;
  EXPECT_THAT(x.out,
              HasSubstr("no such work in this log, cannot be estimated"));
}

TEST_F(what_if, JsonNamesAll) {
  const auto x
    = ask(policy_file("min_ratio = 1.05", "min_ratio = 1.6"), "--json");
  ASSERT_EQ(x.exit, 0) << x.err;
  const auto found = json::parse(x.out);
  EXPECT_EQ(found["pull_requests"], 400);
  EXPECT_EQ(found["changes"].size(), found["changed"].get<std::size_t>());
  EXPECT_EQ(found["gates"]["speedup"]["passed"]["rejected"],
            found["withdrawn"]);
  EXPECT_EQ(found["changes"][0]["after"]["rule"], "no_speedup");
}

TEST_F(what_if, CommitsOnceAndSaysSo) {
  const auto policy = policy_file("min_ratio = 1.05", "min_ratio = 1.6");
  const auto first = ask(policy, "--commit");
  EXPECT_EQ(first.exit, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("committed: the policy was adopted"));
  const auto after = last();
  const auto second = ask(policy, "--commit");
  EXPECT_THAT(second.out, HasSubstr("nothing was appended"));
  EXPECT_EQ(last(), after);
  EXPECT_THAT(on_corpus("--verify").out, HasSubstr("problems  0\n"));
  const auto back = ask(policy_file(), "--commit --json");
  ASSERT_EQ(back.exit, 0) << back.err;
  EXPECT_GT(json::parse(back.out)["committed"]["reopened"], 0);
  EXPECT_THAT(on_corpus("--verify").out, HasSubstr("problems  0\n"));
}

TEST_F(what_if, AKilledCommitIsCompletedByTheNext) {
  const auto policy = policy_file("strict = false", "strict = true");
  ASSERT_EQ(ask(policy, "--commit").exit, 0);
  const auto wanted = last();
  for (const auto* seconds : {"0.02", "0.04", "0.06", "0.08"}) {
    SetUp();
    run("--log " + (*folder / "corpus") + " --what-if " + policy + " --commit",
        std::string{"timeout -s KILL "} + seconds + " env -u FC_LOG");
    const auto again = ask(policy, "--commit");
    EXPECT_EQ(again.exit, 0) << again.err;
    EXPECT_EQ(last(), wanted) << "killed after " << seconds << " s";
    EXPECT_THAT(on_corpus("--verify").out, HasSubstr("problems  0\n"));
  }
}

TEST_F(what_if, ACommitNeedsTheLogForItself) {
  const auto holder = events::log::open_rocksdb_log({*folder / "corpus"});
  ASSERT_TRUE(holder);
  expect_refused(ask(policy_file(), "--commit"), 1, "already_in_use");
  EXPECT_EQ(ask(policy_file()).exit, 0) << "asking does not";
}

TEST_F(what_if, RefusesBadInputInOneLine) {
  expect_refused(ask(*folder / "absent.toml"), 1, "absent.toml");
  expect_refused(ask(folder->path().string()), 1, "cannot read the policy");
  expect_refused(ask(policy_file("min_ratio", "min_ration")), 1,
                 "gate.min_ration is not known");
  expect_refused(ask(policy_file("[gate]", "[gate")), 1, "policy.toml:");
  expect_refused(ask(policy_file(), "--repo example/other"), 1,
                 "no pull request of example/other");
  expect_refused(ask(policy_file(), "--since 2099-01-01"), 1,
                 "merged since 2099-01-01");
  expect_refused(run("--log " + (*folder / "none") + " --what-if "
                     + policy_file() + " --commit"),
                 1, "there is no log");
  EXPECT_FALSE(std::filesystem::exists(*folder / "none"));
}

TEST_F(what_if, RefusesWrongUsage) {
  const auto policy = policy_file();
  expect_refused(ask(policy, "--since yesterday"), 2,
                 "yesterday is not a date");
  expect_refused(ask(policy, "--repo nothing"), 2, "is not owner/name");
  expect_refused(ask(policy, "--commit --since 2020-01-01"), 2, "whole log");
  expect_refused(ask(policy, "--verify"), 2, "one command only");
  expect_refused(on_corpus("--verify --commit"), 2, "belong to --what-if");
  expect_refused(on_corpus("--funnel --all"), 2, "belong to --what-if");
  expect_refused(ask(policy, "--commit --repo a/b"), 2, "whole log");
}

} // namespace fc::replay
