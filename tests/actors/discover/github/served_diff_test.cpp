#include "actors/discover/github/served_diff.hpp"
#include "tests/actors/services/scripted_http.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using nlohmann::json;
using services::scripted_http;
using testing::ElementsAre;
using testing::HasSubstr;

class serving_diffs : public testing::Test {
protected:
  serving_diffs() {
    services::github_settings settings;
    settings.api = "https://api.test";
    client.emplace(settings, http, services::fixed_tokens({"hush"}),
                   std::make_shared<services::modelled_clock>(),
                   [] { return 0.0; });
  }

  services::expected<served_diff> read() {
    return read_served_diff(*client, *events::repo_name::parse("a/b"), 7, used,
                            nullptr);
  }
  served_diff must() {
    auto x = read();
    EXPECT_TRUE(x) << describe(x.error());
    return x ? *x : served_diff{};
  }
  void too_large() {
    http->then(406, R"({"message":"the diff exceeded the maximum number"})");
  }
  void files(const json& list, const std::string& link = {}) {
    http->then(scripted_http::reply(
      200, list.dump(),
      {{"content-type", "application/json"}, {"link", link}}));
  }
  std::vector<std::string> asked() {
    std::vector<std::string> all;
    for (const auto& each : http->asked)
      all.push_back(each.url.substr(std::string{"https://api.test"}.size()));
    return all;
  }

  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  std::optional<services::github_client> client;
  services::github_usage used;
};

TEST_F(serving_diffs, GivesWhatGitHubSays) {
  http->then(200, "diff --git a/x b/x\n");
  EXPECT_EQ(must().text, "diff --git a/x b/x\n");
  EXPECT_EQ(http->header(0, "Accept"), "application/vnd.github.diff");
  EXPECT_THAT(asked(), ElementsAre("/repos/a/b/pulls/7"));
}

/// The text of the redirect was taken for the diff.
TEST_F(serving_diffs, FollowsARepositoryToItsNewName) {
  http->then(scripted_http::reply(
    301, R"({"message":"Moved Permanently"})",
    {{"location", "https://api.test/repositories/9/pulls/7"}}));
  http->then(200, "diff");
  EXPECT_EQ(must().text, "diff");
  EXPECT_EQ(http->header(1, "Accept"), "application/vnd.github.diff");
  http->always([](const auto&) {
    return scripted_http::reply(301, "", {{"location", "https://evil.test/x"}});
  });
  EXPECT_EQ(code_of(read().error()), ec::refused);
  http->always([](const auto&) { return scripted_http::reply(301, "", {}); });
  EXPECT_EQ(code_of(read().error()), ec::refused);
  http->always([](const auto&) {
    return scripted_http::reply(301, "", {{"location", "/x"}});
  });
  EXPECT_EQ(code_of(read().error()), ec::malformed);
}

TEST_F(serving_diffs, IsPutTogetherFromFiles) {
  too_large();
  files({{{"filename", "new.py"},
          {"status", "added"},
          {"changes", 1},
          {"patch", "@@ -0,0 +1 @@\n+x"}},
         {{"filename", "gone.py"},
          {"status", "removed"},
          {"changes", 1},
          {"patch", "@@ -1 +0,0 @@\n-x"}}},
        "<https://api.test/repositories/9/pulls/7/files?page=2>; rel=\"next\"");
  files({{{"filename", "b.py"},
          {"previous_filename", "a.py"},
          {"status", "renamed"},
          {"changes", 0}},
         {{"filename", "big.bin"}, {"status", "modified"}, {"changes", 5}}});
  const auto x = must();
  EXPECT_EQ(x.text, "diff --git a/new.py b/new.py\n"
                    "--- /dev/null\n+++ b/new.py\n@@ -0,0 +1 @@\n+x\n"
                    "diff --git a/gone.py b/gone.py\n"
                    "--- a/gone.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
                    "diff --git a/a.py b/b.py\n"
                    "rename from a.py\nrename to b.py\n"
                    "diff --git a/big.bin b/big.bin\n");
  EXPECT_EQ(x.note,
            "put together from GitHub's list of 4 files, 1 without text");
  EXPECT_THAT(asked(), ElementsAre("/repos/a/b/pulls/7",
                                   "/repos/a/b/pulls/7/files?per_page=100",
                                   "/repositories/9/pulls/7/files?page=2"));
}

