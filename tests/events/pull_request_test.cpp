#include "tests/events/codec_suite.hpp"

namespace fc::events {

INSTANTIATE_TYPED_TEST_SUITE_P(pull_request, event_codec,
                               types_of<pull_request_events>);

TEST(pull_request_events, KeepTextThatIsNotAscii) {
  auto x = samples::scraped();
  using namespace std::string_literals;
  x.title = "zero \0 byte, \xff, \U0001F680"s;
  const auto back = decode(encode(x), 1, std::type_identity<scraped>{});
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_EQ(back->title, x.title);
}

TEST(pull_request_events, TellAnAbsentDiffFromAnEmptyOne) {
  auto x = samples::scraped();
  x.diff = {};
  EXPECT_FALSE(decode(encode(x), 1, std::type_identity<scraped>{})->diff);
  x.diff = {sha256(byte_view{}), 0};
  EXPECT_TRUE(decode(encode(x), 1, std::type_identity<scraped>{})->diff);
}

} // namespace fc::events
