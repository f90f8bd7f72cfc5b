#pragma once

#include "tests/support/files.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

/// What must hold of every event's codec. A family's test instantiates it:
/// INSTANTIATE_TYPED_TEST_SUITE_P(name, event_codec, types_of<its_events>);
namespace fc::events {

template <class List>
struct to_types;

template <class... Ts>
struct to_types<list<Ts...>> {
  using type = ::testing::Types<Ts...>;
};

template <class List>
using types_of = typename to_types<List>::type;

/// `ScrapedV1.hex`; `ScrapedV1-2.hex` since a field was added, and so on.
inline std::filesystem::path
golden_path(std::string_view name, unsigned version, unsigned edition) {
  auto file = std::string{name} + "V" + std::to_string(version);
  if (edition > 1)
    file += "-" + std::to_string(edition);
  return support::source_dir() / "tests/events/golden" / (file + ".hex");
}

/// Bytes of a golden file: hex digits, line breaks anywhere.
inline bytes from_golden(const std::string& text) {
  bytes result;
  int high = -1;
  for (const char c : text) {
    const auto digit
      = std::string_view{"0123456789abcdef"}.find(c); // npos: a line break
    if (digit == std::string_view::npos)
      continue;
    if (high >= 0)
      result.push_back(static_cast<std::uint8_t>(high * 16 + int(digit)));
    high = high >= 0 ? -1 : static_cast<int>(digit);
  }
  return result;
}

inline std::string to_golden(byte_view data) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < data.size(); ++i) {
    text += digits[data[i] >> 4U];
    text += digits[data[i] & 15U];
    if (i % 40 == 39)
      text += '\n';
  }
  return text.ends_with('\n') ? text : text + '\n';
}

template <class T>
class event_codec : public ::testing::Test {
public:
  static expected<T> read(byte_view raw, std::uint8_t version = T::version) {
    return decode(raw, version, std::type_identity<T>{});
  }

  const T sample = samples::of(std::type_identity<T>{});
};

TYPED_TEST_SUITE_P(event_codec);

TYPED_TEST_P(event_codec, SurvivesARoundTrip) {
  const auto back = this->read(encode(this->sample));
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_EQ(*back, this->sample);
}

TYPED_TEST_P(event_codec, SurvivesARoundTripWhenEmpty) {
  const auto back = this->read(encode(TypeParam{}));
  ASSERT_TRUE(back) << describe(back.error());
  EXPECT_EQ(*back, TypeParam{});
}

TYPED_TEST_P(event_codec, HasASampleThatIsNotEmpty) {
  EXPECT_NE(this->sample, TypeParam{});
}

TYPED_TEST_P(event_codec, StillReadsItsGoldenBytes) {
  TypeParam newest;
  unsigned edition = 1;
  for (unsigned version = 1; version <= TypeParam::version; ++version)
    for (edition = 1;; ++edition) {
      const auto path = golden_path(TypeParam::name, version, edition);
      if (!std::filesystem::exists(path))
        break;
      const auto back = this->read(from_golden(support::read_file(path)),
                                   static_cast<std::uint8_t>(version));
      ASSERT_TRUE(back) << path << ": " << describe(back.error());
      newest = *back;
    }
  const auto next = golden_path(TypeParam::name, TypeParam::version, edition);
  if (newest != this->sample && std::getenv("FC_WRITE_GOLDEN") != nullptr)
    support::write_file(next, to_golden(encode(this->sample)));
  else
    EXPECT_EQ(newest, this->sample)
      << "the newest golden bytes are not the sample's; see README.md for "
      << next;
}

TYPED_TEST_P(event_codec, RefusesAVersionFromTheFuture) {
  const auto back = this->read(encode(this->sample), TypeParam::version + 1);
  ASSERT_FALSE(back);
  EXPECT_EQ(code_of(back.error()), ec::too_new);
  EXPECT_NE(describe(back.error()).find(TypeParam::name), std::string::npos);
}

TYPED_TEST_P(event_codec, RefusesNothingAtAll) {
  const auto back = this->read({});
  ASSERT_FALSE(back);
  EXPECT_EQ(code_of(back.error()), ec::corrupt);
}

TYPED_TEST_P(event_codec, NeverCrashesOnTruncatedBytes) {
  const auto whole = encode(this->sample);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    // A copy of its own, so that a sanitizer sees a read past the end.
    const bytes cut(whole.begin(),
                    whole.begin() + static_cast<std::ptrdiff_t>(size));
    if (const auto back = this->read(cut); !back) {
      EXPECT_EQ(code_of(back.error()), ec::corrupt) << size;
    }
  }
}

TYPED_TEST_P(event_codec, NeverCrashesOnAFlippedBit) {
  const auto whole = encode(this->sample);
  for (std::size_t i = 0; i < whole.size() * 8; ++i) {
    auto bad = whole;
    bad[i / 8] = static_cast<std::uint8_t>(bad[i / 8] ^ (1U << (i % 8)));
    if (const auto back = this->read(bad); !back) {
      EXPECT_EQ(code_of(back.error()), ec::corrupt) << i;
    }
  }
}

REGISTER_TYPED_TEST_SUITE_P(event_codec, SurvivesARoundTrip,
                            SurvivesARoundTripWhenEmpty,
                            HasASampleThatIsNotEmpty, StillReadsItsGoldenBytes,
                            RefusesAVersionFromTheFuture, RefusesNothingAtAll,
                            NeverCrashesOnTruncatedBytes,
                            NeverCrashesOnAFlippedBit);

} // namespace fc::events