/// A path with a line end made lines of its own.
TEST_F(serving_diffs, QuotesPathsAsGitDoes) {
  too_large();
  files(
    {{{"filename", "a\n+b"}, {"status", "modified"}, {"patch", "@@ -1 +1 @@"}},
     {{"filename", "q\"\\\t\x01"},
      {"previous_filename", "gr\xc3\xb6\xc3\x9f"
                            "e"},
      {"status", "renamed"}}});
  EXPECT_EQ(must().text, "diff --git \"a/a\\n+b\" \"b/a\\n+b\"\n"
                         "--- \"a/a\\n+b\"\n+++ \"b/a\\n+b\"\n@@ -1 +1 @@\n"
                         "diff --git a/gr\xc3\xb6\xc3\x9f"
                         "e \"b/q\\\"\\\\\\t\\001\"\n"
                         "rename from gr\xc3\xb6\xc3\x9f"
                         "e\n"
                         "rename to \"q\\\"\\\\\\t\\001\"\n");
}

TEST_F(serving_diffs, EndsWhereGitHubsListDoes) {
  http->always([](const services::http_request& request) {
    if (request.url.ends_with("/7"))
      return scripted_http::reply(406, "{}");
    return scripted_http::reply(
      200, R"([{"filename":"x","status":"modified","patch":"@@"}])",
      {{"link", "<https://api.test/next>; rel=\"next\""}});
  });
  const auto x = must();
  EXPECT_THAT(x.note, HasSubstr("30 files, which goes on"));
  EXPECT_EQ(http->asked.size(), 31u);
}

TEST_F(serving_diffs, FollowsNoPageToAnotherHost) {
  too_large();
  files(json::array(), "<https://evil.test/x>; rel=\"next\"");
  EXPECT_EQ(code_of(read().error()), ec::refused);
  EXPECT_EQ(http->asked.size(), 2u);
}

TEST_F(serving_diffs, SaysWhatDidNotCome) {
  too_large();
  http->then(200, "no list");
  EXPECT_EQ(code_of(read().error()), ec::malformed);
  http->then(404, "{}");
  EXPECT_EQ(code_of(read().error()), ec::not_found);
  auto cut = scripted_http::reply(200, "diff");
  cut.cut = true;
  http->then(cut);
  EXPECT_EQ(code_of(read().error()), ec::refused);
  too_large();
  files(json::array());
  EXPECT_EQ(must().text, "");
}

TEST(compare_diffs, LeavesOutNamesOfObjects) {
  EXPECT_TRUE(compare_diffs("", "").equal);
  EXPECT_TRUE(
    compare_diffs("a\nindex 1..2\nb\n", "a\nindex 11..22\nb\n").equal);
  EXPECT_TRUE(compare_diffs("a\nindex 1..2\nb\n", "a\nb\n").equal);
  const auto x = compare_diffs("a\nb\n", "a\nc\nd\n");
  EXPECT_FALSE(x.equal);
  EXPECT_EQ(x.git_bytes, 4u);
  EXPECT_EQ(x.served_bytes, 6u);
  EXPECT_THAT(x.note, HasSubstr("line 2"));
  EXPECT_THAT(x.note, HasSubstr("'b' here, 'c' there"));
}

/// A diff that ends with an empty file differed for the name's length.
TEST(compare_diffs, LeavesThemOutAtTheEndToo) {
  const std::string head = "diff --git a/x b/x\nnew file mode 100644\n";
  EXPECT_TRUE(compare_diffs(head + "index 0000000..e69de29\n",
                            head + "index 00000000000..e69de29bb2d\n")
                .equal);
  EXPECT_TRUE(compare_diffs(head + "index 0000000..e69de29\n", head).equal);
}

TEST(compare_diffs, SeesThatOneGoesOn) {
  for (const auto& [ours, served] :
       {std::pair{"a\n", "a\nb\n"}, std::pair{"a\n", "a\n\n"}}) {
    EXPECT_THAT(compare_diffs(ours, served).note, HasSubstr("the end here"));
    EXPECT_THAT(compare_diffs(served, ours).note, HasSubstr("the end there"));
  }
  EXPECT_FALSE(compare_diffs("+index 1\n", "+index 2\n").equal);
}

TEST(is_audited, DrawsTheSameShareEachTime) {
  std::size_t drawn = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto id = "PR_" + std::to_string(i);
    drawn += is_audited(id, 0.01) ? 1 : 0;
    EXPECT_FALSE(is_audited(id, 0));
    EXPECT_TRUE(is_audited(id, 1));
    EXPECT_TRUE(!is_audited(id, 0.01) || is_audited(id, 0.02));
  }
  EXPECT_GT(drawn, 150u);
  EXPECT_LT(drawn, 250u);
}

} // namespace
} // namespace fc::actors
