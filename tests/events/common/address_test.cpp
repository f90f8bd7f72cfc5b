#include "events/common/address.hpp"

#include <gmock/gmock.h>

namespace fc::events::common {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(credentials, AreSplitFromAnAddress) {
  const auto x = split_credentials("https://ann:p%40ss%2Fw@host:8443/a/b.git");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->url, "https://host:8443/a/b.git");
  EXPECT_EQ(x->user, "ann");
  EXPECT_EQ(x->password, "p@ss/w");
  const auto token = split_credentials("https://hush@host/a/b");
  EXPECT_EQ(token->url, "https://host/a/b");
  EXPECT_EQ(token->user, "hush");
  const auto raw = split_credentials("https://ann:p/a?s@s@host/a/b");
  EXPECT_EQ(raw->url, "https://host/a/b");
  EXPECT_EQ(raw->password, "p/a?s@s");
}

TEST(credentials, AreNotSeenWhereNoneAre) {
  for (const auto* url : {"https://host/a/b.git", "https://host:80/a/b@1.0",
                          "/a/b", "file:///a@b", "git@host:a/b.git",
                          "https://[::1]:80/a@b", "host:a/b", ""}) {
    const auto x = split_credentials(url);
    ASSERT_TRUE(x) << url;
    EXPECT_EQ(x->url, url);
    EXPECT_FALSE(x->has_credentials());
    EXPECT_EQ(without_credentials(url), url);
  }
}

TEST(credentials, ThatSshCannotTakeAreRefusedAndNotQuoted) {
  for (const auto* url : {"ssh://ann:hush@host/a/b", "ann:hush@host:a/b",
                          "git+ssh://ann:hush@host/a"}) {
    const auto x = split_credentials(url);
    ASSERT_FALSE(x) << url;
    EXPECT_THAT(describe(x.error()), Not(HasSubstr("hush")));
  }
  EXPECT_EQ(split_credentials("ssh://ann@host/a/b")->url, "ssh://ann@host/a/b");
  EXPECT_FALSE(split_credentials("https://a%0ab:c@host/"));
}

TEST(credentials, InABrokenAddressAreRefusedAndNotQuoted) {
  for (const auto* url :
       {"http:/ann:hush@host/a/b", "https//ann:hush@host/a/b",
        "https:hush@host/a/b", "//ann:hush@host/a/b",
        "https://ann:hu hush@host/a", "https://ann:hu\"hush@host/a",
        "https://ann:hu<hush@host/a", "https://ann:hu`hush@host/a"}) {
    const auto x = split_credentials(url);
    ASSERT_FALSE(x) << url;
    EXPECT_THAT(describe(x.error()), Not(HasSubstr("hush")));
  }
  for (const auto* url :
       {"/a/u:x@y/b", "//host/a@b", "https/a/b@c", "git@host:a",
        "file:///a b@c", "github:a/b@c", "a b@c/d"})
    EXPECT_EQ(split_credentials(url)->url, url);
}

TEST(credentials, AreCutOutOfEveryAddressInAText) {
  EXPECT_EQ(without_credentials(
              "fatal: 'https://a:hush@h/x' and ssh://b:hush@i/y: gone"),
            "fatal: 'https://h/x' and ssh://i/y: gone");
  EXPECT_EQ(without_credentials("https://h/x?private_token=hush&y=1#z"),
            "https://h/x?private_token=***&y=1#z");
  EXPECT_EQ(without_credentials(
              "https://h/x?X-Amz-Signature=hush&api-key=hush&sig=hush"),
            "https://h/x?X-Amz-Signature=***&api-key=***&sig=***");
  EXPECT_EQ(without_credentials(R"({"source":"https://u:hush@h/x","n":1})"),
            R"({"source":"https://h/x","n":1})");
}

TEST(credentials, ThatMessagesAskForAreNoSecret) {
  const std::string advice = "write postgresql://user:password@host:port/x";
  EXPECT_EQ(without_credentials(advice), advice);
}

TEST(credentials, OfALongTextTakeNoLongTime) {
  std::string text;
  for (int i = 0; i < 300'000; ++i)
    text += "x://a=";
  EXPECT_EQ(without_credentials(text), text);
}

TEST(credentials, AreHiddenInTheArguments) {
  std::string program = "fc-data";
  std::string source = "--source=https://u:hush@h/x?token=hush";
  char* argv[] = {program.data(), source.data()};
  hide_credentials(2, argv);
  EXPECT_EQ(source, "--source=https://*******h/x?token=****");
}

TEST(database_addresses, ThatCannotBeReadAreNotQuoted) {
  for (const auto* address :
       {"postgresql://u:hu@sh@host/x", "postgresql://u:hu/sh@host/x",
        "postgresql://u:hu:sh@host/x", "postgresql://u:hu%zzsh@host/x",
        "mysql://u:hush@host/x", "u:hush@host/x", "hush",
        "postgresql://u:hush@ho\nst/x"}) {
    const auto err = check_database_address(address);
    EXPECT_EQ(code_of(err), ec::invalid_argument) << address;
    EXPECT_THAT(describe(err), Not(HasSubstr("sh@")));
  }
  for (const auto* address :
       {"postgresql://u:hush@host:5432/x?sslmode=require", "postgres:///x",
        "host=h password='hush' dbname=x", "postgresql://u:p%40q@h/x"})
    EXPECT_FALSE(check_database_address(address)) << address;
}

TEST(credentials, AreCutOutOfWhatTheirReadersSay) {
  const auto* url = "https://ann:hush%40hush@h/simple/";
  EXPECT_EQ(without_secrets_of("no hush@hush, hush%40hush for ann", url),
            "no ***, *** for ann");
  EXPECT_EQ(without_secrets_of("as hush-hush-9", "https://hush-hush-9@h/"),
            "as ***");
  EXPECT_EQ(without_secrets_of("as hush-hush-9", "https://hush-hush-9:@h/"),
            "as ***");
  EXPECT_EQ(without_secrets_of("nothing", "https://h/"), "nothing");
  EXPECT_EQ(without_secrets_of("nothing", ""), "nothing");
}

TEST(database_addresses, LendTheirPasswordToNoMessage) {
  EXPECT_EQ(without_password("role hush-hush", "postgresql://u:hush-hush@h/x"),
            "role ***");
  EXPECT_EQ(without_password("a p@ssword", "postgresql://u:p%40ssword@h/x"),
            "a ***");
  EXPECT_EQ(without_password("role hush-hush", "password='hush-hush' host=h"),
            "role ***");
  EXPECT_EQ(without_password("no x", "postgresql://u:x@h/x"), "no x");
}

} // namespace
} // namespace fc::events::common
