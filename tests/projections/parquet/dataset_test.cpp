#include "projections/parquet/dataset.hpp"
#include "projections/parquet/folder_lock.hpp"
#include "tests/projections/parquet/files.hpp"
#include "tests/projections/parquet/peer.hpp"
#include "tests/projections/parquet/published_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace fc::projections::parquet {

namespace {

using events::code_of;
using events::describe;
using events::ec;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class dataset : public testing::Test {
protected:
  events::expected<dataset_report> write(events::position until = 0) {
    dataset_options options;
    options.until = until;
    return write_dataset(source.log(), folder.path().string(), options);
  }

  void write_well() {
    const auto report = write();
    ASSERT_TRUE(report) << describe(report.error());
  }

  /// Bytes and times of all files.
  std::map<std::string, std::pair<std::string, std::int64_t>> snapshot() const {
    std::map<std::string, std::pair<std::string, std::int64_t>> result;
    for (const auto& x :
         std::filesystem::recursive_directory_iterator{folder.path()})
      if (x.is_regular_file())
        result[x.path().string()]
          = {slurp(x.path().string()),
             x.last_write_time().time_since_epoch().count()};
    return result;
  }

  std::string month(const std::string& name) const {
    return folder / ("data/formulacode@" + name + ".parquet");
  }

  published_log source;
  scratch_folder folder;
};

TEST_F(dataset, HasOneFileAMonthOfMerge) {
  source.measure_and_publish("b/x#2", "2024-01-31T23:59:59Z");
  source.measure_and_publish("b/x#10", "2024-01-01");
  source.measure_and_publish("a/y#3", "2024-01-15");
  source.measure_and_publish("a/y#4", "2024-02-01");
  source.measure("a/y#5", "2024-03-01"); // never published
  const auto report = write();
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->rows, 4U);
  EXPECT_EQ(report->until, source.log().last());
  EXPECT_THAT(report->written, ElementsAre("2024-01", "2024-02"));
  EXPECT_THAT(folder.names("data"), ElementsAre("formulacode@2024-01.parquet",
                                                "formulacode@2024-02.parquet"));
  EXPECT_THAT(folder.names(), ElementsAre("README.md", "data", "verified"));
  const auto info = read_info(month("2024-01"));
  ASSERT_TRUE(info) << describe(info.error());
  EXPECT_EQ(info->rows, 3);
  EXPECT_EQ(info->columns.size(), dataset_columns().size());
  const auto& index = info->metadata.at("fc.index");
  EXPECT_LT(index.find("a__y-3 "), index.find("b__x-2 "));
  EXPECT_LT(index.find("b__x-2 "), index.find("b__x-10 "));
}

TEST_F(dataset, IsUntouchedWhenNothingChanged) {
  source.measure_and_publish("a/y#3", "2024-01-15");
  write_well();
  const auto before = snapshot();
  const auto report = write();
  ASSERT_TRUE(report);
  EXPECT_THAT(report->written, IsEmpty());
  EXPECT_THAT(report->untouched, ElementsAre("2024-01"));
  EXPECT_EQ(snapshot(), before);
}

TEST_F(dataset, GrowsByMonthsAndWithinAMonth) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  source.measure_and_publish("b/x#3", "2024-02-15");
  write_well();
  const auto before = snapshot();
  source.measure_and_publish("a/y#1", "2024-02-01");
  source.measure_and_publish("a/y#2", "2024-03-01");
  const auto report = write();
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_THAT(report->written, ElementsAre("2024-02", "2024-03"));
  EXPECT_THAT(report->untouched, ElementsAre("2024-01"));
  EXPECT_EQ(snapshot().at(month("2024-01")), before.at(month("2024-01")));
  EXPECT_EQ(read_info(month("2024-02"))->rows, 2);
}

