#include "projections/registry.hpp"

#include <gtest/gtest.h>

#include <map>

namespace fc::projections {
namespace {

/// Names, types and sources of a table's columns, in short.
std::string digest_of(const table& x) {
  std::string text;
  for (const auto& each : x.columns)
    text += std::string{each.name} + ' '
            + std::to_string(static_cast<int>(each.type)) + ' '
            + std::to_string(static_cast<int>(each.from)) + '\n';
  return events::sha256(events::as_bytes(text)).hex().substr(0, 12);
}

/// A store rebuilds a table only where its version changed.
TEST(registry, HasAnotherVersionWhereColumnsChanged) {
  const std::map<std::string_view, std::pair<int, std::string>> recorded{
    {"benchmark_codes", {1, "7e111ea91ce9"}},
    {"benchmark_information", {1, "42e4586e96a9"}},
    {"candidate_containers", {2, "ff5cc7d67525"}},
    {"candidate_prs", {1, "88c8b179f877"}},
    {"error_logs", {2, "322efa0fd4ca"}},
    {"harbor_runs", {2, "60e7e9c09a18"}},
    {"packages", {3, "41afa79ae735"}},
    {"pr_events", {4, "39ae14b195d2"}},
    {"pull_requests", {5, "5a40821ce4d5"}},
    {"releases", {3, "651f64fb9a3f"}},
    {"repositories", {3, "2c3299d24663"}},
    {"runner_failures", {2, "6cd5d7c6f88c"}},
    {"runner_progress", {3, "05cc33c039dc"}},
    {"trial_benchmarks", {3, "a15991003e1d"}},
    {"windows", {3, "efd469ad6e43"}}};
  for (const auto& each : registry()) {
    const auto digest = digest_of(*each.rows);
    const auto found = recorded.find(each.name);
    const auto line = "{\"" + std::string{each.name} + "\", {"
                      + std::to_string(each.version) + ", \"" + digest
                      + "\"}},";
    if (found == recorded.end()) {
      ADD_FAILURE() << "record here: " << line;
      continue;
    }
    EXPECT_TRUE(found->second == std::pair(each.version, digest))
      << "the columns of " << each.name
      << " changed: raise its version, and record here: " << line;
  }
}

} // namespace
} // namespace fc::projections
