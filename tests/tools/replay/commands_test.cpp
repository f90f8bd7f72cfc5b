#include "events/catalog.hpp"
#include "events/policy/rules.hpp"
#include "tests/support/samples.hpp"
#include "tests/tools/replay/program.hpp"

#include <nlohmann/json.hpp>

#include <sstream>

namespace fc::replay {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;

struct commands : program {
  static std::vector<json> lines(const std::string& text) {
    std::vector<json> result;
    std::istringstream from{text};
    for (std::string line; std::getline(from, line);)
      result.push_back(json::parse(line));
    return result;
  }
};

TEST_F(commands, VerifyCountsAndFindsNothing) {
  const auto x = on_log("--verify");
  EXPECT_EQ(x.exit, 0) << x.out << x.err;
  EXPECT_THAT(x.out, HasSubstr("records   "));
  EXPECT_THAT(x.out, HasSubstr("problems  0\n"));
}

TEST_F(commands, VerifyNamesProblems) {
  const auto bad = *folder / "bad-log";
  {
    auto log = events::log::open_rocksdb_log({bad});
    ASSERT_TRUE(log);
    // The blobs it refers to are not stored.
    const auto story = stories::still_open();
    const auto done
      = (*log)->append({{story.stream, 0, story.events}}, {}, {"run", "n"});
    if (!done || done->front().failure)
      return; // The log itself refuses such an append.
  }
  const auto x = run("--verify --log " + bad);
  EXPECT_EQ(x.exit, 1);
  EXPECT_THAT(x.out, HasSubstr("problems  2\n"));
  EXPECT_THAT(x.out, HasSubstr(samples::scraped().diff.id.hex()));
  EXPECT_THAT(x.out, HasSubstr(samples::scraped().issue_texts.id.hex()));
}

TEST_F(commands, DumpHasEveryRecordInOrder) {
  const auto x = on_log("--dump");
  ASSERT_EQ(x.exit, 0) << x.err;
  const auto all = lines(x.out);
  std::size_t expected = 0;
  for (const auto& story : stories::all())
    expected += story.events.size();
  ASSERT_EQ(all.size(), expected);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(all[i]["position"], i + 1);
}

TEST_F(commands, DumpOfAStreamHasOnlyThat) {
  const auto x = on_log("--dump --stream 'pr/acme/geo#2'");
  ASSERT_EQ(x.exit, 0) << x.err;
  const auto all = lines(x.out);
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0]["event"], "Scraped");
  EXPECT_EQ(all[3]["payload"]["explanation"], "only tests change");
  expect_refused(on_log("--dump --stream nothing"), 1, "no stream 'nothing'");
}

TEST_F(commands, FunnelAsText) {
  const auto x = on_log("--funnel");
  ASSERT_EQ(x.exit, 0) << x.err;
  EXPECT_THAT(x.out, HasSubstr("acme/geo    2024-03     4"));
  EXPECT_THAT(x.out, HasSubstr("total                   7"));
  EXPECT_THAT(x.out, HasSubstr("build.head"));
  EXPECT_THAT(x.out, HasSubstr("(still open)"));
}

TEST_F(commands, FunnelAsJson) {
  const auto x = on_log("--funnel --json");
  ASSERT_EQ(x.exit, 0) << x.err;
  const auto all = json::parse(x.out);
  EXPECT_EQ(all["total"]["survived"]["seen"], 7);
  EXPECT_EQ(all["total"]["stopped"]["built"]["build.head"], 1);
  EXPECT_EQ(all["groups"].size(), 2U);
  EXPECT_EQ(all["groups"][1]["month"], "2024-04");
}

TEST_F(commands, ProjectSqliteTwiceGivesTheSame) {
  const auto file = *folder / "tables.sqlite";
  const auto first = on_log("--project sqlite --to " + file);
  ASSERT_EQ(first.exit, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("tables sha256 "));
  const auto bytes = support::read_file(file);
  std::filesystem::remove(file);
  EXPECT_EQ(on_log("--project sqlite --to " + file).out, first.out);
  EXPECT_EQ(support::read_file(file), bytes);
  const auto followed = on_log("--project sqlite --follow --once --to " + file);
  // Regression: how far behind it is went where results go.
  EXPECT_EQ(followed.out, "");
  EXPECT_THAT(followed.err,
              AllOf(HasSubstr("followed " + file), HasSubstr(", 0 behind")));
  EXPECT_EQ(support::read_file(file), bytes);
}