TEST_F(dataset, IsTheSameFromScratch) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  write_well();
  source.measure_and_publish("a/y#1", "2024-01-02");
  write_well();
  const scratch_folder other;
  ASSERT_TRUE(write_dataset(source.log(), other.path().string()));
  EXPECT_EQ(slurp(month("2024-01")),
            slurp(other / "data/formulacode@2024-01.parquet"));
  EXPECT_EQ(slurp(folder / "README.md"), slurp(other / "README.md"));
}

TEST_F(dataset, RefusesToLoseARow) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  const auto middle = source.log().last();
  source.measure_and_publish("b/x#3", "2024-01-16");
  source.measure_and_publish("b/x#4", "2024-02-16");
  write_well();
  const auto before = snapshot();
  const auto report = write(middle);
  ASSERT_FALSE(report);
  EXPECT_EQ(code_of(report.error()), ec::refused);
  EXPECT_THAT(describe(report.error()), HasSubstr("b__x-3"));
  EXPECT_THAT(describe(report.error()), HasSubstr("would vanish"));
  EXPECT_EQ(snapshot(), before);
}

TEST_F(dataset, LosesARowThatWasWithdrawn) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  source.measure_and_publish("b/x#3", "2024-01-16");
  source.measure_and_publish("b/x#4", "2024-02-16");
  write_well();
  source.withdraw("b/x#3");
  source.withdraw("b/x#4");
  const auto report = write();
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->rows, 1U);
  EXPECT_THAT(report->written, ElementsAre("2024-01", "2024-02"));
  EXPECT_EQ(read_info(month("2024-01"))->rows, 1);
  EXPECT_EQ(read_info(month("2024-02"))->rows, 0);
  // What the log does not withdraw is kept as before.
  EXPECT_THAT(write()->untouched, ElementsAre("2024-01", "2024-02"));
}

TEST_F(dataset, HasARowAgainThatIsPublishedAgain) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  write_well();
  const auto before = read_info(month("2024-01"))->metadata.at("fc.index");
  source.withdraw("b/x#2");
  write_well();
  auto other = published_log::speedup();
  other.estimate = 2.5;
  source.add("pr/b/x#2", {source.verdict(other),
                          source.verdict(events::reopened{"publish", ""})});
  source.publish("b/x#2");
  const auto report = write();
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->rows, 1U);
  const auto row = row_reader{source.log()}.read("pr/b/x#2");
  EXPECT_EQ(row->speedup, 2.5);
  EXPECT_EQ(row->log_position, source.log().last());
  EXPECT_NE(read_info(month("2024-01"))->metadata.at("fc.index"), before);
}

TEST_F(dataset, RefusesToLoseAWholeMonth) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  write_well();
  published_log other;
  other.measure_and_publish("b/x#3", "2024-02-15");
  const auto before = snapshot();
  const auto report = write_dataset(other.log(), folder.path().string());
  ASSERT_FALSE(report);
  EXPECT_THAT(describe(report.error()), HasSubstr("b__x-2"));
  EXPECT_EQ(snapshot(), before);
}

TEST_F(dataset, RefusesToChangeARow) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  write_well();
  published_log other;
  other.measure("b/x#2", "2024-01-15", "another patch");
  other.publish("b/x#2");
  const auto before = snapshot();
  const auto report = write_dataset(other.log(), folder.path().string());
  ASSERT_FALSE(report);
  EXPECT_EQ(code_of(report.error()), ec::refused);
  EXPECT_THAT(describe(report.error()), HasSubstr("would change"));
  EXPECT_EQ(snapshot(), before);
}

TEST_F(dataset, DoesNotFollowWhatComesAfterPublication) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  write_well();
  const auto before = slurp(month("2024-01"));
  auto other = published_log::speedup();
  other.estimate = 9;
  source.add("pr/b/x#2", {source.verdict(other)});
  source.publish("b/x#2");
  const auto report = write();
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->rows, 1U);
  EXPECT_EQ(slurp(month("2024-01")), before);
}

