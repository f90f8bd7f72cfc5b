#include "projections/json_text.hpp"
#include "projections/postgres/copier.hpp"
#include "projections/postgres/migrate.hpp"
#include "projections/postgres/schema.hpp"
#include "tests/projections/postgres/fixture.hpp"

#include <cmath>
#include <limits>
#include <random>

namespace fc::projections::postgres {

namespace {

using enum column_type;

constexpr column odd_columns[] = {
  {"id", integer}, {"b", boolean}, {"big", bigint}, {"r", real},  {"t", text},
  {"ts", texts},   {"u", uuid},    {"d", document}, {"at", time},
};
const table odd{"odd", 1, odd_columns, audience::staff};

/// Cells that stores like to change.
std::vector<row> odd_rows() {
  using namespace std::chrono;
  const std::vector<double> reals{0.0,
                                  -0.0,
                                  1e-7,
                                  1e22,
                                  1.0 / 3,
                                  -2.5e-300,
                                  1.7976931348623157e308,
                                  5e-324,
                                  1e15,
                                  1e16,
                                  123456789012345678.0};
  const std::vector<std::string> texts_of{
    "",       "plain",        "tab\tand\nline\r\\N", "\\.",
    "größer", "\x1f\x1e\x1d", "quote\"'\\",          std::string(5000, 'x')};
  const std::vector<events::timestamp> times{
    events::timestamp{}, events::timestamp{microseconds{1}},
    events::timestamp{sys_days{year{1999} / 12 / 31} + 23h},
    events::timestamp{sys_days{year{2024} / 2 / 29} + 123456us}};
  std::vector<row> result;
  std::mt19937_64 dice{7};
  for (std::int64_t id = 0; id < 200; ++id) {
    const auto i = static_cast<std::size_t>(id);
    const auto& t = texts_of[i % texts_of.size()];
    json_text document;
    append_json(document.text,
                json{{"k", t},
                     {"longer", reals[i % reals.size()]},
                     {"a", json::array({id, nullptr, true, json::object()})}});
    row cells{id,
              i % 3 == 0,
              static_cast<std::int64_t>(dice()),
              reals[i % reals.size()],
              make::text(t),
              make::texts({t, "b,{}", ""}),
              make::uuid_of(std::to_string(i)),
              document,
              make::instant(times[i % times.size()])};
    // Each cell is null in some row.
    if (i % 10 > 0 && i % 10 < cells.size())
      cells[i % 10] = {};
    result.push_back(std::move(cells));
  }
  return result;
}

} // namespace

struct content_on_server : database_test {};

TEST_F(content_on_server, HashesTextsOfAnyLengthAsWeDo) {
  auto to = connect();
  pqxx::work tx{to};
  std::string text;
  for (int size = 0; size < 100; ++size) {
    EXPECT_EQ(tx.exec_params1("select hashtextextended($1, 0)", text)[0]
                .as<std::int64_t>(),
              hash_of(text))
      << size;
    text += static_cast<char>('!' + size % 90);
  }
  EXPECT_EQ(
    tx.exec1("select hashtextextended('größer ≥ 2×', 0)")[0].as<std::int64_t>(),
    hash_of("größer ≥ 2×"));
}

TEST_F(content_on_server, OddCellsArriveAsTheyWereSent) {
  auto to = connect();
  pqxx::work tx{to};
  tx.exec(shipped_migrations().front().text.data());
  tx.exec(create_statement("public", odd));
  copier rows{tx, "public"};
  for (auto& each : odd_rows())
    rows.upsert(odd, std::move(each));
  const auto sent = rows.finish();
  ASSERT_TRUE(sent) << describe(sent.error());
  const auto found = tx.exec1(holdings_query("public", odd));
  EXPECT_EQ(found[0].as<std::int64_t>(), 200);
  EXPECT_EQ(found[1].as<std::int64_t>(), sent->at(&odd).content);
  // One by one, to name the row that differs.
  for (const auto& each : odd_rows()) {
    const auto id = std::get<std::int64_t>(each[0]);
    const auto row = tx.exec1("select " + hash_expression(odd, "t")
                              + ", t::text from odd t "
                                "where id = "
                              + std::to_string(id));
    EXPECT_EQ(row[0].as<std::int64_t>(), hash_of(each)) << row[1].c_str();
  }
}

TEST_F(content_on_server, DocumentsAreAlreadyInTheServersForm) {
  stories::write_in_turn(*log, stories::all());
  rebuild_all();
  auto to = connect();
  pqxx::work tx{to};
  for (const auto& each : odd_rows())
    if (const auto* document = std::get_if<json_text>(&each[7])) {
      EXPECT_EQ(
        tx.exec_params1("select ($1::jsonb)::text", document->text)[0].c_str(),
        document->text);
    }
}

} // namespace fc::projections::postgres
