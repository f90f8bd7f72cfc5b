#include "events/ids.hpp"
#include "projections/parquet/parquet_writer.hpp"
#include "tests/projections/parquet/files.hpp"
#include "tests/projections/parquet/peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace fc::projections::parquet {

namespace {

using events::timestamp;
using json = nlohmann::json;
using limits = std::numeric_limits<double>;
using std::chrono::nanoseconds;

/// Writes rows and compares what each reader makes of them.
class parquet_peers : public testing::TestWithParam<const char*> {
protected:
  void SetUp() override {
    if (!peers_installed())
      GTEST_SKIP() << peers_missing();
  }

  void
  round_trip(const std::vector<column>& columns, const std::vector<cells>& rows,
             const writer_options& options = {}) {
    write_rows(path, columns, rows, options);
    if (HasFatalFailure())
      return;
    const auto seen = ask_peer(GetParam(), path);
    json names = json::array();
    for (const auto& x : columns)
      names.push_back(x.name);
    EXPECT_EQ(seen.at("columns"), names);
    const auto& got = seen.at("rows");
    ASSERT_EQ(got.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      for (std::size_t c = 0; c < columns.size(); ++c)
        ASSERT_EQ(got.at(i).at(c), as_json(columns[c].type, rows[i][c]))
          << "row " << i << ", column " << columns[c].name;
  }

  scratch_folder folder;
  std::string path = folder / "x.parquet";
};

INSTANTIATE_TEST_SUITE_P(reader, parquet_peers,
                         testing::Values("duckdb", "hyparquet"),
                         [](const auto& x) { return std::string{x.param}; });

/// A column of each type, required and optional.
std::vector<column> all_types() {
  std::vector<column> result;
  for (const auto& [name, type] : {std::pair{"text", column_type::utf8},
                                   {"raw", column_type::bytes},
                                   {"small", column_type::int32},
                                   {"large", column_type::int64},
                                   {"real", column_type::float64},
                                   {"flag", column_type::boolean},
                                   {"time", column_type::timestamp_micros},
                                   {"reals", column_type::list_float64},
                                   {"texts", column_type::list_utf8}}) {
    result.push_back({name, type, false});
    result.push_back({std::string{"maybe_"} + name, type, true});
  }
  return result;
}

/// The same cells in the required and the optional columns.
cells doubled(const cells& x) {
  cells result;
  for (const auto& one : x)
    result.insert(result.end(), {one, one});
  return result;
}

cells without_optional(cells x) {
  for (std::size_t i = 1; i < x.size(); i += 2)
    x[i] = std::monostate{};
  return x;
}

const cells ordinary{std::string{"grüße 速い 🚀\n\"\\"},
                     std::string("\x00\xFF\x80", 3),
                     std::int32_t{-7},
                     std::int64_t{1} << 40,
                     0.1,
                     true,
                     timestamp{nanoseconds{1'706'702'400'123'456'000}},
                     std::vector<double>{1.5, -0.25, 1e-300},
                     std::vector<std::string>{"", "é", "b"}};

const cells empty{std::string{},
                  std::string{},
                  std::int32_t{},
                  std::int64_t{},
                  0.0,
                  false,
                  timestamp{},
                  std::vector<double>{},
                  std::vector<std::string>{}};

TEST_P(parquet_peers, ReadATableWithoutRows) {
  round_trip(all_types(), {});
}

TEST_P(parquet_peers, ReadEveryType) {
  round_trip(all_types(), {doubled(ordinary), doubled(empty)});
}

TEST_P(parquet_peers, ReadNulls) {
  const auto full = doubled(ordinary);
  const auto bare = without_optional(full);
  round_trip(all_types(), {bare, full, bare, bare, full, doubled(empty), bare});
  round_trip(all_types(), {bare, bare}); // nothing but nulls
}

TEST_P(parquet_peers, ReadExtremes) {
  using i32 = std::numeric_limits<std::int32_t>;
  using i64 = std::numeric_limits<std::int64_t>;
  const std::vector<column> columns{{"s", column_type::int32},
                                    {"l", column_type::int64},
                                    {"d", column_type::float64, true},
                                    {"t", column_type::timestamp_micros}};
  std::vector<cells> rows;
  const auto add = [&](std::int32_t s, std::int64_t l, cell d, std::int64_t t) {
    rows.push_back({s, l, std::move(d), timestamp{nanoseconds{t}}});
  };
  add(i32::min(), i64::min(), limits::quiet_NaN(), i64::min());
  add(i32::max(), i64::max(), limits::infinity(), i64::max());
  add(0, -1, -limits::infinity(), -1); // floor: one microsecond before 1970
  add(-1, 0, -0.0, 999);
  add(1, 1, limits::denorm_min(), 1'000);
  add(2, 2, limits::max(), -1'000);
  add(3, 3, std::monostate{}, -1'001);
  add(4, (std::int64_t{1} << 53) + 1, limits::lowest(), 0);
  round_trip(columns, rows);
}

TEST_P(parquet_peers, ReadLargeTexts) {
  const std::vector<column> columns{{"text", column_type::utf8, true},
                                    {"n", column_type::int32}};
  std::vector<cells> rows;
  for (int i = 0; i < 5; ++i) {
    std::string large;
    while (large.size() < (1U << 20U))
      large += "+ línea " + std::to_string(large.size() * 7) + "\n";
    rows.push_back({std::move(large), i});
    rows.push_back({std::monostate{}, i});
    rows.push_back({std::string{}, i});
  }
  round_trip(columns, rows);
}

TEST_P(parquet_peers, ReadManyRowGroupsAndPages) {
  writer_options options;
  options.group_rows = 1'000;
  options.page_bytes = 512;
  const std::vector<column> columns{{"n", column_type::int64},
                                    {"flag", column_type::boolean, true},
                                    {"text", column_type::utf8, true},
                                    {"list", column_type::list_float64, true}};
  std::vector<cells> rows;
  for (std::int64_t i = 0; i < 10'501; ++i) {
    cells x{i, i % 3 == 0, std::to_string(i),
            std::vector<double>(static_cast<std::size_t>(i % 4), 0.5)};
    for (std::size_t c = 1; c < x.size(); ++c)
      if ((i >> c) % 5 == 0)
        x[c] = std::monostate{};
    rows.push_back(std::move(x));
  }
  round_trip(columns, rows, options);
  EXPECT_EQ(read_info(path)->row_groups, 11U);
}

/// What DuckDB says of footers: only it looks at all of them.
class parquet_metadata : public parquet_peers {};

INSTANTIATE_TEST_SUITE_P(reader, parquet_metadata, testing::Values("metadata"));

TEST_P(parquet_metadata, IsAsWritten) {
  const std::vector<column> columns{{"n", column_type::int64},
                                    {"real", column_type::float64, true},
                                    {"text", column_type::utf8, true},
                                    {"odd", column_type::float64},
                                    {"time", column_type::timestamp_micros}};
  writer_options options;
  options.metadata = {{"key", "grüße"}};
  const timestamp t{nanoseconds{1'706'702'400'000'000'000}};
  write_rows(path, columns,
             {{std::int64_t{-5}, 2.5, std::string{"b"}, 1.0, t},
              {std::int64_t{9}, -0.5, std::string{"a"}, limits::quiet_NaN(), t},
              {std::int64_t{0}, std::monostate{}, std::monostate{}, 2.0, t}},
             options);
  const auto seen = ask_peer("metadata", path);
  const auto& file = seen.at("file").at(0);
  EXPECT_EQ(file.at("created_by"), "fc-data");
  EXPECT_EQ(file.at("num_rows"), "3");
  EXPECT_EQ(seen.at("pairs"),
            json::parse(R"([{"key":"key","value":"grüße"}])"));
  const auto& chunks = seen.at("chunks");
  ASSERT_EQ(chunks.size(), 5U);
  const auto bounds = [&](std::size_t i) {
    return json{chunks[i].at("stats_min_value"),
                chunks[i].at("stats_max_value"),
                chunks[i].at("stats_null_count")};
  };
  EXPECT_EQ(bounds(0), json::parse(R"(["-5", "9", "0"])"));
  EXPECT_EQ(bounds(1), json::parse(R"(["-0.5", "2.5", "1"])"));
  EXPECT_EQ(bounds(2), json::parse(R"(["a", "b", "1"])"));
  EXPECT_EQ(bounds(3), json::parse(R"([null, null, "0"])")); // beside NaN
  EXPECT_EQ(chunks[0].at("compression"), "ZSTD");
  const auto& time = seen.at("schema").back();
  EXPECT_EQ(time.at("name"), "time");
  EXPECT_THAT(time.at("logical_type").get<std::string>(),
              testing::HasSubstr("isAdjustedToUTC=1"));
}

TEST_P(parquet_metadata, LetsAReaderSkipRowGroupsAndMissNothing) {
  writer_options options;
  options.group_rows = 2;
  const std::vector<column> columns{{"real", column_type::float64, true},
                                    {"text", column_type::utf8}};
  const std::string tall(200, 'z');
  write_rows(path, columns,
             {{limits::quiet_NaN(), std::string{"a"}},
              {1.0, tall},
              {-0.0, std::string{"é"}},
              {0.0, std::string{"b"}},
              {std::monostate{}, std::string{}},
              {5.0, tall + "z"}},
             options);
  const auto count = [&](const std::string& condition) {
    return ask_peer("query", path, condition).get<std::string>();
  };
  EXPECT_EQ(count("real = 0"), "2");
  EXPECT_EQ(count("real > 4"), "2"); // NaN is above all numbers to DuckDB
  EXPECT_EQ(count("isnan(real)"), "1");
  EXPECT_EQ(count("real IS NULL"), "1");
  EXPECT_EQ(count("text = 'é'"), "1");
  EXPECT_EQ(count("text = repeat('z', 200)"), "1");
  EXPECT_EQ(count("text > 'y'"), "3");
  EXPECT_EQ(count("text = ''"), "1");
}

} // namespace

} // namespace fc::projections::parquet
