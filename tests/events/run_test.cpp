#include "tests/events/codec_suite.hpp"

namespace fc::events {

INSTANTIATE_TYPED_TEST_SUITE_P(run, event_codec, types_of<run_events>);

TEST(run_events, KeepCountsBeyond32Bits) {
  auto x = samples::spent();
  x.tokens = ~std::uint64_t{0};
  EXPECT_EQ(decode(encode(x), 1, std::type_identity<spent>{})->tokens,
            x.tokens);
}

} // namespace fc::events
