#pragma once

#include "tests/actors/discover/github/discovery.hpp"
#include "tests/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace fc::github_peer {

/// The folder of a world, made once a program.
inline std::filesystem::path world_of(const std::vector<std::string>& options) {
  static std::map<std::vector<std::string>, support::temp_dir> made;
  const bool known = made.contains(options);
  const auto folder = made[options].path() / "world";
  if (!known)
    make_world(folder, options);
  return folder;
}

/// Tests of whole windows of a small world.
class github_discovery : public testing::Test {
protected:
  void SetUp() override {
    if (!installed())
      GTEST_SKIP() << missing();
  }

  static std::vector<std::string> size(int repositories, int pulls) {
    return {"--repositories", std::to_string(repositories), "--pull-requests",
            std::to_string(pulls), "--no-oddities"};
  }

  /// Starts the server over a world, all of whose repositories are read.
  void start(const std::vector<std::string>& world,
             const std::vector<std::string>& server_options = {}) {
    peer = std::make_unique<server>(world_of(world), server_options);
    time = std::make_shared<modelled_clock>(*peer);
    options.window
      = {*events::parse_time("2015-01-01"), *events::parse_time("2026-11-01")};
    options.clones = clones.path();
    for (const auto& each : peer->truth().at("repositories"))
      if (each.at("eligible").get<bool>())
        options.repos.push_back(name_of(each));
    // Nothing to read would agree with any truth.
    ASSERT_FALSE(options.repos.empty());
  }

  static events::repo_name name_of(const json& repository) {
    return *events::repo_name::parse(
      repository.at("owner").get<std::string>() + "/"
      + repository.at("name").get<std::string>());
  }

  discovery_result read() {
    static const auto policy = std::make_shared<const events::policy::policy>(
      *events::policy::parse_policy(events::policy::shipped_policy(),
                                    "shipped"));
    return discover(log, policy, access_to(*peer, options, time), options);
  }

  /// Reads what must succeed.
  void expect_read() {
    for (const auto& report : read().reports)
      EXPECT_FALSE(report.failure) << events::describe(report.failure);
  }
  /// Reads what must fail everywhere. @returns the first failure.
  events::error expect_failure() {
    events::error first;
    for (const auto& report : read().reports) {
      EXPECT_TRUE(report.failure) << report.repo;
      first = report.failure;
    }
    return first;
  }

  std::vector<events::window_reconciled>
  certificates(const events::repo_name& name) {
    std::vector<events::window_reconciled> all;
    const auto records = log->read_stream(events::stream_of(name));
    for (const auto& at : *records)
      if (at.tag == events::window_reconciled::tag)
        all.push_back(*events::event_in<events::window_reconciled>(at));
    return all;
  }

  /// The repository as it was last seen.
  events::repository_seen seen(const events::repo_name& name) {
    events::repository_seen last;
    const auto records = log->read_stream(events::stream_of(name));
    for (const auto& at : *records)
      if (at.tag == events::repository_seen::tag)
        last = *events::event_in<events::repository_seen>(at);
    return last;
  }

  /// Everything is stored as the world has it, with one certificate each.
  void expect_truth(std::size_t certificates_each = 1) {
    for (const auto& each : peer->truth().at("repositories")) {
      if (!each.at("eligible").get<bool>())
        continue;
      const auto name = name_of(each);
      EXPECT_THAT(differences(*log, *peer, each, name, options.window),
                  testing::IsEmpty());
      const auto all = certificates(name);
      EXPECT_EQ(all.size(), certificates_each) << name.str();
      EXPECT_EQ(seen(name).requires_python, each.at("requires_python"))
        << name.str();
      for (const auto& x : all) {
        EXPECT_EQ(x.counted, x.stored) << name.str() << ": " << x.note;
        EXPECT_EQ(x.audit_mismatches, 0u) << name.str();
      }
    }
  }

  /// Nothing was asked before its time, nor beyond the budget.
  void expect_good_manners() {
    const auto ledger = peer->get("/__sim/ledger");
    EXPECT_EQ(ledger.at("too_early"), 0) << ledger;
    EXPECT_EQ(ledger.at("refused_over_budget"), 0) << ledger;
    EXPECT_EQ(ledger.at("refused_secondary"), 0) << ledger;
  }

  std::uint64_t requests() {
    std::uint64_t sum = 0;
    for (const auto& [kind, count] :
         peer->get("/__sim/ledger").at("requests").items())
      sum += count.get<std::uint64_t>();
    return sum;
  }

  /// Does something once, when GitHub has answered this operation.
  void after_first(const std::string& operation, std::function<void()> act) {
    options.meddle
      = [operation, act, done = std::make_shared<bool>(false)](
          const services::http_request& request, services::http_response&) {
          if (*done || request.body.find(operation) == std::string::npos)
            return;
          *done = true;
          act();
        };
  }

  support::temp_dir clones;
  std::unique_ptr<server> peer;
  std::shared_ptr<modelled_clock> time;
  discovery_options options;
  std::shared_ptr<events::log::event_log> log = events::log::make_memory_log();
};

} // namespace fc::github_peer