TEST_F(dataset, StopsAtThePositionItIsGiven) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  const auto middle = source.log().last();
  source.measure_and_publish("b/x#3", "2024-02-15");
  const auto report = write(middle);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->until, middle);
  EXPECT_EQ(report->rows, 1U);
  EXPECT_THAT(folder.names("data"), ElementsAre("formulacode@2024-01.parquet"));
}

TEST_F(dataset, WithoutRowsIsACardAndAnEmptyTable) {
  write_well();
  EXPECT_THAT(folder.names("data"), IsEmpty());
  EXPECT_EQ(read_info(folder / "verified/formulacode.parquet")->rows, 0);
  const auto card = slurp(folder / "README.md");
  EXPECT_THAT(card, HasSubstr("There are 0 tasks"));
  EXPECT_THAT(card, Not(HasSubstr("config_name: \"default\"")));
}

TEST_F(dataset, CardSaysWhatItIs) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  write_well();
  const auto card = slurp(folder / "README.md");
  EXPECT_TRUE(card.starts_with("---\nlanguage:\n  - en\n"));
  EXPECT_THAT(card, HasSubstr("config_name: \"default\""));
  EXPECT_THAT(card, HasSubstr("config_name: \"verified\""));
  EXPECT_THAT(card, HasSubstr("data_files: "
                              "\"data/formulacode@2024-01.parquet\""));
  EXPECT_THAT(card, HasSubstr("| 2024-01 | 1 |"));
  EXPECT_THAT(card, HasSubstr("| " + source.policy().hex() + " | 1 |"));
  EXPECT_THAT(card, HasSubstr("because the policy"));
  EXPECT_THAT(
    card, HasSubstr("up to position " + std::to_string(source.log().last())));
  for (const auto& x : dataset_columns())
    EXPECT_THAT(card, HasSubstr("| " + x.name + " | "));
}

TEST_F(dataset, RefusesAPublicationOfAnotherRow) {
  source.measure("b/x#2", "2024-01-15");
  source.publish("b/x#2", events::sha256(events::as_bytes("other")));
  const auto report = write();
  ASSERT_FALSE(report);
  EXPECT_EQ(code_of(report.error()), ec::corrupt);
  EXPECT_THAT(describe(report.error()), HasSubstr("pr/b/x#2"));
  EXPECT_THAT(folder.names("data"), IsEmpty());
}

TEST_F(dataset, RefusesFilesItDidNotWrite) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  std::filesystem::create_directory(folder / "data");
  write_rows(month("2023-01"), {{"a", column_type::int32}}, {});
  const auto foreign = write();
  ASSERT_FALSE(foreign);
  EXPECT_EQ(code_of(foreign.error()), ec::refused);
  spill(month("2023-01"), "PAR1 and no more");
  const auto damaged = write();
  ASSERT_FALSE(damaged);
  EXPECT_EQ(code_of(damaged.error()), ec::corrupt);
  EXPECT_THAT(describe(damaged.error()), HasSubstr(month("2023-01")));
}

TEST_F(dataset, WritesOverNothingThatIsNotItsOwn) {
  source.measure_and_publish("b/x#2", "2024-01-15");
  spill(folder / "README.md", "# My own project\n");
  EXPECT_EQ(code_of(write().error()), ec::refused);
  EXPECT_EQ(slurp(folder / "README.md"), "# My own project\n");
  EXPECT_THAT(folder.names(), ElementsAre("README.md"));
  std::filesystem::remove(folder / "README.md");
  spill(folder / "mine.txt", "");
  EXPECT_THAT(describe(write().error()), HasSubstr("mine.txt"));
  std::filesystem::remove(folder / "mine.txt");
  spill(folder / ".gitattributes", "");
  spill(folder / "README.md.part-1-1", "half a card");
  write_well();
  spill(folder / "LICENSE", "");
  write_well();
}

