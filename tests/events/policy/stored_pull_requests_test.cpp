#include "events/policy/symbolic.hpp"

#include "samples.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <zstd.h>

namespace fc::events::policy {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path data_folder() {
  const char* named = std::getenv("FC_SHARED_DATA");
  return named != nullptr ? named : FC_SHARED_DATA;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string unpacked(const std::string& raw) {
  std::string result;
  auto* stream = ZSTD_createDStream();
  std::string part(ZSTD_DStreamOutSize(), '\0');
  ZSTD_inBuffer in{raw.data(), raw.size(), 0};
  bool full = true;
  while (in.pos < in.size || full) {
    ZSTD_outBuffer out{part.data(), part.size(), 0};
    const auto left = ZSTD_decompressStream(stream, &out, &in);
    EXPECT_FALSE(ZSTD_isError(left)) << ZSTD_getErrorName(left);
    if (ZSTD_isError(left))
      break;
    result.append(part, 0, out.pos);
    full = out.pos == out.size;
  }
  ZSTD_freeDStream(stream);
  return result;
}

scraped read(const json& x) {
  scraped result;
  result.repo = samples::repo(x.at("repo").get<std::string>());
  result.number = x.at("number").get<std::uint32_t>();
  result.title = x.at("title").get<std::string>();
  result.changed_files = x.at("changed_files").get<std::uint32_t>();
  result.additions = x.at("additions").get<std::uint32_t>();
  result.deletions = x.at("deletions").get<std::uint32_t>();
  for (const auto& file : x.at("files"))
    result.files.push_back({file[0], file[1], file[2]});
  result.diff.size = x.at("patch_bytes").get<std::uint64_t>();
  return result;
}

/// The pull requests that are known as tasks: "owner/name#1".
std::set<std::string> known_tasks(const fs::path& folder) {
  std::set<std::string> result;
  std::ifstream in{folder / "labels" / "known_prs.jsonl"};
  for (std::string line; std::getline(in, line);) {
    const auto x = json::parse(line);
    result.insert(x.at("repo").get<std::string>() + "#"
                  + std::to_string(x.at("pr").get<int>()));
  }
  return result;
}

} // namespace

TEST(stored_pull_requests, KnownTasksPassTheShippedPolicy) {
  const auto folder = data_folder();
  if (!fs::is_directory(folder / "prs"))
    GTEST_SKIP() << "no stored pull requests in " << folder
                 << "; set FC_SHARED_DATA to a folder with prs/ and labels/";
  const symbolic_gate gate{samples::shipped().symbolic};
  const auto known = known_tasks(folder);
  ASSERT_FALSE(known.empty());
  std::map<std::string, std::size_t> rules;
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator{folder / "prs"}) {
    if (entry.path().extension() != ".zst")
      continue;
    std::istringstream lines{unpacked(bytes_of(entry.path()))};
    for (std::string line; std::getline(lines, line);) {
      const auto x = read(json::parse(line));
      const auto verdict = gate.decide(x);
      const auto* rejected = std::get_if<symbolic_rejected>(&verdict);
      ++rules[rejected == nullptr ? "passed" : rejected->rule];
      const auto name = x.repo.str() + "#" + std::to_string(x.number);
      if (!known.contains(name))
        continue;
      ++found;
      EXPECT_EQ(rejected, nullptr)
        << name << " \"" << x.title << "\": " << rejected->explanation;
    }
  }
  for (const auto& [rule, n] : rules)
    std::cout << "  " << rule << ": " << n << '\n';
  std::cout << "  known tasks found: " << found << " of " << known.size()
            << '\n';
  EXPECT_GE(found, 3U);
}

TEST(stored_pull_requests, KnownTitlesPassTheShippedPolicy) {
  // The titles themselves, so that this holds without the stored files.
  const symbolic_gate gate{samples::shipped().symbolic};
  for (const auto* title :
       {"Improve lookup_linke_turbidity speed",
        "[MRG] Fix speed regression for n_jobs=1",
        "Use regex.fullmatch when available (since Python 3.4)",
        "Avoid deepcopy in `optuna.visualization.plot_timeline`.",
        "Improve Sabre heuristic defaults"})
    EXPECT_TRUE(std::holds_alternative<symbolic_passed>(
      gate.decide(samples::ok_pull_request(title))))
      << title;
}

} // namespace fc::events::policy
