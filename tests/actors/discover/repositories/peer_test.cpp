#include "actors/discover/repositories/code_search.hpp"
#include "actors/discover/repositories/find_repositories.hpp"
#include "actors/discover/repositories/known_repositories.hpp"
#include "actors/discover/repositories/listed_names.hpp"
#include "actors/services/github/app_tokens.hpp"
#include "tests/actors/discover/github/peer.hpp"
#include "tests/actors/services/jwt/keys.hpp"
#include "tests/events/policy/samples.hpp"
#include "tests/support/files.hpp"

#include <algorithm>

namespace fc::actors {
namespace {

using events::describe;
using github_peer::json;
using testing::Contains;
using testing::HasSubstr;

/// Stage 1 against the offline GitHub.
struct github_of_peers : testing::Test {
  static void SetUpTestSuite() {
    if (!github_peer::installed())
      return;
    folder = new support::temp_dir;
    github_peer::make_world(
      folder->path() / "world",
      {"--repositories", "12", "--pull-requests", "300", "--seed", "3"});
  }
  static void TearDownTestSuite() {
    delete folder;
    folder = nullptr;
  }
  void SetUp() override {
    if (!github_peer::installed())
      GTEST_SKIP() << github_peer::missing();
    support::write_file(*folder / "app.pub", keys.public_pem());
    peer.emplace(folder->path() / "world",
                 std::vector<std::string>{"--app-key", *folder / "app.pub"});
    time = std::make_shared<github_peer::modelled_clock>(*peer);
    open(services::fixed_tokens({"test-token"}));
    policy = std::make_shared<const events::policy::policy>(
      events::policy::samples::shipped());
  }

  void open(std::shared_ptr<services::token_source> tokens) {
    services::github_settings settings;
    settings.api = peer->url();
    github = std::make_shared<services::github_client>(
      settings, services::make_http_client(), std::move(tokens), time,
      [] { return 0.5; });
  }
  repository_search search(std::unique_ptr<repository_source> source) const {
    repository_search x;
    x.log = log;
    x.policy = policy;
    x.run = "run-1";
    x.sources.push_back(std::move(source));
    x.github = github.get();
    x.window
      = {*events::parse_time("2026-10-01"), *events::parse_time("2026-11-01")};
    return x;
  }
  /// `owner/name` of the repositories that `test` holds for.
  template <class Test>
  std::vector<std::string> truth(Test test) const {
    std::vector<std::string> names;
    const auto world = peer->truth();
    for (const auto& each : world.at("repositories"))
      if (test(each))
        names.push_back(each.at("owner").get<std::string>() + "/"
                        + each.at("name").get<std::string>());
    std::ranges::sort(names);
    return names;
  }
  static std::vector<std::string>
  names_of(const std::vector<unread_repository>& all) {
    std::vector<std::string> names;
    for (const auto& each : all)
      names.push_back(each.repo.str());
    return names;
  }
  static std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& each : names)
      text += each + ",";
    return text;
  }

  static inline support::temp_dir* folder = nullptr;
  services::key_pair keys;
  std::optional<github_peer::server> peer;
  std::shared_ptr<services::wait_clock> time;
  std::shared_ptr<services::github_client> github;
  std::shared_ptr<const events::policy::policy> policy;
  std::shared_ptr<events::log::event_log> log = events::log::make_memory_log();
};

const auto all_there = [](const json&) {
  return true;
};

} // namespace

TEST_F(github_of_peers, CodeSearchFindsEveryPublicSuite) {
  services::github_rest rest{*github, *folder / "cache"};
  const auto found = code_search(rest)->list(nullptr);
  ASSERT_TRUE(found) << describe(found.error());
  std::vector<std::string> names;
  for (const auto& each : found->found)
    names.push_back(each.repo.str());
  std::ranges::sort(names);
  EXPECT_EQ(names, truth([](const json& x) {
              return x["suite"].is_string() && !x["private"].get<bool>()
                     && !x["vanished"].get<bool>() && !x["fork"].get<bool>();
            }));
  EXPECT_EQ(found->cut, "");
}

TEST_F(github_of_peers, AdmitsWhatIsEligibleAndNamesTheRest) {
  const auto result = find_repositories(
    search(given_names(joined(truth(all_there)) + "no/body")), nullptr);
  ASSERT_TRUE(result) << describe(result.error());
  std::vector<std::string> admitted;
  for (const auto& each : result->found.admitted) {
    admitted.push_back(each.repo.str());
    EXPECT_TRUE(each.card.counted) << each.repo.str();
  }
  std::ranges::sort(admitted);
  EXPECT_EQ(admitted,
            truth([](const json& x) { return x["eligible"].get<bool>(); }));
  EXPECT_THAT(names_of(result->found.problems), Contains("no/body"));
  const auto known = admitted.size() + result->found.excluded.size()
                     + result->found.problems.size();
  EXPECT_EQ(known, truth(all_there).size() + 1);
  EXPECT_FALSE(result->sound());
  // Twenty a request, and the second time nothing is new.
  EXPECT_LE(result->used.calls, 4U);
  const auto length = log->last();
  ASSERT_TRUE(find_repositories(
    search(given_names(joined(truth(all_there)) + "no/body")), nullptr));
  EXPECT_EQ(log->last(), length + 1); // what it cost
}

