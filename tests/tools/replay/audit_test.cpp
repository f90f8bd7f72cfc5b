#include "events/policy/gate.hpp"
#include "tests/support/samples.hpp"
#include "tests/tools/replay/program.hpp"
#include "tools/replay/text.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace fc::replay {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct audit : program {
  /// The text of an audit, which must fit the page.
  static std::string of(int number) {
    const auto x = on_log("--audit 'acme/geo#" + std::to_string(number) + "'");
    EXPECT_EQ(x.exit, 0) << x.err;
    std::istringstream from{x.out};
    for (std::string line; std::getline(from, line);)
      EXPECT_LE(width_of(line), page_width) << line;
    EXPECT_THAT(x.out, Not(HasSubstr("\x1b")));
    return x.out;
  }
};

TEST_F(audit, BeginsWithTheFacts) {
  const auto text = of(5);
  EXPECT_THAT(text, testing::StartsWith("acme/geo#5\n"));
  EXPECT_THAT(text, HasSubstr("Vectorise the grid, größer ≥ 2×"));
  EXPECT_THAT(text, HasSubstr("merged   2024-04-06 11:30:00 UTC"));
  EXPECT_THAT(text, HasSubstr("bbbbbbbbbbbb .. cccccccccccc"));
  EXPECT_THAT(text, HasSubstr("outcome  published in 2024-04"));
}

TEST_F(audit, NamesRulePolicyAndLimits) {
  const auto text = of(1);
  EXPECT_THAT(text, HasSubstr("SymbolicRejected  policy "
                              + short_digest(stories::shipped().id)));
  EXPECT_THAT(text, HasSubstr("rejected by rule title: the title names"));
  EXPECT_THAT(text, HasSubstr("rule title: The title has a term"));
  EXPECT_THAT(text, HasSubstr("what to do (docs/rules.md): Change"));
  EXPECT_THAT(text, HasSubstr("limits: files fewer than 500"));
  EXPECT_THAT(text, HasSubstr("\nRejected at scrape_commits by rule title: "));
}

TEST_F(audit, TellsWhatTheJudgeSaid) {
  const auto text = of(2);
  EXPECT_THAT(text, HasSubstr(samples::answered().judge + " says: "));
  EXPECT_THAT(text, HasSubstr("performance work: no"));
  EXPECT_THAT(text, HasSubstr("because: only tests change"));
}

TEST_F(audit, ShowsTheSideThatDidNotBuild) {
  const auto text = of(3);
  EXPECT_THAT(text, HasSubstr("head aaaaaaaaaaaa FAILED after 12.5 s"));
  EXPECT_THAT(text, HasSubstr("error: error: command 'gcc' failed"));
  EXPECT_THAT(text, HasSubstr("\nRejected at synthesize_images by rule "
                              "build.head: "));
}

TEST_F(audit, ShowsBenchmarksPairsAndGuards) {
  const auto text = of(5);
  EXPECT_THAT(text, HasSubstr("bench_grid.Grid.time_build(1000)"));
  EXPECT_THAT(text, HasSubstr("20.0 ms"));
  EXPECT_THAT(text, HasSubstr("2.000x     20  function  confirmed"));
  EXPECT_THAT(text, HasSubstr("left out: the time allowed ran out"));
  EXPECT_THAT(text, HasSubstr("base / patched  1.980x ["));
  EXPECT_THAT(text, HasSubstr("geomean"));
  EXPECT_THAT(text, HasSubstr("p adjusted"));
  EXPECT_THAT(text, HasSubstr("(A/A floor)"));
  EXPECT_THAT(text, HasSubstr("\nPublished because bench_grid"));
}

/// Regression: "confirmed" stood beside a candidate that did not hold.
TEST_F(audit, SaysConfirmedOnlyOfWhatHeld) {
  const auto folder_of = support::temp_dir{};
  const auto log = folder_of / "log";
  {
    auto made = events::log::open_rocksdb_log({log});
    ASSERT_TRUE(made) << describe(made.error());
    auto story = stories::published_one();
    story.events.resize(9); // up to the image
    story.events.push_back(stories::trial_event("bench.time_build", 1.045));
    const auto trial
      = events::decode(story.events.back().payload, events::trialled::version,
                       std::type_identity<events::trialled>{});
    ASSERT_TRUE(trial) << describe(trial.error());
    story.events.push_back(events::make_verdict(
      events::policy::judge_speedup(*trial, stories::shipped()),
      stories::shipped().id));
    stories::write_in_turn(**made, {stories::adopted(), story});
  }
  const auto x = run("--log " + log + " --audit 'acme/geo#5'");
  ASSERT_EQ(x.exit, 0) << x.err;
  EXPECT_THAT(x.out, HasSubstr("not confirmed"));
  EXPECT_THAT(x.out, HasSubstr("confirmed pairs taken, did not hold: "));
  EXPECT_THAT(x.out, Not(HasSubstr("function  confirmed")));
}

