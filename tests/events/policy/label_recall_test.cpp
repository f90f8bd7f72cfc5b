#include "events/policy/symbolic.hpp"
#include "tests/support/corpus/rows.hpp"

#include "samples.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <set>

/// Whether the shipped symbolic policy keeps what is known as performance work.
namespace fc::events::policy {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path data_folder() {
  const char* named = std::getenv("FC_SHARED_DATA");
  return named != nullptr ? named : FC_SHARED_DATA;
}

std::vector<json> lines_of(const fs::path& path) {
  std::vector<json> result;
  std::ifstream in{path};
  for (std::string line; std::getline(in, line);)
    result.push_back(json::parse(line));
  return result;
}

/// A stored pull request and what the policy says of it.
struct judged {
  std::string title;
  std::string merge;
  std::string why; ///< Empty when it passes.
};

/// The pull requests of a repository.
struct judged_repository {
  std::map<std::uint32_t, judged> all;
  std::size_t failing = 0;

  /// Chance that of `size` different ones, drawn at random, one passes.
  double chance(std::size_t size) const {
    double none = 1;
    for (std::size_t i = 0; i < size; ++i)
      none *= i >= failing ? 0
                           : static_cast<double>(failing - i)
                               / static_cast<double>(all.size() - i);
    return 1 - none;
  }
};

using corpus = std::map<std::string, judged_repository>;

corpus judge_all(const fs::path& folder) {
  corpus result;
  const auto rows = support::read_rows(folder);
  EXPECT_TRUE(rows) << describe(rows.error());
  if (!rows)
    return result;
  const symbolic_gate gate{samples::shipped().symbolic};
  for (const auto& row : *rows) {
    auto facts = row.facts;
    facts.diff.size = row.patch_bytes;
    const auto verdict = gate.decide(facts);
    const auto* no = std::get_if<symbolic_rejected>(&verdict);
    auto& to = result[facts.repo.str()];
    to.all[facts.number]
      = {facts.title, facts.merge, no == nullptr ? "" : no->explanation};
    to.failing += no == nullptr ? 0 : 1;
  }
  return result;
}

/// Where a task's possible pull requests are taken from.
using sources = std::vector<const char*>;
const sources strongest{"prs_branched_at_sha"};
const sources hints{"prs_branched_at_sha", "next_pr"};
const sources everything{"prs_branched_at_sha", "next_pr",
                         "prs_merged_within_45_days"};

std::set<std::uint32_t>
numbers_of(const json& task, const judged_repository& repo,
           const sources& from) {
  std::set<std::uint32_t> result;
  for (const auto* key : from) {
    auto some = task.value(key, json::array());
    if (!some.is_array())
      some = some.is_null() ? json::array() : json::array({some});
    for (const auto& x : some) {
      const auto number
        = (x.is_object() ? x.at("number") : x).get<std::uint32_t>();
      if (repo.all.contains(number))
        result.insert(number);
    }
  }
  return result;
}

/// What was counted over tasks.
struct recall {
  std::size_t joined = 0;
  std::size_t kept = 0;
  double expected = 0; ///< Kept of random sets of the same sizes.
  double size = 0;

