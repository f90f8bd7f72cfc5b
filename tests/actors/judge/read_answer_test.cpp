#include "actors/judge/read_answer.hpp"
#include "tests/events/policy/samples.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace fc::actors {
namespace {

using events::ec;
using ::testing::HasSubstr;

const events::policy::judge_rules& rules() {
  return events::policy::samples::shipped().judge;
}

TEST(read_label, FindsTheLabelHoweverItIsWrapped) {
  const std::vector<std::pair<std::string, bool>> all{
    {R"({"reasoning": "it caches", "label": "YES"})", true},
    {R"({"reasoning": "docs", "label": "NO"})", false},
    {R"({"label":"no - only documentation","reasoning":"x"})", false},
    {R"({"Label": "Yes"})", true},
    {R"({"label": true})", true},
    {"Here it is:\n```json\n{\"reasoning\": \"a {brace} and \\\"quote\\\"\", "
     "\"label\": \"YES\"}\n```\nHope it helps.",
     true},
    {"<think>NO? {\"label\": \"NO\"} hm</think>\n{\"label\": \"YES\"}", true},
    {"thoughts without a beginning</think>YES", true},
    {"YES", true},
    {"NO", false},
    {"no.", false},
    {"YES - because of the cache", true},
    {"**YES** it is", true},
    {"No, only documentation.", false},
    {"No\nOnly documentation.", false},
    {"NO because only tests changed", false},
    {"**NO** \xE2\x80\x94 tests", false},
    {"Reasoning: the loop is gone.\nLabel: YES", true},
    {"It adds docs.\n- **Label:** NO", false},
    {"{\"label\": \"YES\"} {\"label\": \"YES\"}", true},
    {"{not json} {\"other\": 1} {\"label\": \"NO\"}", false},
  };
  for (const auto& [text, yes] : all) {
    const auto read = read_label(text);
    ASSERT_TRUE(read) << text << ": " << events::describe(read.error());
    EXPECT_EQ(read->performance, yes) << text;
  }
  EXPECT_EQ(read_label(all[0].first)->reasoning, "it caches");
}

TEST(read_label, FollowsBracesThatNeverCloseNotForEver) {
  const std::string open(4'000'000, '{');
  EXPECT_FALSE(read_label(open));
  EXPECT_TRUE(read_label("{\"label\": \"YES\"}"));
}

TEST(read_label, TakesProseWithoutALabelForNoAnswer) {
  for (const auto* text : {"",
                           " \n",
                           "I think this makes it faster.",
                           "No doubt this is performance work",
                           "Not sure",
                           "None of these",
                           "Nothing here says so",
                           "NOTE: it is faster",
                           "Yes and no",
                           "no-one knows",
                           "{}",
                           "{\"label\": \"MAYBE\"}",
                           "{\"label\": \"YES or NO\"}",
                           "{\"label\": \"YES/NO\"}",
                           "{\"label\": \"YES\"} or {\"label\": \"NO\"}",
                           "{\"label\": null}",
                           "{\"label\": \"YES\"",
                           "{\"label\": 1}",
                           "<think>YES",
                           "<think>YES</think>",
                           "label",
                           "Label:",
                           "The label could be YES",
                           "\xFF\xFE"}) {
    const auto read = read_label(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(events::code_of(read.error()), ec::malformed) << text;
  }
}

TEST(read_category, FindsBothNames) {
  for (const auto* text :
       {R"({"category":"cache_and_reuse","difficulty":"easy","reasoning":"r"})",
        R"({"category":"Cache and reuse","difficulty":"EASY","reasoning":"r"})",
        "so:\n```\n{\"category\": \"cache-and-reuse\", \"difficulty\": "
        "\"easy\"}\n```",
        "Category: cache_and_reuse\nDifficulty: easy",
        "**Category:** `cache_and_reuse`\n**Difficulty:** Easy."}) {
    const auto read = read_category(text, rules());
    ASSERT_TRUE(read) << text << ": " << events::describe(read.error());
    EXPECT_EQ(read->category, "cache_and_reuse") << text;
    EXPECT_EQ(read->difficulty, "easy") << text;
  }
  EXPECT_EQ(read_category(R"({"category":"uncategorized","difficulty":"hard"})",
                          rules())
              ->category,
            "uncategorized");
}

TEST(read_category, RefusesNamesThatThePromptDoesNotHave) {
  const auto wrong = [](const char* text) {
    const auto read = read_category(text, rules());
    EXPECT_FALSE(read) << text;
    return read ? "" : events::describe(read.error());
  };
  EXPECT_THAT(wrong(R"({"category":"make_it_fast","difficulty":"easy"})"),
              HasSubstr("category \"make_it_fast\""));
  EXPECT_THAT(wrong(R"({"category":"cache_and_reuse","difficulty":"trivial"})"),
              HasSubstr("difficulty \"trivial\""));
  EXPECT_THAT(wrong(R"({"category":"cache_and_reuse"})"),
              HasSubstr("difficulty"));
  EXPECT_THAT(wrong("it is about caches"), HasSubstr("no category"));
}

TEST(schemas, NameWhatThePromptNames) {
  const auto label = nlohmann::json::parse(label_schema());
  EXPECT_EQ(label["required"].size(), 2u);
  EXPECT_FALSE(label["additionalProperties"]);
  const auto category = nlohmann::json::parse(category_schema(rules()));
  EXPECT_EQ(category["properties"]["category"]["enum"].size(), 14u);
  EXPECT_EQ(category["required"].size(), 3u);
}

} // namespace
} // namespace fc::actors
