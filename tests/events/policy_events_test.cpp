#include "tests/events/codec_suite.hpp"

namespace fc::events {

INSTANTIATE_TYPED_TEST_SUITE_P(policy_events, event_codec,
                               types_of<policy_events>);

TEST(policy_events, KeepTheWholeText) {
  auto x = samples::policy_adopted();
  x.text.assign(100'000, 'p');
  EXPECT_EQ(decode(encode(x), 1, std::type_identity<policy_adopted>{})->text,
            x.text);
}

} // namespace fc::events
