#include "tests/projections/conformance/targets.hpp"

#include "projections/folder/target.hpp"
#include "projections/json_text.hpp"
#include "projections/postgres/target.hpp"
#include "projections/registry.hpp"
#include "projections/sqlite/database.hpp"
#include "projections/sqlite/target.hpp"
#include "tests/projections/parquet/peer.hpp"
#include "tests/projections/server.hpp"
#include "tests/support/files.hpp"

#include <pqxx/pqxx>

#include <set>
#include <sstream>

namespace fc::projections::conformance {

using events::describe;

namespace {

using nlohmann::ordered_json;

class memory_sink final : public row_sink {
public:
  void upsert(const table& into, row cells) override {
    row key{cells.begin(),
            cells.begin() + static_cast<std::ptrdiff_t>(into.key)};
    rows[&into].insert_or_assign(std::move(key), std::move(cells));
  }
  void fail(events::error why) override {
    ADD_FAILURE() << describe(why);
  }

  std::map<const table*, std::map<row, row>> rows;
};

std::optional<std::string> text_of(const cell& x) {
  if (std::holds_alternative<std::monostate>(x))
    return std::nullopt;
  return to_text(x);
}

/// Names in a folder but `known`, and but the answers of peers.
std::string
others_in(const std::filesystem::path& folder, const std::string& known) {
  std::string result;
  for (const auto& each : std::filesystem::directory_iterator{folder}) {
    const auto name = each.path().filename().string();
    if (name != known && name.find(".answer") == std::string::npos)
      result += name + " ";
  }
  return result;
}

class sqlite_target final : public test_target {
public:
  std::unique_ptr<table_target>
  open(const events::log::log_reader& log) override {
    return sqlite::open_target(log, file_);
  }
  text_tables read() override {
    text_tables result;
    auto from = sqlite::database::open(file_, sqlite::access::read, {});
    EXPECT_TRUE(from) << describe(from.error());
    for (const auto& each : registry()) {
      const std::string name{each.name};
      auto query = (*from)->prepare("SELECT * FROM " + name);
      EXPECT_TRUE(query) << describe(query.error());
      auto& rows = result[name];
      for (auto more = query->step(); more && *more; more = query->step())
        rows.push_back(row_of(*query, *each.rows));
    }
    return result;
  }
  void put_foreign() override {
    support::write_file(file_, "precious");
  }
  std::string foreign() override {
    return support::read_file(file_);
  }
  std::string litter() override {
    return others_in(folder_.path(), "tables.sqlite");
  }
  bool follows() const override {
    return true;
  }

private:
  static text_row row_of(const sqlite::statement& from, const table& of) {
    text_row result;
    for (int i = 0; i < static_cast<int>(of.columns.size()); ++i) {
      const auto type = of.columns[static_cast<std::size_t>(i)].type;
      if (from.is_null(i))
        result.emplace_back();
      else if (type == column_type::real)
        result.push_back(to_text(cell{from.real(i)}));
      else if (type == column_type::boolean)
        result.push_back(to_text(cell{from.integer(i) != 0}));
      else
        result.emplace_back(from.text(i));
    }
    return result;
  }

