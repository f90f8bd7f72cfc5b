#include "tests/support/samples.hpp"
#include "tests/tools/replay/program.hpp"
#include "tools/replay/text.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace fc::replay {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct reports : program {
  /// What is printed, which must fit the page.
  static std::string text_of(const std::string& words) {
    const auto x = on_log(words);
    EXPECT_EQ(x.exit, 0) << x.err;
    std::istringstream from{x.out};
    for (std::string line; std::getline(from, line);)
      EXPECT_LE(width_of(line), page_width) << line;
    return x.out;
  }
  static json json_of(const std::string& words) {
    const auto x = on_log(words + " --json");
    EXPECT_EQ(x.exit, 0) << x.err;
    return json::parse(x.out);
  }
  static std::string last_position() {
    const auto all = on_log("--dump").out;
    return std::to_string(std::count(all.begin(), all.end(), '\n'));
  }
};

TEST_F(reports, GroupFailures) {
  const auto text = text_of("--failures");
  EXPECT_THAT(text, HasSubstr("2 failures of 1 kind, 1 pull request given up"));
  EXPECT_THAT(text, HasSubstr("2 times, 1 pull request, 1 given up; "
                              "fingerprint "));
  EXPECT_THAT(text, HasSubstr("stage    resolve_packages (unavailable)"));
  EXPECT_THAT(text, HasSubstr("acme/geo#6"));
  EXPECT_THAT(text, HasSubstr("message  no matching distribution at 12:00:01"));
  const auto all = json_of("--failures");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0]["count"], 2);
  EXPECT_EQ(all[0]["causes"]["unavailable"], 2);
  EXPECT_EQ(all[0]["first"]["pull_request"], "acme/geo#6");
}

TEST_F(reports, SayWhatAPublishedTaskCost) {
  const auto text = text_of("--spend");
  EXPECT_THAT(text, HasSubstr("classify_prs      1  12.5 s"));
  EXPECT_THAT(text, HasSubstr("no pull request    -      1  12.5 s"));
  EXPECT_THAT(text, HasSubstr("one published task, of 1:"));
  EXPECT_THAT(text, HasSubstr("failures included  12.5 s"));
  const auto all = json_of("--spend");
  EXPECT_EQ(all["published"], 1);
  EXPECT_EQ(all["per_published"]["wall_seconds"], 12.5);
  EXPECT_EQ(all["per_published_alone"]["wall_seconds"], 0);
  EXPECT_EQ(all["repositories"]["acme/geo"]["published"], 1);
}

TEST_F(reports, SayThatNothingIsPublishedInsteadOfDividing) {
  const auto words = std::string{"--spend --until 15"};
  EXPECT_THAT(text_of(words), HasSubstr("nothing is published"));
  EXPECT_TRUE(json_of(words)["per_published"].is_null());
}

TEST_F(reports, ShowWindowsThatDoNotMatchFirst) {
  const auto text = text_of("--windows");
  EXPECT_THAT(text, testing::StartsWith("DO NOT MATCH: 1 of 1 window;"));
  EXPECT_THAT(text, HasSubstr("missing: #4712; one could not be read"));
  EXPECT_THAT(text, HasSubstr("never reconciled: "));
  const auto all = json_of("--windows");
  EXPECT_EQ(all["mismatches"], 1);
  EXPECT_EQ(all["windows"][0]["counted"], 12);
  EXPECT_EQ(all["windows"][0]["stored"], 11);
  EXPECT_EQ(all["windows"][0]["missing"][0], "#4712");
}

TEST_F(reports, SayWhatCameOfEachRepository) {
  const auto text = text_of("--repositories");
  EXPECT_THAT(
    text, testing::StartsWith("2 repositories, 1 excluded, 0 tried and never"));
  EXPECT_THAT(text, HasSubstr("excluded (" + samples::repository_excluded().rule
                              + "): "));
  EXPECT_THAT(text, HasSubstr("1 window DO NOT MATCH, see --windows"));
  const auto all = json_of("--repositories");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["repository"], "acme/geo");
  EXPECT_EQ(all[0]["stored"], 7);
  EXPECT_EQ(all[0]["published"], 1);
  EXPECT_EQ(all[1]["excluded"]["rule"], samples::repository_excluded().rule);
  EXPECT_TRUE(all[1]["renamed_to"].is_null());
  EXPECT_EQ(json_of("--repositories --repo acme/geo").size(), 1U);
}

TEST_F(reports, TellWhoMovedAndWhy) {
  const auto text = text_of("--diff 0 " + last_position());
  EXPECT_THAT(text, testing::StartsWith("7 pull requests moved between"));
  EXPECT_THAT(text, HasSubstr("1  not there -> published\n"));
  EXPECT_THAT(text, HasSubstr("acme/geo#2: not there -> rejected at "
                              "classify_prs (judge)\n"));
  EXPECT_THAT(text, HasSubstr(", Classified, policy "
                              + short_digest(stories::shipped().id)
                              + ": only tests change"));
  const auto all = json_of("--diff 12 " + last_position());
  EXPECT_EQ(all["from"], 12);
  ASSERT_FALSE(all["moves"].empty());
  std::size_t counted_moves = 0;
  for (const auto& each : all["counts"])
    counted_moves += each["pull_requests"].get<std::size_t>();
  EXPECT_EQ(counted_moves, all["moves"].size());
  EXPECT_EQ(all["moves"][0]["pull_request"], "acme/geo#1");
  EXPECT_EQ(all["moves"][0]["from"]["outcome"], "open");
  EXPECT_EQ(all["moves"][0]["to"]["rule"], "title");
  EXPECT_EQ(all["moves"][0]["event"], "SymbolicRejected");
}

TEST_F(reports, TellOfNoMoves) {
  EXPECT_EQ(text_of("--diff 5 5"),
            "0 pull requests moved between position 5 and 5\n");
  EXPECT_EQ(text_of("--diff 2199-01-01 2200-01-01").substr(0, 22),
            "0 pull requests moved ");
}

TEST_F(reports, RefuseADifferenceThatIsNone) {
  expect_refused(on_log("--diff 5 4"), 1, "name the earlier one first");
  expect_refused(on_log("--diff 1 99999"), 1, "the log ends at ");
  expect_refused(on_log("--diff 1"), 2, "--diff");
  expect_refused(on_log("--diff 1 soon"), 2, "'soon' is neither");
}

TEST_F(reports, AreOfOneRepository) {
  EXPECT_EQ(json_of("--funnel --repo acme/geo")["total"]["survived"]["seen"],
            7);
  EXPECT_EQ(json_of("--failures --repo acme/geo").size(), 1U);
  EXPECT_EQ(json_of("--spend --repo acme/geo")["total"]["steps"], 0);
  EXPECT_EQ(json_of("--windows --repo acme/geo")["windows"].size(), 1U);
  EXPECT_EQ(json_of("--diff 0 20 --repo acme/geo")["moves"].size(), 7U);
  const auto other = samples::repo().str();
  EXPECT_EQ(json_of("--failures --repo " + other).size(), 0U);
  EXPECT_EQ(json_of("--windows --repo " + other)["windows"].size(), 0U);
}

TEST_F(reports, RefuseARepositoryTheyDoNotKnow) {
  for (const auto* report :
       {"--funnel", "--failures", "--spend", "--windows", "--diff 0 9"})
    expect_refused(on_log(std::string{report} + " --repo no/where"), 1,
                   "repository no/where is not in the log");
  expect_refused(on_log("--funnel --repo nowhere"), 2, "'nowhere'");
}

} // namespace fc::replay
