#include "projections/json_text.hpp"
#include "tests/support/samples.hpp"

#include <limits>

namespace {

using namespace fc;
using events::code_of;
using projections::json;

TEST(event_json, HasEveryEventWithAllItsFields) {
  samples::for_each(
    []<class T>(const T& x) {
      const auto record = samples::record_of(x);
      const auto found = projections::event_json(record);
      ASSERT_TRUE(found) << T::name;
      EXPECT_EQ(found->size(), events::field_count<T>);
      EXPECT_EQ(json::parse(projections::to_line(*found)), *found) << T::name;
      for (const auto& [key, value] : found->items())
        EXPECT_FALSE(value.is_null()) << T::name << "." << key;
    },
    events::all_events{});
}

TEST(event_json, WritesValuesAsPeopleNameThem) {
  const auto x = projections::as_json(samples::scraped());
  EXPECT_EQ(x["repo"], "Some-Owner/tiny_geo.py");
  EXPECT_EQ(x["number"], 4711);
  EXPECT_EQ(x["merged_at"], "2024-05-06T07:08:09.000000010Z");
  EXPECT_EQ(x["files"][0]["path"], "src/grid.py");
  EXPECT_EQ(x["diff"]["sha256"], samples::scraped().diff.id.hex());
  EXPECT_EQ(x["text_repaired"], true);
}

TEST(event_json, WritesAbsentThingsAsNull) {
  events::scraped none;
  EXPECT_TRUE(projections::as_json(none)["diff"].is_null());
  events::candidate odd;
  odd.p = std::numeric_limits<double>::quiet_NaN();
  EXPECT_NE(projections::to_line(projections::as_json(odd)).find("\"p\":null"),
            std::string::npos);
}

TEST(event_json, RepairsTextThatIsNotUtf8) {
  events::symbolic_passed odd{"a\xFFz"};
  EXPECT_EQ(projections::to_line(projections::as_json(odd)),
            "{\"note\":\"a\xEF\xBF\xBDz\"}");
}

TEST(event_json, OfARecordHasTheEnvelope) {
  auto record = samples::record_of(samples::dropped(), 7, 3);
  record.causation = 6;
  const auto x = projections::record_json(record);
  ASSERT_TRUE(x);
  EXPECT_EQ((*x)["position"], 7);
  EXPECT_EQ((*x)["sequence"], 3);
  EXPECT_EQ((*x)["event"], "Dropped");
  EXPECT_EQ((*x)["causation"], 6);
  EXPECT_EQ((*x)["payload"]["stage"], samples::dropped().stage);
}

TEST(event_json, RefusesUnknownAndDamagedRecords) {
  auto record = samples::record_of(samples::dropped());
  record.payload.resize(3);
  EXPECT_EQ(code_of(projections::record_json(record).error()),
            events::ec::corrupt);
  record.tag = 9999;
  EXPECT_EQ(code_of(projections::record_json(record).error()),
            events::ec::too_new);
}

TEST(event_json, ForTablesLeavesOutWhatDiffersFromRunToRun) {
  const auto reduced = [](const auto& x) {
    std::string text;
    projections::append_table_json(text, x);
    return projections::json::parse(text);
  };
  EXPECT_FALSE(reduced(samples::attempt_failed()).contains("log"));
  EXPECT_FALSE(reduced(samples::deferred()).contains("until"));
  const auto build = reduced(samples::synthesized());
  EXPECT_FALSE(build["sides"][0].contains("seconds"));
  EXPECT_FALSE(build["sides"][0].contains("log"));
  EXPECT_TRUE(build["sides"][0].contains("error"));
  const auto trial = reduced(samples::trialled());
  EXPECT_FALSE(trial.contains("seconds"));
  EXPECT_EQ(trial["benchmarks"], 2);
  EXPECT_EQ(reduced(samples::scraped())["files"], 2);
}

} // namespace
