#include "tools/fc-data/options.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

namespace fc::tools {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// As from a command line; a refusal is one line on standard error.
struct repository_arguments : testing::Test {
  void SetUp() override {
    ::unsetenv("GH_TOKENS");
    ::unsetenv("GH_TOKEN");
  }

  parsed_options parse(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "fc-data");
    std::vector<char*> raw;
    for (auto& each : arguments)
      raw.push_back(each.data());
    testing::internal::CaptureStderr();
    auto parsed = parse_options(static_cast<int>(raw.size()), raw.data());
    err = testing::internal::GetCapturedStderr();
    return parsed;
  }
  parsed_options parse_window(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--start-date", "2026-10-01",
                                       "--end-date", "2026-11-01"});
    return parse(std::move(arguments));
  }
  void expect_mistake(const std::vector<std::string>& arguments,
                      const std::string& words) {
    const auto parsed = parse_window(arguments);
    EXPECT_EQ(parsed.exit, exit_code::usage);
    EXPECT_THAT(err, HasSubstr(words));
    EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
  }

  std::string err;
};

} // namespace

TEST_F(repository_arguments, NameSources) {
  ::setenv("GH_TOKENS", " a , b,", 1);
  const auto parsed
    = parse_window({"--repositories", "code-search", "--repositories", "list:x",
                    "--repositories", "a/b,c/d"});
  EXPECT_FALSE(parsed.exit) << err;
  const auto& x = parsed.values.repositories;
  EXPECT_THAT(x.sources, ElementsAre("code-search", "list:x", "a/b,c/d"));
  EXPECT_THAT(x.tokens, ElementsAre("a", "b"));
  EXPECT_TRUE(x.asks("code-search"));
  EXPECT_FALSE(x.asks("bigquery"));
}

TEST_F(repository_arguments, TakeTheOldNameOfTheToken) {
  ::setenv("GH_TOKEN", "one", 1);
  EXPECT_THAT(
    parse_window({"--repositories", "a/b"}).values.repositories.tokens,
    ElementsAre("one"));
}

TEST_F(repository_arguments, RefuseSourcesThatAreNone) {
  expect_mistake({}, "--source or --repositories");
  expect_mistake({"--repositories", "codesearch"}, "is not one of list:FILE");
  expect_mistake({"--repositories", "list:"}, "names no file");
  expect_mistake({"--repositories", "a/b,c"}, "'c' is neither");
  expect_mistake({"--repositories", "parquet:x.parquet"}, "jsonl:x.jsonl");
}

TEST_F(repository_arguments, OrderExclusionsWithoutARun) {
  const auto parsed = parse({"--exclude", "a/b=too = noisy", "--readmit",
                             "https://github.com/c/d=fixed"});
  EXPECT_FALSE(parsed.exit) << err;
  EXPECT_TRUE(parsed.values.only_orders());
  const auto& orders = parsed.values.repositories.orders;
  ASSERT_EQ(orders.size(), 2U);
  EXPECT_EQ(orders[0].repo.str(), "a/b");
  EXPECT_EQ(orders[0].reason, "too = noisy");
  EXPECT_FALSE(orders[0].readmit);
  EXPECT_EQ(orders[1].repo.str(), "c/d");
  EXPECT_TRUE(orders[1].readmit);
}

TEST_F(repository_arguments, RefuseOrdersWithoutAReason) {
  expect_mistake({"--exclude", "a/b"}, "needs owner/name=REASON");
  expect_mistake({"--exclude", "a/b= "}, "needs owner/name=REASON");
  expect_mistake({"--readmit", "b=x"}, "needs owner/name=REASON");
  expect_mistake({"--exclude", "a/b=x", "--readmit", "a/b=y"},
                 "a/b is excluded or readmitted twice");
}

TEST_F(repository_arguments, RefuseHalfAnApp) {
  expect_mistake({"--repositories", "a/b", "--github-app", "7"},
                 "needs --github-app, --github-app-key and");
}

TEST_F(repository_arguments, RefuseAddressesThatAreNone) {
  expect_mistake({"--repositories", "a/b", "--github-api", "github.com"},
                 "http or https");
  expect_mistake({"--repositories", "a/b", "--github-git", "file:///x.git"},
                 "lacks {name}");
}

TEST_F(repository_arguments, CheckNothingButThePreflightsOwn) {
  EXPECT_FALSE(parse({"--preflight", "--json"}).exit) << err;
  expect_mistake({"--repositories", "a/b", "--json"},
                 "--json belongs to --preflight");
}

TEST_F(repository_arguments, AreInTheConfigurationWithoutTokens) {
  ::setenv("GH_TOKENS", "hush", 1);
  const auto x
    = parse_window({"--repositories", "c/d", "--repositories", "a/b"});
  EXPECT_EQ(repository_configuration(x.values.repositories),
            R"({"api":"https://api.github.com","sources":["a/b","c/d"]})");
  EXPECT_EQ(repository_configuration({}), "");
}

} // namespace fc::tools
