#include "events/policy/rules.hpp"
#include "tests/support/files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <sstream>
#include <vector>

namespace fc::events::policy {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> result;
  for (const auto& each : fs::recursive_directory_iterator{folder})
    if (each.path().extension() == ".hpp" || each.path().extension() == ".cpp")
      result.push_back(each.path());
  return result;
}

const fs::path root = support::source_dir();

/// Without comments, which may name a rule.
std::string code_of(const fs::path& file) {
  std::istringstream in{support::read_file(file)};
  std::string code;
  for (std::string line; std::getline(in, line);)
    code += (' ' + line).substr(0, (' ' + line).find(" //")) + '\n';
  return code;
}

/// Whether it stands in the code, but as the name of a column, which begins
/// its row.
bool names(const std::string& code, std::string_view rule) {
  const auto literal = '"' + std::string{rule} + "\",";
  for (auto at = code.find(literal); at != std::string::npos;
       at = code.find(literal, at + 1))
    if (at == 0 || code[at - 1] != '{')
      return true;
  return false;
}

} // namespace

TEST(rules, SayWhatTheyMeanAndWhatToDo) {
  std::set<std::string_view> seen;
  for (const auto part : rules::all)
    for (const auto* each : part) {
      EXPECT_TRUE(seen.insert(each->id).second) << each->id;
      EXPECT_TRUE(each->meaning.ends_with('.')) << each->id;
      EXPECT_TRUE(each->remedy.ends_with('.')) << each->id;
      EXPECT_EQ(rules::find(each->id), each);
    }
  EXPECT_EQ(rules::find("of an older program"), nullptr);
}

TEST(rules, AreAllListed) {
  std::size_t rows = 0;
  for (const auto& file : files_in(root / "events/policy/rules")) {
    const auto text = support::read_file(file);
    const std::string_view row = "inline constexpr rule ";
    for (auto at = text.find(row); at != std::string::npos;
         at = text.find(row, at + 1))
      ++rows;
  }
  std::size_t listed = 0;
  for (const auto part : rules::all)
    listed += part.size();
  EXPECT_GT(rows, 0U);
  EXPECT_EQ(listed, rows);
}

/// Words such as "title" and "user" are too common to look for.
TEST(rules, AreWrittenOnceInTheSources) {
  for (const auto* folder : {"events", "projections", "actors", "tools"})
    for (const auto& file : files_in(root / folder)) {
      if (file.parent_path().filename() == "rules")
        continue;
      const auto code = code_of(file);
      for (const auto part : rules::all)
        for (const auto* each : part)
          if (each->id.find_first_of("._ ") != std::string_view::npos) {
            EXPECT_FALSE(names(code, each->id))
              << file << " has \"" << each->id << '"';
          }
    }
}

TEST(rules, HaveARowForEachGuard) {
  for (const auto* name : {"geomean", "degenerate", "control", "clock"})
    EXPECT_NE(rules::find(std::string{rules::guard_prefix} + name), nullptr);
}

} // namespace fc::events::policy
