#include "projections/folder/table_file.hpp"
#include "projections/registry.hpp"
#include "projections/sqlite/target.hpp"
#include "tests/projections/folder/fixture.hpp"
#include "tests/projections/parquet/peer.hpp"
#include "tests/support/full_disk.hpp"

#include <nlohmann/json.hpp>

namespace fc::projections::folder {

using nlohmann::json;

namespace {

constexpr column all_columns[] = {
  {"name", column_type::text},     {"flag", column_type::boolean},
  {"small", column_type::integer}, {"large", column_type::bigint},
  {"real", column_type::real},     {"list", column_type::texts},
  {"id", column_type::uuid},       {"thing", column_type::document},
  {"at", column_type::time},
};

const table sample{"sample", 1, all_columns, audience::everyone};

row full(std::string name) {
  return {cell{std::move(name)},
          cell{true},
          cell{std::int64_t{-7}},
          cell{std::int64_t{1} << 62},
          cell{1e22},
          cell{text_list{{"", "a\"b"}}},
          cell{std::string{"00000000-0000-8000-8000-000000000000"}},
          cell{json_text{R"({"a": [1, null]})"}},
          make::instant(*events::parse_time("1999-12-31T23:59:59Z")
                        + std::chrono::microseconds{1})};
}

struct table_files : table_folder {
  using maker
    = events::expected<table_file_ptr> (*)(const std::string&, const table&);

  void write(maker create, const std::vector<row>& rows) const {
    auto to = create(path, sample);
    ASSERT_TRUE(to) << describe(to.error());
    for (const auto& each : rows)
      ASSERT_FALSE((*to)->add(each));
    const auto err = (*to)->finish();
    ASSERT_FALSE(err) << describe(err);
  }

