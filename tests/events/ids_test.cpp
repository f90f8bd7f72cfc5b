#include "events/ids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace fc::events {

namespace {

timestamp at(std::int64_t seconds, std::int64_t ns = 0) {
  return timestamp{std::chrono::seconds{seconds}
                   + std::chrono::nanoseconds{ns}};
}

} // namespace

// -- digests ------------------------------------------------------------------

TEST(digest, IsTheSha256OfItsPieces) {
  EXPECT_EQ(sha256(byte_view{}).hex(), "e3b0c44298fc1c149afbf4c8996fb924"
                                       "27ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(as_bytes("abc")).hex(), "ba7816bf8f01cfea414140de5dae2223"
                                           "b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256({as_bytes("a"), {}, as_bytes("bc")}),
            sha256(as_bytes("abc")));
}

TEST(digest, OfZerosIsNone) {
  EXPECT_FALSE(digest{});
  EXPECT_TRUE(sha256(byte_view{}));
  EXPECT_FALSE(blob_ref{});
}

TEST(digest, ReadsTheHexItWrites) {
  const auto x = sha256(as_bytes("abc"));
  const auto back = digest::from_hex(x.hex());
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, x);
}

TEST(digest, RefusesWhatIsNotHex) {
  const auto good = sha256(as_bytes("abc")).hex();
  for (const auto& bad :
       {std::string{}, good.substr(1), good + "0", "g" + good.substr(1),
        "+" + good.substr(1), "-" + good.substr(1), " " + good.substr(1)}) {
    const auto x = digest::from_hex(bad);
    ASSERT_FALSE(x) << bad;
    EXPECT_EQ(code_of(x.error()), ec::malformed);
  }
}

TEST(event_id, IsRandom) {
  std::set<event_id> ids;
  for (int i = 0; i < 1000; ++i)
    ids.insert(event_id::random());
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_EQ(ids.begin()->hex().size(), 32U);
}

TEST(bytes, AndTextAreTwoViewsOfOneThing) {
  const std::string text{"a\0b", 3};
  EXPECT_EQ(as_text(as_bytes(text)), text);
}

// -- names --------------------------------------------------------------------

TEST(repo_name, HasTwoParts) {
  const auto x = repo_name::parse("Some-Owner/some_repo.py");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->str(), "Some-Owner/some_repo.py");
  EXPECT_EQ(x->owner(), "Some-Owner");
  EXPECT_EQ(x->name(), "some_repo.py");
  EXPECT_EQ(x->file_name(), "Some-Owner__some_repo.py");
}

TEST(repo_name, RefusesEverythingElse) {
  for (const auto* bad :
       {"", "/", "owner", "owner/", "/name", "a/b/c", "a b/c", "a/b#1", "a/..",
        "../b", "./b", "a/.", "a/b\n", "\xc3\xa4/b", "a\\b/c"}) {
    const auto x = repo_name::parse(bad);
    ASSERT_FALSE(x) << bad;
    EXPECT_EQ(code_of(x.error()), ec::invalid_argument);
  }
  EXPECT_FALSE(repo_name::parse(std::string_view{"a/b\0", 4}));
}

TEST(repo_name, IsEmptyByDefault) {
  EXPECT_EQ(repo_name{}.str(), "");
  EXPECT_EQ(repo_name{}.owner(), "");
  EXPECT_EQ(repo_name{}.name(), "");
}

TEST(pull_request_id, ReadsWhatItWrites) {
  const auto x = pull_request_id::parse("owner/name#4294967295");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->number, 4294967295U);
  EXPECT_EQ(x->str(), "owner/name#4294967295");
}

TEST(pull_request_id, RefusesEverythingElse) {
  for (const auto* bad :
       {"", "owner/name", "owner/name#", "owner/name#0", "owner/name#-1",
        "owner/name#+1", "owner/name#1x", "owner/name# 1", "owner/name#1#2",
        "owner#1", "owner/name#4294967296", "#1"}) {
    const auto x = pull_request_id::parse(bad);
    ASSERT_FALSE(x) << bad;
    EXPECT_EQ(code_of(x.error()), ec::invalid_argument) << bad;
  }
}

