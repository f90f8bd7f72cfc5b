#include "tests/tools/replay/program.hpp"

#include <nlohmann/json.hpp>

namespace fc::replay {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct until : program {
  static std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }
  static json first_record() {
    const auto all = on_log("--dump").out;
    return json::parse(all.substr(0, all.find('\n')));
  }
};

TEST_F(until, CutsEveryCommand) {
  EXPECT_EQ(lines_of(on_log("--dump --until 9").out), 9U);
  const auto verified = on_log("--verify --until 9");
  EXPECT_EQ(verified.exit, 0) << verified.out;
  EXPECT_THAT(verified.out, HasSubstr("records   9\n"));
  const auto stream = on_log("--dump --stream 'pr/acme/geo#5' --until 14");
  EXPECT_EQ(lines_of(stream.out), 2U) << stream.out;
  const auto early = on_log("--audit 'acme/geo#5' --until 14");
  EXPECT_THAT(early.out, HasSubstr("outcome  open"));
  EXPECT_THAT(early.out, Not(HasSubstr("Published")));
  const auto x = on_log("--funnel --json --until 5");
  EXPECT_EQ(json::parse(x.out)["total"]["survived"]["seen"], 5);
}

TEST_F(until, IsTheWholeLogAtItsEnd) {
  const auto whole = on_log("--dump").out;
  const auto end = std::to_string(lines_of(whole));
  EXPECT_EQ(on_log("--dump --until " + end).out, whole);
  EXPECT_EQ(on_log("--dump --until 2199-01-01").out, whole);
}

TEST_F(until, DoesNotKnowWhatCameLater) {
  const auto x = on_log("--audit 'acme/geo#1' --until 3");
  expect_refused(x, 1, "acme/geo#1 is not in the log");
  EXPECT_THAT(x.err, HasSubstr("near it are acme/geo#5"));
  EXPECT_THAT(x.err, Not(HasSubstr("acme/geo#2,")));
  expect_refused(on_log("--dump --stream policy --until 3"), 1,
                 "no stream 'policy'");
}

TEST_F(until, RefusesPointsThatAreNone) {
  expect_refused(on_log("--funnel --until 0"), 1, "positions begin at 1");
  expect_refused(on_log("--funnel --until 99999"), 1, "the log ends at ");
  expect_refused(on_log("--funnel --until 2001-01-01"), 1,
                 "nothing was recorded until 2001-01-01 00:00:00 UTC; the log "
                 "begins ");
  for (const auto* bad : {"''", "yesterday", "-5", "2024-13-01", "1.5", "0x1"})
    expect_refused(on_log(std::string{"--funnel --until="} + bad), 2,
                   "--until");
  expect_refused(on_log("--funnel --until"), 2, "--until");
  for (const auto* command : {"--repair", "--backup x", "--restore x",
                              "--collect-garbage", "--catalogue"})
    expect_refused(on_log(std::string{command} + " --until 5"), 2,
                   "--until belongs to commands that only read the log");
}

TEST_F(until, ATimeIsTheLastRecordNotLater) {
  const auto first = first_record()["recorded_at"].get<std::string>();
  const auto day = first.substr(0, 10);
  // Its first moment lies before the log.
  expect_refused(on_log("--funnel --until " + day), 1, "the log begins ");
}

TEST_F(until, BuildsTheTablesAsTheyWere) {
  const auto early = *folder / "early.sqlite";
  const auto grown = *folder / "grown.sqlite";
  const auto whole = *folder / "whole.sqlite";
  ASSERT_EQ(on_log("--project sqlite --until 12 --to " + early).exit, 0);
  ASSERT_EQ(on_log("--project sqlite --until 12 --to " + grown).exit, 0);
  EXPECT_EQ(support::read_file(early), support::read_file(grown));
  ASSERT_EQ(on_log("--project sqlite --to " + whole).exit, 0);
  // What is cut is followed to the end like any other.
  const auto x = on_log("--project sqlite --follow --once --to " + grown);
  ASSERT_EQ(x.exit, 0) << x.err;
  EXPECT_THAT(x.err, HasSubstr(", 0 behind"));
  EXPECT_NE(support::read_file(early), support::read_file(whole));
}

TEST_F(until, DoesNotGoWithFollowing) {
  const auto file = *folder / "ahead.sqlite";
  ASSERT_EQ(on_log("--project sqlite --to " + file).exit, 0);
  const auto before = support::read_file(file);
  expect_refused(on_log("--project sqlite --follow --until 12 --to " + file), 2,
                 "--until does not go with --follow");
  EXPECT_EQ(support::read_file(file), before);
  ASSERT_EQ(on_log("--project sqlite --until 12 --to " + file).exit, 0);
  EXPECT_NE(support::read_file(file), before);
}

TEST_F(until, DoesNotTakeADatasetBack) {
  const auto to = *folder / "dataset-until";
  ASSERT_EQ(on_log("--project parquet --to " + to).exit, 0);
  expect_refused(on_log("--project parquet --until 12 --to " + to), 1, to);
}

} // namespace fc::replay