  support::temp_dir folder_;
  std::string file_ = folder_ / "tables.sqlite";
};

class postgres_target final : public test_target {
public:
  std::unique_ptr<table_target>
  open(const events::log::log_reader& log) override {
    return postgres::open_target(log, address_);
  }
  text_tables read() override {
    pqxx::connection to{address_};
    pqxx::work tx{to};
    text_tables result;
    for (const auto& each : registry()) {
      auto& rows = result[std::string{each.name}];
      for (const auto& from : tx.exec(query_of(*each.rows))) {
        text_row cells;
        for (pqxx::row::size_type i = 0; i < from.size(); ++i)
          cells.push_back(cell_of(from[i], each.rows->columns[i].type));
        rows.push_back(std::move(cells));
      }
    }
    return result;
  }
  void put_foreign() override {
    run("create table packages (precious text)");
    run("insert into packages values ('precious')");
  }
  std::string foreign() override {
    pqxx::connection to{address_};
    pqxx::work tx{to};
    return tx.exec1("select precious from packages")[0].c_str();
  }
  std::string litter() override {
    pqxx::connection to{address_};
    pqxx::work tx{to};
    return tx
      .exec1("select coalesce(string_agg(nspname, ' '), '') from "
             "pg_namespace where nspname = 'fc_data_build'")[0]
      .c_str();
  }
  bool follows() const override {
    return true;
  }

private:
  void run(const std::string& sql) const {
    pqxx::connection to{address_};
    pqxx::nontransaction{to}.exec(sql);
  }
  static std::string query_of(const table& x) {
    std::string columns;
    for (const auto& each : x.columns) {
      const std::string name{each.name};
      columns += columns.empty() ? "" : ", ";
      columns += each.type == column_type::time
                   ? "(extract(epoch from " + name + ") * 1000000)::bigint"
                 : each.type == column_type::texts ? "to_jsonb(" + name + ")"
                                                   : name;
    }
    std::string order;
    for (const auto& key : x.columns.first(x.key))
      order += (order.empty() ? "" : ", ") + std::string{key.name}
               + (key.type == column_type::text ? " collate \"C\"" : "");
    return "select " + columns + " from public." + std::string{x.name}
           + " order by " + order;
  }
  static std::optional<std::string>
  cell_of(const pqxx::field& x, column_type type) {
    if (x.is_null())
      return std::nullopt;
    if (type == column_type::boolean)
      return to_text(cell{x.as<bool>()});
    if (type == column_type::real)
      return to_text(cell{x.as<double>()});
    if (type == column_type::time)
      return to_text(cell{
        events::timestamp{std::chrono::microseconds{x.as<std::int64_t>()}}});
    return x.c_str();
  }

  std::string address_ = shared_server().address(new_database());
};

class folder_target : public test_target {
public:
  explicit folder_target(folder::format files) : files_{files} {}

  std::unique_ptr<table_target>
  open(const events::log::log_reader& log) override {
    return folder::open_target(log, path_, files_);
  }
  void put_foreign() override {
    std::filesystem::create_directory(path_);
    support::write_file(path_ + "/packages.jsonl", "precious");
  }
  std::string foreign() override {
    return support::read_file(path_ + "/packages.jsonl")
           + others_in(path_, "packages.jsonl");
  }
  std::string litter() override {
    return others_in(folder_.path(), "tables");
  }
  bool follows() const override {
    return false;
  }

protected:
  const std::string& path() const {
    return path_;
  }

private:
  folder::format files_;
  support::temp_dir folder_;
  std::string path_ = folder_ / "tables";
};

class jsonl_target final : public folder_target {
public:
  jsonl_target() : folder_target{folder::format::jsonl} {}

  text_tables read() override {
    text_tables result;
    for (const auto& each : registry()) {
      const std::string name{each.name};
      auto& rows = result[name];
      std::istringstream from{
        support::read_file(path() + "/" + name + ".jsonl")};
      for (std::string line; std::getline(from, line);)
        rows.push_back(row_of(ordered_json::parse(line), *each.rows));
    }
    return result;
  }

private:
  static text_row row_of(const ordered_json& from, const table& of) {
    text_row result;
    EXPECT_EQ(from.size(), of.columns.size());
    auto at = from.begin();
    for (const auto& each : of.columns) {
      EXPECT_EQ(at.key(), each.name);
      result.push_back(cell_of(*at++, each.type));
    }
    return result;
  }
  static std::optional<std::string>
  cell_of(const ordered_json& x, column_type type) {
    if (x.is_null())
      return std::nullopt;
    switch (type) {
    case column_type::boolean:
      return to_text(cell{x.get<bool>()});
    case column_type::integer:
    case column_type::bigint:
      EXPECT_TRUE(x.is_number_integer());
      return to_text(cell{x.get<std::int64_t>()});
    case column_type::real:
      EXPECT_TRUE(x.is_number());
      return to_text(cell{x.get<double>()});
    case column_type::texts:
    case column_type::document: {
      EXPECT_FALSE(x.is_string()) << "a document is a value, not its text";
      std::string text;
      append_json(text, json::parse(x.dump()));
      return text;
    }
    case column_type::time: {
      auto text = x.get<std::string>();
      if (const auto dot = text.find('.'); dot != std::string::npos) {
        EXPECT_EQ(text.size() - dot, std::string_view{".123456Z"}.size());
        text.insert(text.size() - 1, "000");
      }
      return text;
    }
    default:
      return x.get<std::string>();
    }
  }
};

class parquet_target final : public folder_target {
public:
  explicit parquet_target(std::string reader)
    : folder_target{folder::format::parquet}, reader_{std::move(reader)} {}