TEST_F(dataset, ClearsWhatAKilledProgramLeft) {
  write_well();
  spill(month("2024-01") + ".part-1-1", "half a file");
  write_well();
  EXPECT_THAT(folder.names("data"), IsEmpty());
}

TEST_F(dataset, IsWrittenByOneAtATime) {
  const auto lock = folder_lock::take(folder.path().string());
  ASSERT_TRUE(lock);
  const auto report = write();
  ASSERT_FALSE(report);
  EXPECT_EQ(code_of(report.error()), ec::already_in_use);
}

TEST_F(dataset, ReportsAPlaceItCannotUse) {
  spill(folder / "file", "");
  const auto report = write_dataset(source.log(), folder / "file");
  ASSERT_FALSE(report);
  EXPECT_EQ(code_of(report.error()), ec::storage_failure);
  EXPECT_THAT(describe(report.error()), HasSubstr(folder / "file"));
  EXPECT_EQ(code_of(check_dataset_folder(folder / "file/below/it")),
            ec::storage_failure);
  EXPECT_EQ(code_of(check_dataset_folder("/dev/null")), ec::storage_failure);
  std::filesystem::create_symlink("nowhere", folder / "link");
  EXPECT_EQ(code_of(check_dataset_folder(folder / "link")),
            ec::storage_failure);
  EXPECT_FALSE(check_dataset_folder(folder / "not/yet"));
}

TEST_F(dataset, RowHoldsWhatTheStreamSays) {
  source.measure("b/x#2", "2024-01-15T10:00:00Z", "--- a\n+++ \xE9\n");
  row_reader rows{source.log()};
  const auto before = rows.read("pr/b/x#2");
  ASSERT_TRUE(before) << describe(before.error());
  source.publish("b/x#2");
  const auto row = rows.read("pr/b/x#2");
  ASSERT_TRUE(row);
  EXPECT_EQ(row_digest(*before), row_digest(*row));
  EXPECT_EQ(before->log_position, 0U);
  EXPECT_EQ(row->log_position, source.log().last());
  EXPECT_EQ(row->speedup_measured_position, source.log().last() - 1);
  EXPECT_EQ(row->owner, "b");
  EXPECT_EQ(row->repo, "x");
  EXPECT_EQ(row->task_id, "b__x-2");
  EXPECT_EQ(row->date, "2024-01-15T10:00:00Z");
  EXPECT_EQ(row->instructions, "Make b/x#2 fast.");
  EXPECT_EQ(row->patch, "--- a\n+++ \uFFFD\n");
  EXPECT_TRUE(row->text_repaired);
  EXPECT_EQ(row->n_pairs, 12);
  EXPECT_EQ(row->n_candidates, 2);
  EXPECT_EQ(row->n_benchmarks, 7);
  EXPECT_EQ(row->policy_digest, source.policy());
  EXPECT_GT(row->confidence, 0.5);
  EXPECT_EQ(row->interpreter, "3.11.2");
}

TEST_F(dataset, RowNeedsItsEvents) {
  row_reader rows{source.log()};
  EXPECT_EQ(code_of(rows.read("pr/a/b#1").error()), ec::invalid_argument);
  events::published event;
  source.add("pr/a/b#1", {source.verdict(event)});
  const auto report = write();
  ASSERT_FALSE(report);
  EXPECT_THAT(describe(report.error()), HasSubstr("pr/a/b#1"));
}

