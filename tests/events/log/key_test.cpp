#include "events/log/key.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace fc::events::log {

TEST(position_key, SortsAsItsNumber) {
  const std::vector<position> all{0,     1,     255,         256,
                                  65535, 65536, 1ULL << 32U, ~0ULL};
  std::string before;
  for (const auto at : all) {
    const auto key = position_key(at);
    EXPECT_EQ(key.size(), 8U);
    EXPECT_LT(before, key);
    EXPECT_EQ(parse_position(key), at);
    before = key;
  }
}

TEST(position_key, HasEightBytes) {
  EXPECT_FALSE(parse_position(""));
  EXPECT_FALSE(parse_position("1234567"));
  EXPECT_FALSE(parse_position("123456789"));
}

TEST(stream_key, SortsByNameThenSequence) {
  std::vector<std::pair<std::string, sequence>> places;
  for (const auto* name : {"a", "a\x01", "a/b", "ab", "b", "\xff"})
    for (const sequence seq : {1U, 2U, 255U, 256U, ~0U})
      places.emplace_back(name, seq);
  std::vector<std::string> keys;
  for (const auto& [name, seq] : places)
    keys.push_back(stream_key(name, seq));
  EXPECT_TRUE(std::ranges::is_sorted(keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto back = parse_stream_key(keys[i]);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->stream, places[i].first);
    EXPECT_EQ(back->seq, places[i].second);
  }
}

TEST(stream_key, EndsBeforeTheNextStream) {
  EXPECT_LT(stream_key("a", ~0U), after_stream("a"));
  EXPECT_LT(after_stream("a"), stream_key("a\x01", 0));
  EXPECT_LT(after_stream("a"), stream_key("ab", 0));
}

TEST(stream_key, RefusesDamagedKeys) {
  const auto good = stream_key("run/a", 7);
  EXPECT_TRUE(parse_stream_key(good));
  EXPECT_FALSE(parse_stream_key(""));
  EXPECT_FALSE(parse_stream_key("run/a"));
  EXPECT_FALSE(parse_stream_key(good.substr(1, good.size() - 2)));
  EXPECT_FALSE(parse_stream_key(good + "x"));
  EXPECT_FALSE(parse_stream_key(stream_key("", 7)));
}

TEST(stream_name, HasNoZeroByteAndSomeLength) {
  EXPECT_TRUE(is_stream_name("a"));
  EXPECT_TRUE(is_stream_name(std::string(max_stream_name, 'a')));
  EXPECT_FALSE(is_stream_name(std::string(max_stream_name + 1, 'a')));
  EXPECT_FALSE(is_stream_name(""));
  EXPECT_FALSE(is_stream_name(std::string_view{"a\0", 2}));
}

} // namespace fc::events::log