TEST_F(audit, NamesWhatIsNotHonouredAndHowMuchOfTheSuiteWasSeen) {
  const auto text = of(5);
  EXPECT_THAT(text, HasSubstr("of the suite 4 of 4 modules could be imported"));
  EXPECT_THAT(
    text, HasSubstr("not honoured: " + samples::trialled().ignored.front()));
  EXPECT_THAT(text, HasSubstr("not honoured: "
                              + samples::resolved().ignored_settings.front()));
  EXPECT_THAT(text,
              HasSubstr("measured with: " + samples::trialled().instrument));
  const auto x = on_log("--audit 'acme/geo#5' --json");
  ASSERT_EQ(x.exit, 0) << x.err;
  const auto trial = json::parse(x.out)["events"][9];
  EXPECT_EQ(trial["summary"][0]["result"], "confirmed");
  EXPECT_EQ(trial["summary"][3]["result"], "error");
  EXPECT_NE(x.out.find(samples::trialled().ignored.front()), std::string::npos);
}

TEST_F(audit, SaysWhyABenchmarkIsInadmissible) {
  const auto text = of(4);
  EXPECT_THAT(text, HasSubstr("inadmissible: "));
  EXPECT_THAT(text, HasSubstr("\nRejected at harbor_healthcheck by rule "));
}

TEST_F(audit, PutsBenchmarksThatFailAlikeOnOneLine) {
  const auto text = of(5);
  EXPECT_THAT(text, HasSubstr("2 other benchmarks, error: MemoryError "
                              "(bench_large.time_one, ...)"));
  EXPECT_THAT(text, Not(HasSubstr("bench_large.time_two")));
}

TEST_F(audit, TellsFailedWorkFromAVerdict) {
  const auto text = of(6);
  EXPECT_THAT(text, HasSubstr("outcome  failed at resolve_packages without "
                              "a verdict (attempts)"));
  EXPECT_THAT(text, HasSubstr("waits until 2024-05-06 07:08:09 UTC"));
  EXPECT_THAT(text, HasSubstr("\nFailed at resolve_packages because the work "
                              "could not be done"));
}

TEST_F(audit, TellsWhatIsStillToDo) {
  EXPECT_THAT(of(7), HasSubstr("Still open: the next stage is classify_prs."));
}

TEST_F(audit, AsJsonHasTheSame) {
  const auto x = on_log("--audit 'acme/geo#5' --json");
  ASSERT_EQ(x.exit, 0) << x.err;
  const auto all = json::parse(x.out);
  EXPECT_EQ(all["pull_request"], "acme/geo#5");
  EXPECT_EQ(all["outcome"], "published");
  ASSERT_EQ(all["events"].size(), 12U);
  const auto& trial = all["events"][9];
  EXPECT_EQ(trial["event"], "Trialled");
  EXPECT_EQ(trial["summary"][0]["pairs"], 20);
  EXPECT_NEAR(trial["summary"][0]["ratio"].get<double>(), 2, 0.01);
  EXPECT_TRUE(trial["summary"][2]["ratio"].is_null());
  EXPECT_EQ(all["policies"][stories::shipped().id.hex()],
            stories::shipped().text);
  EXPECT_THAT(all["conclusion"].get<std::string>(),
              testing::StartsWith("Published because"));
}

TEST_F(audit, SuggestsNeighboursOfAnUnknownPullRequest) {
  const auto x = on_log("--audit 'acme/geo#77'");
  expect_refused(x, 1, "acme/geo#77 is not in the log");
  EXPECT_THAT(x.err, HasSubstr("acme/geo#7, acme/geo#6, acme/geo#5"));
  EXPECT_THAT(x.err,
              HasSubstr("--windows and --repositories show what was read"));
}

TEST_F(audit, NamesKnownRepositoriesForAnUnknownOne) {
  expect_refused(on_log("--audit 'nobody/nothing#1'"), 1, "it knows acme/geo");
}

TEST_F(audit, RefusesWhatIsNoPullRequest) {
  for (const auto* bad : {"acme", "acme/geo", "'acme/geo#x'", "'#3'"})
    expect_refused(on_log(std::string{"--audit "} + bad), 1, "");
}

} // namespace fc::replay
