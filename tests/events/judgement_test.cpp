#include "tests/events/codec_suite.hpp"

namespace fc::events {

INSTANTIATE_TYPED_TEST_SUITE_P(judgement, event_codec,
                               types_of<judgement_events>);

TEST(judgement_events, KeepCostsToTheLastBit) {
  auto x = samples::answered();
  x.cost_usd = 0.1 + 0.2;
  EXPECT_EQ(decode(encode(x), 1, std::type_identity<answered>{})->cost_usd,
            0.1 + 0.2);
}

} // namespace fc::events
