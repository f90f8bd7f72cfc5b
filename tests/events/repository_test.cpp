#include "tests/events/codec_suite.hpp"

namespace fc::events {

INSTANTIATE_TYPED_TEST_SUITE_P(repository, event_codec,
                               types_of<repository_events>);

TEST(repository_events, KeepTimesBefore1970) {
  auto x = samples::window_reconciled();
  x.start = timestamp{std::chrono::nanoseconds{-1}};
  EXPECT_EQ(
    decode(encode(x), 1, std::type_identity<window_reconciled>{})->start,
    x.start);
}

} // namespace fc::events