TEST_F(dataset, RowNeedsItsBlobsAndItsPolicy) {
  events::log::blob other = events::log::make_blob("x");
  source.measure("b/x#2", "2024-01-15");
  source.add("pr/b/x#2",
             {events::make_verdict(published_log::speedup(), other.id)});
  row_reader rows{source.log()};
  const auto row = rows.read("pr/b/x#2");
  ASSERT_FALSE(row);
  EXPECT_EQ(code_of(row.error()), ec::not_found);
  EXPECT_THAT(describe(row.error()), HasSubstr(other.id.hex()));
  events::pull_request_state state;
  const auto records = source.log().read_stream("pr/b/x#2");
  state = *fold(*records);
  row_sources from;
  from.blob = [](const events::digest&) -> events::expected<events::bytes> {
    return events::make_error(ec::not_found, "no such blob");
  };
  const auto made = make_row(state, from);
  ASSERT_FALSE(made);
  EXPECT_EQ(code_of(made.error()), ec::not_found);
  EXPECT_THAT(describe(made.error()), HasSubstr("patch of b__x-2"));
}

TEST(row_digest, CoversAllFieldsButLogPositions) {
  const dataset_row plain;
  const auto same = [&](const std::function<void(dataset_row&)>& change) {
    auto x = plain;
    change(x);
    return row_digest(x) == row_digest(plain);
  };
  EXPECT_TRUE(same([](auto& x) { x.log_position = 5; }));
  EXPECT_TRUE(same([](auto& x) { x.speedup_measured_position = 5; }));
  EXPECT_FALSE(same([](auto& x) { x.owner = "a"; }));
  EXPECT_FALSE(same([](auto& x) { x.repo = "a"; }));
  EXPECT_FALSE(same([](auto& x) { x.instructions = ""; }));
  EXPECT_FALSE(same([](auto& x) { x.speedup = 1; }));
  EXPECT_FALSE(same([](auto& x) { x.n_pairs = 1; }));
  EXPECT_FALSE(same([](auto& x) { x.text_repaired = true; }));
  EXPECT_FALSE(same([](auto& x) { x.merged_at += std::chrono::seconds{1}; }));
  EXPECT_FALSE(same([](auto& x) { x.policy_digest.value[0] = 1; }));
  // Published digests rely on it: a change here is a new format.
  EXPECT_EQ(row_digest(plain).hex(),
            "bfe708b8ef80444b63658635416aa8c2c2dc3715fa5412a53dd7dd9b020aa7ab");
}

/// The dataset as readers of others see it.
class dataset_peers : public dataset,
                      public testing::WithParamInterface<const char*> {
protected:
  void SetUp() override {
    if (!peers_installed())
      GTEST_SKIP() << peers_missing();
  }

  void compare(const std::string& path, const std::vector<std::string>& prs) {
    const auto seen = ask_peer(GetParam(), path);
    auto names = nlohmann::json::array();
    for (const auto& x : dataset_columns())
      names.push_back(x.name);
    EXPECT_EQ(seen.at("columns"), names);
    ASSERT_EQ(seen.at("rows").size(), prs.size());
    row_reader rows{source.log()};
    for (std::size_t i = 0; i < prs.size(); ++i) {
      const auto row = rows.read("pr/" + prs[i]);
      ASSERT_TRUE(row);
      const auto wanted = cells_of(*row);
      for (std::size_t c = 0; c < wanted.size(); ++c)
        EXPECT_EQ(seen["rows"][i][c],
                  as_json(dataset_columns()[c].type, wanted[c]))
          << prs[i] << ", " << names[c];
    }
  }
};

INSTANTIATE_TEST_SUITE_P(reader, dataset_peers,
                         testing::Values("duckdb", "hyparquet"),
                         [](const auto& x) { return std::string{x.param}; });

TEST_P(dataset_peers, ReadTheWholeSchema) {
  source.measure("b/x#2", "2024-01-15T10:00:00Z", std::string(1U << 20U, 'x'));
  source.publish("b/x#2");
  source.measure_and_publish("b/x#10", "2024-01-16");
  source.measure_and_publish("a/y#3", "2024-02-01");
  write_well();
  compare(month("2024-01"), {"b/x#2", "b/x#10"});
  compare(month("2024-02"), {"a/y#3"});
  compare(folder / "verified/formulacode.parquet", {});
}

} // namespace

} // namespace fc::projections::parquet