TEST(stream_name, SaysWhatItIsAbout) {
  const auto repo = *repo_name::parse("owner/name");
  EXPECT_EQ(stream_of(repo), "repo/owner/name");
  EXPECT_EQ(stream_of(pull_request_id{repo, 12}), "pr/owner/name#12");
  EXPECT_EQ(run_stream("x"), "run/x");
  EXPECT_EQ(*pull_request_of("pr/owner/name#12"), (pull_request_id{repo, 12}));
  EXPECT_FALSE(pull_request_of("repo/owner/name"));
  EXPECT_FALSE(pull_request_of("pr/owner/name"));
  EXPECT_FALSE(pull_request_of(""));
}

// -- times --------------------------------------------------------------------

TEST(time, IsWrittenInUtc) {
  EXPECT_EQ(to_iso8601(at(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_iso8601(at(1706702400)), "2024-01-31T12:00:00Z");
  EXPECT_EQ(to_iso8601(at(1706702400, 5)), "2024-01-31T12:00:00.000000005Z");
  EXPECT_EQ(to_iso8601(at(-1)), "1969-12-31T23:59:59Z");
}

// Regression: the day on which nanoseconds begin starts before them.
TEST(time, IsWrittenUpToBothEndsOfNanoseconds) {
  EXPECT_EQ(to_iso8601(timestamp::min()), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(to_iso8601(timestamp::max()), "2262-04-11T23:47:16.854775807Z");
}

TEST(time, IsReadAsDayOrSecond) {
  EXPECT_EQ(*parse_time("2024-01-31"), at(1706659200));
  EXPECT_EQ(*parse_time("2024-01-31T12:00:00Z"), at(1706702400));
  EXPECT_EQ(*parse_time("2024-02-29"), at(1709164800));
  EXPECT_EQ(*parse_time("2000-02-29T23:59:59Z"), at(951868799));
}

TEST(time, RefusesImpossibleDates) {
  for (const auto* bad :
       {"2023-02-29", "1900-02-29", "2024-02-30", "2024-04-31", "2024-00-10",
        "2024-13-01", "2024-01-00", "2024-01-32", "2024-01-31T24:00:00Z",
        "2024-01-31T12:60:00Z", "2024-01-31T12:00:60Z",
        "2024-01-31T-1:00:00Z"}) {
    const auto x = parse_time(bad);
    ASSERT_FALSE(x) << bad;
    EXPECT_EQ(code_of(x.error()), ec::invalid_argument);
  }
}

TEST(time, RefusesOtherWaysToWriteIt) {
  for (const auto* bad :
       {"", "2024", "2024-01", "2024-1-31", "24-01-31", "31.01.2024",
        "2024-01-31 12:00:00", "2024-01-31T12:00:00", "2024-01-31T12:00Z",
        "2024-01-31T12:00:00+01:00", "2024-01-31x", " 2024-01-31",
        "2024-01-31T12:00:00Zx", "yesterday", "-123-01-01", "2024- 1- 1",
        "+024-01-01", "2024-01-31T+1:00:00Z", "2024-01-31T 1: 0: 0Z"})
    EXPECT_FALSE(parse_time(bad)) << bad;
}

/// They would wrap around and be another time altogether.
TEST(time, RefusesWhatNanosecondsCannotHold) {
  for (const auto* bad :
       {"0000-01-01", "1677-09-21T00:12:42Z", "1677-01-01", "2262-04-12",
        "2262-04-11T23:47:17Z", "9999-12-31", "9999-12-31T23:59:59Z"}) {
    const auto x = parse_time(bad);
    ASSERT_FALSE(x) << bad;
    EXPECT_NE(describe(x.error()).find("1678 to 2261"), std::string::npos);
  }
  for (const auto* good :
       {"1677-09-21T00:12:44Z", "1678-01-01", "2262-04-11T23:47:16Z"})
    EXPECT_EQ(to_iso8601(*parse_time(good)).substr(0, 10),
              std::string{good}.substr(0, 10));
}

/// Its day begins before what nanoseconds can say.
TEST(time, TheEarliestIsWrittenWithoutOverflow) {
  EXPECT_EQ(to_iso8601(timestamp::min()), "1677-09-21T00:12:43.145224192Z");
  EXPECT_EQ(to_iso8601(timestamp::max()), "2262-04-11T23:47:16.854775807Z");
  EXPECT_EQ(to_iso8601(timestamp{std::chrono::nanoseconds{-1}}),
            "1969-12-31T23:59:59.999999999Z");
}

TEST(time, BelongsToAMonth) {
  EXPECT_EQ(month_of(*parse_time("2024-01-31T23:59:59Z")), "2024-01");
  EXPECT_EQ(month_of(*parse_time("2024-02-01")), "2024-02");
}

} // namespace fc::events