TEST_F(github_of_peers, ARenameIsAnEventAndTheOldNameStays) {
  const auto name
    = truth([](const json& x) { return x["eligible"].get<bool>(); }).front();
  ASSERT_TRUE(find_repositories(search(given_names(name)), nullptr));
  peer->post("/__sim/rename", {{"repo", name}, {"to", "new-home/thing"}});
  for (const auto* asked : {name.c_str(), "new-home/thing"}) {
    const auto result = find_repositories(search(given_names(asked)), nullptr);
    ASSERT_TRUE(result) << describe(result.error());
    ASSERT_EQ(result->found.admitted.size(), 1U) << asked;
    EXPECT_EQ(result->found.admitted[0].repo.str(), name);
    EXPECT_EQ(result->found.admitted[0].card.facts.repo.str(),
              "new-home/thing");
  }
  const auto known = known_repositories::read(*log);
  ASSERT_TRUE(known);
  EXPECT_EQ(
    known->find(*events::repo_name::parse(name))->view.renamed_to->to.str(),
    "new-home/thing");
}

TEST_F(github_of_peers, AVanishedOneIsGoneAndComesBack) {
  const auto names
    = truth([](const json& x) { return x["eligible"].get<bool>(); });
  peer->post("/__sim/vanish", {{"repo", names[1]}});
  const auto both = names[1] + "," + names[2];
  auto result = find_repositories(search(given_names(both)), nullptr);
  ASSERT_TRUE(result) << describe(result.error());
  EXPECT_EQ(result->found.admitted.size(), 1U);
  ASSERT_EQ(result->found.problems.size(), 1U);
  EXPECT_EQ(result->found.problems[0].rule, "gone");
  peer->post("/__sim/vanish", {{"repo", names[1]}, {"back", true}});
  result = find_repositories(search(given_names(both)), nullptr);
  EXPECT_EQ(result->found.admitted.size(), 2U);
  EXPECT_TRUE(result->sound());
}

TEST_F(github_of_peers, ATokenWithoutRightsIsSaidSo) {
  open(services::fixed_tokens({"no-rights"}));
  const auto result
    = find_repositories(search(given_names("gratermi/gratermi")), nullptr);
  ASSERT_FALSE(result);
  EXPECT_EQ(events::code_of(result.error()), events::ec::refused);
  EXPECT_THAT(describe(result.error()), HasSubstr("may not"));
  // What the attempt cost is recorded all the same.
  EXPECT_EQ(log->last(), 1U);
}

TEST_F(github_of_peers, AnAppsTokenIsAsGood) {
  services::github_app app;
  app.api = peer->url();
  app.id = "12345";
  app.installations = {"678"};
  const auto key = services::signing_key::read(keys.private_pem(), "app.pem");
  ASSERT_TRUE(key);
  const auto tokens
    = services::app_tokens(app, *key, services::make_http_client(), time);
  const auto token = tokens->token(0, nullptr);
  ASSERT_TRUE(token) << describe(token.error());
  EXPECT_GT(token->size(), 40U);
  open(tokens);
  const auto name
    = truth([](const json& x) { return x["eligible"].get<bool>(); }).front();
  const auto result = find_repositories(search(given_names(name)), nullptr);
  ASSERT_TRUE(result) << describe(result.error());
  EXPECT_EQ(result->found.admitted.size(), 1U);
}

TEST_F(github_of_peers, RestAsksWhetherWhatItHasStillHolds) {
  services::github_rest rest{*github, *folder / "etags"};
  services::rest_question question;
  question.url = "/repos/" + truth([](const json& x) {
                               return x["eligible"].get<bool>();
                             }).front();
  services::github_usage used;
  const auto first = rest.get(question, used, nullptr);
  ASSERT_TRUE(first) << describe(first.error());
  EXPECT_FALSE(first->revalidated);
  const auto second = rest.get(question, used, nullptr);
  ASSERT_TRUE(second) << describe(second.error());
  EXPECT_TRUE(second->revalidated);
  EXPECT_EQ(second->response.body, first->response.body);
}

} // namespace fc::actors
