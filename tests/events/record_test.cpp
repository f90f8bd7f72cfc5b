#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace fc::events {

namespace {

record sample() {
  auto x = samples::record_of(samples::classified(), 42, 4);
  x.policy = sha256(as_bytes("policy"));
  x.causation = 41;
  return x;
}

} // namespace

TEST(record, EnvelopeSurvivesARoundTrip) {
  const auto back = decode_envelope(encode_envelope(sample()));
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_EQ(*back, sample());
}

TEST(record, EnvelopeOfNothingSurvivesARoundTrip) {
  const auto back = decode_envelope(encode_envelope({}));
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_EQ(*back, record{});
}

TEST(record, EnvelopeLeavesOutTheChain) {
  auto x = sample();
  x.chain = sha256(as_bytes("chain"));
  EXPECT_EQ(encode_envelope(x), encode_envelope(sample()));
}

TEST(record, EnvelopeNeverCrashesOnDamage) {
  const auto whole = encode_envelope(sample());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const bytes cut(whole.begin(),
                    whole.begin() + static_cast<std::ptrdiff_t>(size));
    if (const auto back = decode_envelope(cut); !back) {
      EXPECT_EQ(code_of(back.error()), ec::corrupt);
    }
  }
  for (std::size_t i = 0; i < whole.size() * 8; ++i) {
    auto bad = whole;
    bad[i / 8] = static_cast<std::uint8_t>(bad[i / 8] ^ (1U << (i % 8)));
    if (const auto back = decode_envelope(bad); !back) {
      EXPECT_EQ(code_of(back.error()), ec::corrupt);
    }
  }
}

TEST(record, ChainDependsOnEverythingBefore) {
  const auto envelope = encode_envelope(sample());
  const auto first = chain_digest({}, envelope);
  EXPECT_NE(first, chain_digest(first, envelope));
  EXPECT_EQ(first, sha256({digest{}.value, envelope}));
}

TEST(record, HoldsTheEventItsTagNames) {
  const auto x = event_in<classified>(sample());
  ASSERT_TRUE(x) << describe(x.error());
  EXPECT_EQ(*x, samples::classified());
  const auto other = event_in<scraped>(sample());
  ASSERT_FALSE(other);
  EXPECT_EQ(code_of(other.error()), ec::invalid_argument);
}

TEST(catalog, VisitsTheEventOfEveryTag) {
  std::size_t visited = 0;
  samples::for_each(
    [&]<class T>(const T& x) {
      const auto err = visit(samples::record_of(x), [&](const auto& y) {
        if constexpr (std::is_same_v<std::decay_t<decltype(y)>, T>) {
          EXPECT_EQ(x, y);
          ++visited;
        }
      });
      EXPECT_FALSE(err) << describe(err);
      EXPECT_EQ(name_of(T::tag), T::name);
    },
    all_events{});
  EXPECT_EQ(visited, catalog.size());
}

TEST(catalog, AsksForANewerProgramWhenTheTagIsUnknown) {
  auto x = sample();
  x.tag = 65000;
  const auto err = visit(x, [](const auto&) { FAIL(); });
  EXPECT_EQ(code_of(err), ec::too_new);
  EXPECT_NE(describe(err).find("65000"), std::string::npos);
  EXPECT_EQ(name_of(65000), "unknown");
}

TEST(catalog, ReportsADamagedPayload) {
  auto x = sample();
  x.payload.assign(3, 0xff);
  const auto err = visit(x, [](const auto&) { FAIL(); });
  EXPECT_EQ(code_of(err), ec::corrupt);
}

} // namespace fc::events
