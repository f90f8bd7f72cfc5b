#include "events/common/bounded_json.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace fc::events::common {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::string repeated(std::string_view part, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += part;
  return all;
}

std::string refusal(std::string_view text, const json_bounds& bounds = {}) {
  const auto found = parse_json(text, bounds);
  EXPECT_TRUE(read_json(text, bounds).is_discarded());
  return found ? "none" : describe(found.error());
}

TEST(bounded_json, RefusesTwoHundredThousandNestedLists) {
  for (const auto* part : {"[", "{\"a\":", "[{\"a\":"})
    EXPECT_THAT(refusal(repeated(part, 200'000)),
                HasSubstr("nested deeper than 64 levels at byte"));
  EXPECT_THAT(refusal(repeated("[", 200'000) + repeated("]", 200'000)),
              AllOf(HasSubstr("malformed"), Not(HasSubstr("\n")),
                    SizeIs(testing::Lt(100u))));
}

TEST(bounded_json, ReadsUpToTheDepthAndBracketsInTexts) {
  EXPECT_TRUE(parse_json(repeated("[", 64) + repeated("]", 64)));
  EXPECT_THAT(refusal(repeated("[", 65) + repeated("]", 65)),
              HasSubstr("deeper"));
  const auto text = "\"" + repeated("[{\\\"", 100'000) + "\"";
  EXPECT_TRUE(parse_json(text));
  // Lists beside each other are not within each other.
  EXPECT_TRUE(parse_json("[" + repeated("[],", 1000) + "[]]"));
}

TEST(bounded_json, BoundsBytesAndMemory) {
  EXPECT_THAT(refusal("[1,2,3]", {.bytes = 6}), HasSubstr("has 7 bytes"));
  EXPECT_THAT(refusal("[" + repeated("0,", 1000) + "0]", {.memory = 10'000}),
              HasSubstr("memory"));
  EXPECT_THAT(
    refusal("{" + repeated("\"a\":1,", 1000) + "\"b\":1}", {.memory = 100'000}),
    HasSubstr("memory"));
}

TEST(bounded_json, QuotesLittleOfWhatItDoesNotUnderstand) {
  const auto text = refusal("[\"" + std::string(1'000'000, 'x') + "\x1b");
  EXPECT_THAT(text, AllOf(SizeIs(testing::Lt(500u)), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(refusal(""), HasSubstr("malformed"));
  EXPECT_THAT(refusal("{\"a\":1"), HasSubstr("malformed"));
}

TEST(bounded_json, OneOddTextCostsNoAnswer) {
  const auto text = [](std::string_view x) {
    const auto found = parse_json(x);
    EXPECT_EQ(read_json(x), *found);
    return found->at(0).get<std::string>();
  };
  EXPECT_EQ(text(R"(["a\ud800b"])"), "a\uFFFDb");
  EXPECT_EQ(text(R"(["\udc00\ud83d\ude80"])"), "\uFFFD\U0001F680");
  EXPECT_EQ(text("[\"caf\xE9\"]"), "caf\uFFFD");
  EXPECT_EQ(text(R"(["\\ud800"])"), "\\ud800");
  EXPECT_EQ(text(R"(["a\u0000b"])"), (std::string{"a\0b", 3}));
}

} // namespace
} // namespace fc::events::common