TEST_F(commands, ProjectSqliteRefusesOtherFiles) {
  const auto file = *folder / "precious.txt";
  support::write_file(file, std::string(600, 'p'));
  expect_refused(on_log("--project sqlite --to " + file), 1, file);
  EXPECT_EQ(support::read_file(file), std::string(600, 'p'));
  expect_refused(on_log("--project sqlite --to /absent/x.sqlite"), 1,
                 "/absent");
}

TEST_F(commands, ProjectParquetWritesTheDataset) {
  const auto to = *folder / "dataset";
  const auto x = on_log("--project parquet --to " + to);
  ASSERT_EQ(x.exit, 0) << x.err;
  EXPECT_TRUE(
    std::filesystem::exists(to + "/data/formulacode@2024-04.parquet"));
  EXPECT_THAT(x.out, HasSubstr("rows      1\n"));
}

TEST_F(commands, ProjectFoldersHaveTheContentOfTheSqliteFile) {
  const auto last_line = [](const outcome& x) {
    const auto at = x.out.rfind('\n', x.out.size() - 2);
    return x.out.substr(at + 1);
  };
  const auto one = on_log("--project sqlite --to " + (*folder / "one.sqlite"));
  for (const std::string kind : {"jsonl", "parquet-tables"}) {
    const auto to = *folder / kind;
    const auto words = "--project " + kind + " --to " + to;
    const auto x = on_log(words);
    ASSERT_EQ(x.exit, 0) << x.err;
    EXPECT_THAT(x.out, HasSubstr("rebuilt " + to + " up to position "));
    EXPECT_EQ(last_line(x), last_line(one));
    const auto manifest = support::read_file(to + "/manifest.json");
    EXPECT_EQ(on_log(words).out, x.out);
    EXPECT_EQ(support::read_file(to + "/manifest.json"), manifest);
  }
  EXPECT_EQ(
    lines(support::read_file(*folder / "jsonl/pull_requests.jsonl")).size(),
    7U);
  expect_refused(on_log("--project jsonl --to " + (*folder / "parquet-tables")),
                 1, "has tables as parquet");
  expect_refused(on_log("--project jsonl --to " + path), 1, path);
}

TEST_F(commands, ProjectFoldersAsTheLogWas) {
  const auto to = *folder / "early";
  const auto x = on_log("--project jsonl --until 3 --to " + to);
  ASSERT_EQ(x.exit, 0) << x.err;
  EXPECT_THAT(x.out, HasSubstr("up to position 3\n"));
}

TEST_F(commands, CatalogueListsEveryEvent) {
  const auto x = run("--catalogue");
  ASSERT_EQ(x.exit, 0) << x.err;
  for (const auto& each : events::catalog)
    EXPECT_THAT(x.out, HasSubstr("| " + std::to_string(each.tag) + " | "));
  EXPECT_THAT(x.out, HasSubstr("| `benchmarks` | list of benchmark_trial |"));
}

TEST_F(commands, RulesListEveryRule) {
  const auto x = run("--rules");
  ASSERT_EQ(x.exit, 0) << x.err;
  for (const auto part : events::policy::rules::all)
    for (const auto* each : part)
      EXPECT_THAT(x.out, HasSubstr("| `" + std::string{each->id} + "` | "));
  const auto file = *folder / "rules.md";
  support::write_file(file, x.out + "more\n");
  expect_refused(run("--rules --check " + file), 1,
                 "write it again with fcreplay --rules");
}

TEST_F(commands, CatalogueIsComparedWithAFile) {
  const auto file = *folder / "events.md";
  support::write_file(file, run("--catalogue").out);
  const auto same = run("--catalogue --check " + file);
  EXPECT_EQ(same.exit, 0) << same.err;
  EXPECT_EQ(same.out, "");
  support::write_file(file, support::read_file(file) + "more\n");
  expect_refused(run("--catalogue --check " + file), 1, "out of date");
  support::write_file(file, "");
  expect_refused(run("--catalogue --check " + file), 1, "line 1");
  expect_refused(run("--catalogue --check /absent.md"), 1, "/absent.md");
}

} // namespace fc::replay