  double share() const {
    return joined == 0
             ? 0
             : static_cast<double>(kept) / static_cast<double>(joined);
  }
};

recall recall_of(const corpus& all, const std::vector<json>& tasks,
                 const sources& from) {
  recall result;
  for (const auto& task : tasks) {
    const auto repo = all.find(task.at("repo").get<std::string>());
    if (repo == all.end())
      continue;
    const auto possible = numbers_of(task, repo->second, from);
    if (possible.empty())
      continue;
    ++result.joined;
    result.expected += repo->second.chance(possible.size());
    result.size += static_cast<double>(possible.size());
    if (std::ranges::any_of(possible, [&](std::uint32_t x) {
          return repo->second.all.at(x).why.empty();
        })) {
      ++result.kept;
      continue;
    }
    std::cout << "  miss: " << repo->first << ' '
              << task.at("sha").get<std::string>().substr(0, 12) << ", "
              << task.at("outcome").get<std::string>() << '\n';
    for (const auto x : possible)
      std::cout << "    #" << x << " \"" << repo->second.all.at(x).title
                << "\": " << repo->second.all.at(x).why << '\n';
  }
  return result;
}

void print(const char* what, const recall& x) {
  const auto joined = static_cast<double>(x.joined);
  std::cout << std::fixed << std::setprecision(2) << "  " << what << ": "
            << x.kept << " of " << x.joined << " tasks kept ("
            << 100 * x.share() << " %), " << x.size / joined
            << " possible pull requests each; random sets of the same sizes: "
            << 100 * x.expected / joined << " %\n";
}

/// The stored pull request of a label: by number, else by its merge commit.
const judged* found(const corpus& all, const json& label) {
  const auto repo = all.find(label.at("repo").get<std::string>());
  if (repo == all.end())
    return nullptr;
  const auto& prs = repo->second.all;
  const auto number = label.at("pr").get<std::uint32_t>();
  if (const auto x = prs.find(number); x != prs.end())
    return &x->second;
  const auto merge = label.value("merge_commit", std::string{"-"});
  const auto x = std::ranges::find_if(
    prs, [&](const auto& each) { return each.second.merge == merge; });
  return x == prs.end() ? nullptr : &x->second;
}

struct label_recall : testing::Test {
  void SetUp() override {
    if (!fs::is_directory(folder / "prs")
        || !fs::is_directory(folder / "labels"))
      GTEST_SKIP() << "no labels in " << folder
                   << "; set FC_SHARED_DATA to a folder with prs/ and labels/";
  }
  static const corpus& stored(const fs::path& folder) {
    static const corpus all = judge_all(folder / "prs");
    return all;
  }

  fs::path folder = data_folder();
};

} // namespace

TEST_F(label_recall, KeepsEveryKnownPullRequest) {
  const auto& all = stored(folder);
  const symbolic_gate gate{samples::shipped().symbolic};
  std::size_t joined = 0;
  for (const auto& label : lines_of(folder / "labels" / "known_prs.jsonl")) {
    const auto name = label.at("repo").get<std::string>() + "#"
                      + std::to_string(label.at("pr").get<int>());
    if (const auto* x = found(all, label)) {
      ++joined;
      EXPECT_EQ(x->why, "") << name << " \"" << x->title << '"';
    } else if (const auto title = label.value("title", std::string{});
               !title.empty()) {
      std::cout << "  " << name
                << " is not stored, its title alone is judged\n";
      EXPECT_TRUE(std::holds_alternative<symbolic_passed>(
        gate.decide(samples::ok_pull_request(title))))
        << name << " \"" << title << '"';
    } else {
      std::cout << "  " << name << " is not stored and has no title\n";
    }
  }
  std::cout << "  " << joined << " known pull requests are stored\n";
  EXPECT_GE(joined, 4U);
}

TEST_F(label_recall, KeepsAPossiblePullRequestOfNearlyEveryTask) {
  const auto tasks = lines_of(folder / "labels" / "tasks.jsonl");
  const auto whole = recall_of(stored(folder), tasks, everything);
  print("all possible pull requests", whole);
  EXPECT_GE(whole.joined, 100U);
  EXPECT_GE(whole.share(), 0.99);
}

TEST_F(label_recall, SaysWhatTheStrongestHintsAloneWouldGive) {
  const auto tasks = lines_of(folder / "labels" / "tasks.jsonl");
  const auto near = recall_of(stored(folder), tasks, hints);
  print("branched at the commit, or next", near);
  const auto nearest = recall_of(stored(folder), tasks, strongest);
  print("branched at the commit", nearest);
  // No target: which of them the task is, nobody knows.
  EXPECT_GT(near.joined, nearest.joined);
}

TEST(random_sets, AreDrawnWithoutPuttingBack) {
  judged_repository repo;
  for (std::uint32_t i = 0; i < 4; ++i)
    repo.all[i] = {};
  repo.failing = 3;
  EXPECT_DOUBLE_EQ(repo.chance(0), 0);
  EXPECT_DOUBLE_EQ(repo.chance(1), 0.25);
  EXPECT_DOUBLE_EQ(repo.chance(2), 0.5); // 1 - 3/4 * 2/3
  EXPECT_DOUBLE_EQ(repo.chance(4), 1);
}

} // namespace fc::events::policy
