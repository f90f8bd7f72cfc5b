#include "tests/events/codec_suite.hpp"

namespace fc::events {

INSTANTIATE_TYPED_TEST_SUITE_P(service, event_codec, types_of<service_events>);

TEST(service_events, HaveAStreamForEachService) {
  EXPECT_EQ(service_stream("github"), "service/github");
}

} // namespace fc::events
