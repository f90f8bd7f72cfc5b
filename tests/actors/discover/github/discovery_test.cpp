#include "tests/actors/discover/github/discovery.hpp"
#include "tests/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::github_peer {

namespace {

using events::timestamp;
using testing::IsEmpty;

std::shared_ptr<const events::policy::policy> shipped() {
  return std::make_shared<const events::policy::policy>(
    *events::policy::parse_policy(events::policy::shipped_policy(), "shipped"));
}

/// A small world for all tests of this file.
class discovery : public testing::Test {
protected:
  static void SetUpTestSuite() {
    if (!installed())
      return;
    folder = std::make_unique<support::temp_dir>();
    make_world(
      folder->path() / "world",
      {"--repositories", "12", "--pull-requests", "600", "--seed", "1"});
  }
  static void TearDownTestSuite() {
    folder.reset();
  }
  void SetUp() override {
    if (!installed())
      GTEST_SKIP() << missing();
  }

  void start(std::vector<std::string> options = {}) {
    peer = std::make_unique<server>(folder->path() / "world", options);
    time = std::make_shared<modelled_clock>(*peer);
    options_.window
      = {*events::parse_time("2015-01-01"), *events::parse_time("2026-11-01")};
    options_.clones = clones.path();
    options_.audit_share = 0.2;
    for (const auto& each : peer->truth().at("repositories"))
      if (each.at("eligible").get<bool>())
        options_.repos.push_back(
          *events::repo_name::parse(each.at("owner").get<std::string>() + "/"
                                    + each.at("name").get<std::string>()));
  }

  discovery_result read() {
    return discover(log, shipped(), access_to(*peer, options_, time), options_);
  }

  void expect_truth() {
    for (const auto& each : peer->truth().at("repositories")) {
      if (!each.at("eligible").get<bool>())
        continue;
      const auto name
        = *events::repo_name::parse(each.at("owner").get<std::string>() + "/"
                                    + each.at("name").get<std::string>());
      EXPECT_THAT(differences(*log, *peer, each, name, options_.window),
                  IsEmpty());
      auto records = *log->read_stream(events::stream_of(name));
      std::size_t certificates = 0;
      for (const auto& at : records)
        if (at.tag == events::window_reconciled::tag) {
          const auto x = *events::event_in<events::window_reconciled>(at);
          EXPECT_EQ(x.counted, x.stored) << name.str() << ": " << x.note;
          EXPECT_EQ(x.audit_mismatches, 0u) << name.str();
          ++certificates;
        }
      EXPECT_EQ(certificates, 1u) << name.str();
    }
  }

  static inline std::unique_ptr<support::temp_dir> folder;
  support::temp_dir clones;
  std::unique_ptr<server> peer;
  std::shared_ptr<modelled_clock> time;
  discovery_options options_;
  std::shared_ptr<events::log::event_log> log = events::log::make_memory_log();
};

TEST_F(discovery, EqualsTheTruth) {
  start();
  for (const auto& report : read().reports)
    EXPECT_FALSE(report.failure) << events::describe(report.failure);
  expect_truth();
}

TEST_F(discovery, EqualsTheTruthUnderAllFaults) {
  start({"--faults", "observed"});
  for (const auto& report : read().reports)
    EXPECT_FALSE(report.failure) << events::describe(report.failure);
  expect_truth();
}

} // namespace

} // namespace fc::github_peer
