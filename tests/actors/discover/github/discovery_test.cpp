#include "tests/actors/discover/github/small_world.hpp"

namespace fc::github_peer {
namespace {

class discovery : public github_discovery {
protected:
  void start_with(const std::vector<std::string>& server_options = {}) {
    start({"--repositories", "6", "--pull-requests", "270", "--no-oddities"},
          server_options);
    options.audit_share = 0.2;
  }
};

TEST_F(discovery, EqualsTheTruth) {
  start_with();
  expect_read();
  expect_truth();
  expect_good_manners();
}

TEST_F(discovery, EqualsTheTruthUnderAllFaults) {
  start_with({"--faults", "observed"});
  expect_read();
  expect_truth();
  EXPECT_EQ(peer->get("/__sim/ledger").at("too_early"), 0);
}

TEST_F(discovery, EqualsTheTruthWithSeveralTokens) {
  start_with({"--tokens", "one,two,three"});
  options.tokens = {"one", "two", "three"};
  options.at_once = 3;
  expect_read();
  expect_truth();
  expect_good_manners();
}

TEST_F(discovery, GoesOnWithoutABadToken) {
  start_with();
  options.tokens = {"never-valid", "test-token"};
  expect_read();
  expect_truth();
}

/// A fork, an archive, one private, one vanished, ...
TEST_F(discovery, SaysWhichRepositoriesCannotBeRead) {
  start({"--repositories", "2", "--pull-requests", "90"});
  std::map<std::string, std::string> why;
  for (const auto& each : peer->truth().at("repositories"))
    if (!each.at("eligible").get<bool>()) {
      options.repos.push_back(name_of(each));
      why[name_of(each).str()] = each.at("why_not");
    }
  for (const auto& report : read().reports) {
    const auto reason = why[report.repo];
    const bool closed
      = reason == "private" || reason == "vanished" || reason == "disabled";
    EXPECT_EQ(static_cast<bool>(report.failure), closed)
      << report.repo << " " << reason;
    EXPECT_EQ(events::code_of(report.failure) == events::ec::not_found, closed);
  }
  expect_truth();
}

TEST_F(discovery, NeedsATokenThatMay) {
  start(size(1, 45));
  services::github_usage used;
  const auto code = [&](std::vector<std::string> tokens) {
    options.tokens = std::move(tokens);
    const auto cards = read_cards(*access_to(*peer, options, time)->client,
                                  options.repos, options.window, used, nullptr);
    EXPECT_FALSE(cards);
    EXPECT_EQ(events::describe(cards.error()).find("never-valid"),
              std::string::npos);
    return events::code_of(cards.error());
  };
  EXPECT_EQ(code({"no-rights"}), events::ec::refused);
  EXPECT_EQ(code({"never-valid"}), events::ec::refused);
  EXPECT_EQ(code({}), events::ec::refused);
  EXPECT_EQ(used.calls, 2u);
}

} // namespace
} // namespace fc::github_peer
