#include "tests/events/codec_suite.hpp"

namespace fc::events {

INSTANTIATE_TYPED_TEST_SUITE_P(measurement, event_codec,
                               types_of<measurement_events>);

TEST(measurement_events, KeepRawPairsToTheLastBit) {
  auto x = samples::trialled();
  x.benchmarks[0].confirm_base = {1e-9, 0.1 + 0.2, 5e-324, 1e308, -0.0};
  const auto back = decode(encode(x), 1, std::type_identity<trialled>{});
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_EQ(back->benchmarks[0].confirm_base, x.benchmarks[0].confirm_base);
}

} // namespace fc::events
