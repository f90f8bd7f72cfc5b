#include "events/codec/values.hpp"
#include "events/failures/fingerprint.hpp"
#include "schemas/pull_request_generated.h"
#include "tests/events/codec_suite.hpp"

namespace fc::events {

namespace {

/// Writes the first version of the event, which nobody writes any more.
struct builder_of_v1 {
  std::string message;
  std::string fingerprint;

  bytes write() const {
    builder b;
    return finish(b, fbs::CreateAttemptFailedV1(
                       b, put(b, std::string{"trial"}), 3,
                       put(b, std::string{"refused"}), put(b, message),
                       put(b, fingerprint),
                       put(b, blob_ref{sha256(as_bytes("log")), 3})));
  }

  expected<attempt_failed> read() const {
    return decode(write(), 1, std::type_identity<attempt_failed>{});
  }
};

} // namespace

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

TEST(attempt_failed_event, OfVersion1IsLifted) {
  builder_of_v1 old;
  old.message = "no matching distribution at 12:00:01";
  old.fingerprint = generalised(old.message);
  auto x = old.read();
  ASSERT_TRUE(x) << describe(x.error());
  EXPECT_EQ(x->stage, "trial");
  EXPECT_EQ(x->attempt, 3u);
  EXPECT_EQ(x->cause, "refused");
  EXPECT_EQ(x->message, old.message);
  // Old and new failures are recognised as the same.
  EXPECT_EQ(x->fingerprint, fingerprint_of(old.message));
  EXPECT_EQ(x->log, (blob_ref{sha256(as_bytes("log")), 3}));
  EXPECT_TRUE(x->known.empty());
  // Written again it is of version 2, and nothing of it is lost.
  EXPECT_EQ(*decode(encode(*x), 2, std::type_identity<attempt_failed>{}), *x);
}

TEST(attempt_failed_event, OfVersion1WithACutFingerprintGetsAWholeOne) {
  builder_of_v1 old;
  old.message = std::string(300, 'x') + " tail";
  old.fingerprint = std::string(160, 'x');
  EXPECT_EQ(old.read()->fingerprint, fingerprint_of(old.message));
}

TEST(attempt_failed_event, OfVersion1KeepsAFingerprintThatIsNotOfItsMessage) {
  builder_of_v1 old;
  old.message = "objects missing in the repository: aa, bb";
  old.fingerprint = "objects missing in the repository";
  EXPECT_EQ(old.read()->fingerprint, fingerprint_of(old.fingerprint));
  old.fingerprint = "";
  EXPECT_FALSE(old.read()->fingerprint);
}

TEST(attempt_failed_event, OfVersion1NeverCrashesOnAFlippedBit) {
  builder_of_v1 old;
  old.message = "no matching distribution";
  old.fingerprint = old.message;
  const auto whole = old.write();
  for (std::size_t i = 0; i < whole.size() * 8; ++i) {
    auto bad = whole;
    bad[i / 8] = static_cast<std::uint8_t>(bad[i / 8] ^ (1U << (i % 8)));
    const auto x = decode(bad, 1, std::type_identity<attempt_failed>{});
    if (!x) {
      EXPECT_EQ(code_of(x.error()), ec::corrupt) << i;
    }
  }
}

} // namespace fc::events
