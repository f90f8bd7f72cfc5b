#include "tests/events/codec_suite.hpp"

namespace fc::events {

INSTANTIATE_TYPED_TEST_SUITE_P(environment, event_codec,
                               types_of<environment_events>);

TEST(environment_events, KeepTheOrderOfSidesAndArtefacts) {
  auto x = samples::synthesized();
  x.sides[0].artefacts.push_back({"second.so", sha256(byte_view{}), 1});
  const auto back = decode(encode(x), 1, std::type_identity<synthesized>{});
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_EQ(back->sides, x.sides);
}

} // namespace fc::events