  text_tables read() override {
    const auto seen = parquet::ask_peer("folder", path(), reader_);
    text_tables result;
    for (const auto& each : registry()) {
      const std::string name{each.name};
      const auto& from = seen.at(name + ".parquet");
      nlohmann::json columns;
      for (const auto& column : each.rows->columns)
        columns.push_back(column.name);
      EXPECT_EQ(from.at("columns"), columns) << name;
      auto& rows = result[name];
      for (const auto& cells : from.at("rows")) {
        rows.emplace_back();
        for (std::size_t i = 0; i < cells.size(); ++i)
          rows.back().push_back(cell_of(cells[i], each.rows->columns[i].type));
      }
    }
    return result;
  }

private:
  static std::optional<std::string>
  cell_of(const nlohmann::json& x, column_type type) {
    if (x.is_null())
      return std::nullopt;
    switch (type) {
    case column_type::boolean:
      return to_text(cell{x.get<bool>()});
    case column_type::integer:
      return to_text(cell{x.get<std::int64_t>()});
    case column_type::real:
      return x.is_object() ? "no finite number: " + x.dump()
                           : to_text(cell{x.get<double>()});
    case column_type::texts:
      return to_text(cell{text_list{x.get<std::vector<std::string>>()}});
    case column_type::time:
      return to_text(cell{events::timestamp{std::chrono::microseconds{
        std::stoll(x.at("micros").get<std::string>())}}});
    default:
      return x.get<std::string>();
    }
  }

  std::string reader_;
};

std::string nothing_absent() {
  return {};
}

std::string absent_peers() {
  return parquet::peers_installed() ? "" : parquet::peers_missing();
}

} // namespace

text_tables reference(const events::log::log_reader& log) {
  memory_sink sink;
  const auto done = table_replay{log, sink}.advance({});
  EXPECT_TRUE(done) << describe(done.error());
  text_tables result;
  for (const auto& each : registry()) {
    auto& rows = result[std::string{each.name}];
    for (const auto& [key, cells] : sink.rows[each.rows]) {
      rows.emplace_back();
      for (const auto& one : cells)
        rows.back().push_back(text_of(one));
    }
  }
  return result;
}

const std::vector<target_kind>& all_targets() {
  using made = std::unique_ptr<test_target>;
  static const std::vector<target_kind> all{
    {"sqlite", nothing_absent,
     []() -> made {
       return std::make_unique<sqlite_target>();
     }},
    {"postgres", absent_server,
     []() -> made {
       return std::make_unique<postgres_target>();
     }},
    {"jsonl", nothing_absent,
     []() -> made {
       return std::make_unique<jsonl_target>();
     }},
    {"parquet_by_duckdb", absent_peers,
     []() -> made {
       return std::make_unique<parquet_target>("duckdb");
     }},
    {"parquet_by_hyparquet", absent_peers,
     []() -> made {
       return std::make_unique<parquet_target>("hyparquet");
     }},
  };
  return all;
}

} // namespace fc::projections::conformance