  json manifest_json() const {
    return json::parse(read_file(path + "/manifest.json"));
  }
};

} // namespace

TEST_F(table_files, JsonLinesHaveTypedValues) {
  row bare(std::size(all_columns));
  bare.front() = cell{std::string{"\t\xC3\xA9"}};
  write(create_jsonl, {bare, full("a")});
  EXPECT_EQ(read_file(path),
            "{\"name\": \"\\t\xC3\xA9\", \"flag\": null, \"small\": null, "
            "\"large\": null, \"real\": null, \"list\": null, \"id\": null, "
            "\"thing\": null, \"at\": null}\n"
            "{\"name\": \"a\", \"flag\": true, \"small\": -7, "
            "\"large\": 4611686018427387904, \"real\": 1e+22, "
            "\"list\": [\"\", \"a\\\"b\"], "
            "\"id\": \"00000000-0000-8000-8000-000000000000\", "
            "\"thing\": {\"a\": [1, null]}, "
            "\"at\": \"1999-12-31T23:59:59.000001Z\"}\n");
}

TEST_F(table_files, ParquetColumnsHaveTypes) {
  if (!parquet::peers_installed())
    GTEST_SKIP() << parquet::peers_missing();
  write(create_parquet, {full("a")});
  std::map<std::string, std::string> found;
  const auto text_of = [](const json& x) {
    return x.is_string() ? x.get<std::string>() : x.dump();
  };
  const auto seen = parquet::ask_peer("metadata", path);
  for (const auto& each : seen.at("schema"))
    found[text_of(each.at("name"))]
      = text_of(each.at("repetition_type")) + " " + text_of(each.at("type"));
  EXPECT_EQ(found["name"], "REQUIRED BYTE_ARRAY");
  EXPECT_EQ(found["flag"], "OPTIONAL BOOLEAN");
  EXPECT_EQ(found["small"], "OPTIONAL INT32");
  EXPECT_EQ(found["large"], "OPTIONAL INT64");
  EXPECT_EQ(found["real"], "OPTIONAL DOUBLE");
  EXPECT_EQ(found["id"], "OPTIONAL BYTE_ARRAY");
  EXPECT_EQ(found["thing"], "OPTIONAL BYTE_ARRAY");
  EXPECT_EQ(found["at"], "OPTIONAL INT64");
}

TEST_F(table_files, ParquetRefusesANumberThatDoesNotFit) {
  auto to = create_parquet(path, sample);
  ASSERT_TRUE(to);
  auto cells = full("a");
  cells[2] = cell{std::int64_t{1} << 31};
  const auto err = (*to)->add(cells);
  EXPECT_THAT(describe(err), testing::HasSubstr("small"));
  EXPECT_THAT(describe(err), testing::HasSubstr("2147483648"));
}

TEST_F(table_files, OnAFullDiskAreNotThere) {
  const support::full_disk none{1000};
  for (const std::size_t rows : {1U, 100U}) {
    auto to = create_jsonl(path, sample);
    ASSERT_TRUE(to);
    // The first is only written at the end.
    events::error err;
    for (std::size_t i = 0; i < rows && !err; ++i)
      err = (*to)->add(full(std::string(9000, 'x')));
    EXPECT_EQ(bool{err}, rows > 1);
    if (!err)
      err = (*to)->finish();
    EXPECT_EQ(code_of(err), ec::storage_failure);
    to->reset();
    EXPECT_TRUE(names_around().empty());
  }
}

TEST_F(table_files, OfTheSameLogAreTheSameBytes) {
  stories::write_interleaved(*log, stories::all());
  for (const auto kind : {format::jsonl, format::parquet}) {
    files = kind;
    path = around / (kind == format::jsonl ? "lines" : "columns");
    rebuild_all();
    const auto first = files_of(path);
    EXPECT_EQ(first.size(), registry().size() + 1);
    rebuild_all();
    EXPECT_EQ(files_of(path), first);
    std::filesystem::remove_all(path);
    rebuild_all();
    EXPECT_EQ(files_of(path), first);
  }
}

TEST_F(table_files, ManifestTellsWhatIsThere) {
  stories::write_interleaved(*log, stories::all());
  const auto done = rebuild_all();
  const auto x = manifest_json();
  EXPECT_EQ(x.at("kind"), "jsonl");
  EXPECT_EQ(x.at("log").at("position"), log->last());
  EXPECT_EQ(x.at("log").at("head"), done.up_to.head.hex());
  EXPECT_EQ(x.at("sha256"), done.content.hex());
  ASSERT_EQ(x.at("tables").size(), registry().size());
  for (std::size_t i = 0; i < registry().size(); ++i) {
    const auto& each = x.at("tables").at(i);
    EXPECT_EQ(each.at("name"), registry()[i].name);
    EXPECT_EQ(each.at("version"), registry()[i].version);
    const auto text
      = read_file(path + "/" + each.at("file").get<std::string>());
    EXPECT_EQ(each.at("sha256"), events::sha256(events::as_bytes(text)).hex());
    EXPECT_EQ(each.at("rows"), std::count(text.begin(), text.end(), '\n'));
  }
}

TEST_F(table_files, OfEveryKindHaveTheContentOfTheSqliteFile) {
  stories::write_interleaved(*log, stories::all());
  const auto wanted
    = sqlite::open_target(*log, around / "tables.sqlite")->rebuild();
  ASSERT_TRUE(wanted);
  EXPECT_EQ(rebuild_all().content, wanted->content);
  files = format::parquet;
  path = around / "columns";
  EXPECT_EQ(rebuild_all().content, wanted->content);
}

TEST_F(table_files, OfAnotherVersionOrWithATableGoneAreMadeAnew) {
  stories::write_in_turn(*log, stories::all());
  rebuild_all();
  const auto right = files_of(path);
  EXPECT_FALSE(target()->follow()->rebuilt);
  auto old = read_manifest(path);
  ASSERT_TRUE(old && *old);
  ++(*old)->tables.front().version;
  write_file(path + "/manifest.json", to_text(**old));
  EXPECT_TRUE(target()->follow()->rebuilt);
  EXPECT_EQ(files_of(path), right);
  std::filesystem::remove(path + "/packages.jsonl");
  EXPECT_TRUE(target()->follow()->rebuilt);
  EXPECT_EQ(files_of(path), right);
}

} // namespace fc::projections::folder
