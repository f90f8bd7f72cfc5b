#include "actors/services/bigquery/cells.hpp"

namespace fc::actors::services {
namespace {

using events::code_of;
using events::ec;
using events::expected;
using nlohmann::json;

expected<std::vector<json>> decode(const char* fields, const char* cells) {
  return decode_rows(json{{"fields", json::parse(fields)}},
                     json::array({{{"f", json::parse(cells)}}}));
}

json decoded(const char* fields, const char* cells) {
  const auto rows = decode(fields, cells);
  EXPECT_TRUE(rows) << events::describe(rows.error());
  return rows ? rows->front() : json{};
}

} // namespace

TEST(decode_rows, ReadsEveryType) {
  EXPECT_EQ(decoded(R"([{"name":"s","type":"STRING"},
                        {"name":"i","type":"INTEGER"},
                        {"name":"f","type":"FLOAT"},
                        {"name":"b","type":"BOOLEAN"},
                        {"name":"t","type":"TIMESTAMP"},
                        {"name":"n","type":"NUMERIC"},
                        {"name":"x","type":"INT64"}])",
                    R"([{"v":"o/r"},{"v":"-9223372036854775808"},{"v":"0.5"},
                        {"v":"true"},{"v":"1705132800000000"},{"v":"1.10"},
                        {"v":null}])"),
            json::parse(R"({"s":"o/r","i":-9223372036854775808,"f":0.5,
                            "b":true,"t":1705132800000000,"n":"1.10",
                            "x":null})"));
  EXPECT_TRUE(
    decoded(R"([{"name":"f","type":"FLOAT64"}])", R"([{"v":"NaN"}])")["f"]
      .is_null());
}

TEST(decode_rows, ReadsListsAndRecords) {
  EXPECT_EQ(decoded(R"([{"name":"tags","type":"STRING","mode":"REPEATED"},
                {"name":"none","type":"STRING","mode":"REPEATED"},
                {"name":"owner","type":"RECORD","fields":[
                  {"name":"login","type":"STRING"},
                  {"name":"ids","type":"INTEGER","mode":"REPEATED"}]},
                {"name":"all","type":"STRUCT","mode":"REPEATED","fields":[
                  {"name":"n","type":"INTEGER"}]},
                {"name":"gone","type":"RECORD","fields":[]}])",
                    R"([{"v":[{"v":"a"},{"v":null}]},{"v":null},
                {"v":{"f":[{"v":"o"},{"v":[{"v":"7"}]}]}},
                {"v":[{"v":{"f":[{"v":"1"}]}},{"v":{"f":[{"v":"2"}]}}]},
                {"v":null}])"),
            json::parse(R"({"tags":["a",null],"none":[],
                    "owner":{"login":"o","ids":[7]},
                    "all":[{"n":1},{"n":2}],"gone":null})"));
}

TEST(decode_rows, HasNoRowsWhereThereAreNone) {
  EXPECT_TRUE(decode_rows(json{}, json{})->empty());
  EXPECT_TRUE(
    decode_rows(json{}, json::array()).error()
    || decode_rows(json{{"fields", json::array()}}, json::array())->empty());
}

TEST(decode_rows, RefusesWhatDoesNotFitTheSchema) {
  constexpr auto one = R"([{"name":"i","type":"INTEGER"}])";
  for (const auto& [fields, cells] :
       {std::pair{one, R"([{"v":"seven"}])"},
        {one, R"([{"v":"1.5"}])"},
        {one, R"([{"v":7}])"}, // scalars are texts
        {one, R"([])"},
        {one, R"([{"v":"1"},{"v":"2"}])"},
        {one, R"([{}])"},
        {one, R"({"v":"1"})"},
        {R"([{"name":"b","type":"BOOL"}])", R"([{"v":"yes"}])"},
        {R"([{"name":"f","type":"FLOAT"}])", R"([{"v":"1e999"}])"},
        {R"([{"name":"t","type":"TIMESTAMP"}])", R"([{"v":"1.7051328E9"}])"},
        {R"([{"name":"l","type":"STRING","mode":"REPEATED"}])",
         R"([{"v":"a"}])"},
        {R"([{"name":"l","type":"STRING","mode":"REPEATED"}])",
         R"([{"v":["a"]}])"},
        {R"([{"name":"r","type":"RECORD","fields":[]}])", R"([{"v":"a"}])"},
        {R"([{"name":"r","type":"RECORD"}])", R"([{"v":{"f":[]}}])"},
        {R"([7])", R"([{"v":"a"}])"}}) {
    const auto rows = decode(fields, cells);
    ASSERT_FALSE(rows) << fields << cells;
    EXPECT_EQ(code_of(rows.error()), ec::malformed);
  }
  EXPECT_FALSE(decode_rows(json{}, json::array({7})));
  EXPECT_FALSE(decode_rows(json{{"fields", json::array()}}, json("x")));
}

} // namespace fc::actors::services
