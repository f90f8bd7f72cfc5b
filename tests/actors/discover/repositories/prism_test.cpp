#include "actors/discover/repositories/code_search.hpp"
#include "actors/services/github/app_tokens.hpp"
#include "actors/services/github/token_check.hpp"
#include "tests/actors/discover/github/peer.hpp"
#include "tests/actors/services/jwt/keys.hpp"
#include "tests/support/files.hpp"

namespace fc::actors {
namespace {

using events::describe;
using github_peer::json;

/// Our REST requests, judged by GitHub's own description in Prism: a wrong
/// request is answered 422, a wrong reply of the server 500.
struct behind_prism : testing::Test {
  void SetUp() override {
    if (!github_peer::installed())
      GTEST_SKIP() << github_peer::missing();
    support::write_file(folder / "app.pub", keys.public_pem());
    github_peer::make_world(
      folder / "world",
      {"--repositories", "3", "--pull-requests", "9", "--seed", "5"});
    peer.emplace(folder / "world",
                 std::vector<std::string>{"--app-key", folder / "app.pub"});
    const auto port = peer->url().substr(peer->url().rfind(':') + 1);
    auto started
      = services::pipe_process::start(github_peer::node({"prism.mjs", port}));
    ASSERT_TRUE(started) << describe(started.error());
    prism = std::move(*started);
    const auto line = prism->read_until('\n');
    ASSERT_TRUE(line && *line) << prism->finish().err;
    url = "http://127.0.0.1:"
          + std::to_string(json::parse(**line).at("port").get<int>());
    services::github_settings settings;
    settings.api = url;
    github = std::make_unique<services::github_client>(
      settings, http, tokens,
      std::make_shared<github_peer::modelled_clock>(*peer), [] { return 0.5; });
  }

  support::temp_dir folder;
  services::key_pair keys;
  std::optional<github_peer::server> peer;
  std::unique_ptr<services::pipe_process> prism;
  std::string url;
  std::shared_ptr<services::http_client> http = services::make_http_client();
  std::shared_ptr<services::token_source> tokens
    = services::fixed_tokens({"test-token"});
  std::unique_ptr<services::github_client> github;
};

} // namespace

TEST_F(behind_prism, OurRestRequestsAreGitHubs) {
  services::github_rest rest{*github, folder / "cache"};
  services::github_usage used;
  const auto truth = peer->truth().at("repositories").at(0);
  services::rest_question question;
  question.url = "/repos/" + truth.at("owner").get<std::string>() + "/"
                 + truth.at("name").get<std::string>();
  const auto answer = rest.get(question, used, nullptr);
  ASSERT_TRUE(answer) << describe(answer.error());
  EXPECT_EQ(json::parse(answer->response.body).at("node_id"),
            truth.at("node_id"));
  const auto found = code_search(rest)->list(nullptr);
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_FALSE(found->found.empty());
  const auto left = services::check_token(url, *http, *tokens, 0, nullptr);
  ASSERT_TRUE(left) << describe(left.error());
  EXPECT_EQ(left->size(), 4U);
}

TEST_F(behind_prism, AnAppsRequestIsGitHubs) {
  services::github_app app;
  app.api = url;
  app.id = "12345";
  app.installations = {"678"};
  const auto key = services::signing_key::read(keys.private_pem(), "app.pem");
  ASSERT_TRUE(key);
  const auto made = services::app_tokens(
    app, *key, http, std::make_shared<github_peer::modelled_clock>(*peer));
  const auto token = made->token(0, nullptr);
  ASSERT_TRUE(token) << describe(token.error());
}

} // namespace fc::actors
