#include "actors/discover/github/cards.hpp"
#include "actors/discover/github/listing.hpp"
#include "actors/services/github/queries.hpp"
#include "tests/actors/discover/github/peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace fc::github_peer {
namespace {

using namespace actors;
using services::graphql_document;

/// Everything that is sent, by a name; a fragment goes with who spreads it.
json documents() {
  std::map<std::string, std::string> all;
  for (const auto& each : services::graphql_texts()) {
    const std::string file{each.name};
    const auto name = file.substr(0, file.find('.'));
    if (name == "pull_request_facts" || name == "repository_card")
      continue;
    const bool facts
      = each.text.find("...PullRequestFacts") != std::string_view::npos;
    all[name] = graphql_document(name, facts ? "pull_request_facts" : "");
  }
  for (const std::size_t n : {1u, 20u}) {
    const auto size = " " + std::to_string(n);
    all["cards" + size] = cards_document(n, false);
    all["cards with counts" + size] = cards_document(n, true);
    all["counts" + size] = counts_document(n);
  }
  all["numbers 1"] = numbers_document(1);
  all["numbers 50"] = numbers_document(50);
  json out = json::array();
  for (const auto& [name, text] : all)
    out.push_back({{"name", name}, {"text", text}});
  return out;
}

/// What GitHub's published schema says of each, and its price.
std::map<std::string, json>
checked(const json& texts, std::vector<std::string> settings) {
  settings.insert(settings.begin(), "validate.mjs");
  settings.emplace_back("-");
  auto program = node(std::move(settings));
  program.input = texts.dump();
  const auto result = services::run(program, nullptr);
  if (!result)
    throw std::runtime_error(events::describe(result.error()));
  std::map<std::string, json> out;
  std::istringstream lines{result->out};
  for (std::string line; std::getline(lines, line);)
    out[json::parse(line).at("name")] = json::parse(line);
  return out;
}

struct queries : testing::Test {
  void SetUp() override {
    if (!installed())
      GTEST_SKIP() << missing();
  }
};

TEST_F(queries, AreValidByGitHubsPublishedSchema) {
  const auto texts = documents();
  EXPECT_GE(texts.size(), 12u);
  const auto found
    = checked(texts, {"--set", "pageSize=100", "--set", "ids=100"});
  ASSERT_EQ(found.size(), texts.size());
  for (const auto& [name, x] : found)
    EXPECT_TRUE(x.at("ok").get<bool>()) << name << ": " << x.at("errors");
}

/// What comments and budgets say.
TEST_F(queries, CostWhatIsSaid) {
  auto found
    = checked(documents(), {"--set", "pageSize=100", "--set", "ids=100"});
  EXPECT_EQ(found.at("search_merged").at("points"), 3);
  EXPECT_EQ(found.at("list_merged").at("points"), 3);
  EXPECT_EQ(found.at("issue_texts").at("points"), 1);
  EXPECT_EQ(found.at("budget").at("points"), 1);
  EXPECT_EQ(found.at("cards with counts 20").at("points"), 1);
  EXPECT_EQ(found.at("counts 20").at("points"), 1);
  EXPECT_LE(found.at("numbers 50").at("points"), 2);
  found = checked(documents(), {"--set", "pageSize=49", "--set", "ids=100"});
  EXPECT_EQ(found.at("search_merged").at("points"), 1);
}

TEST_F(queries, AreRejectedWhereTheyAreWrong) {
  const auto found = checked(
    json::array({{{"name", "x"},
                  {"text", "query X { repository(owner: \"a\", name: \"b\") { "
                           "pullRequests(first: 1) { nodes { diff } } } }"}}}),
    {});
  EXPECT_FALSE(found.at("x").at("ok").get<bool>());
}

} // namespace
} // namespace fc::github_peer
