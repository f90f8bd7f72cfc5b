#include "tests/support/corpus/rows.hpp"

#include "tests/support/corpus/dice.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <zstd.h>

namespace fc::support {

using events::ec;
using events::expected;
using events::make_error;

namespace {

namespace fs = std::filesystem;

/// Above this a diff has too many tokens for every policy used here.
constexpr std::uint64_t large_diff = 300'000;
constexpr std::uint64_t small_diff = 200;

expected<std::string> unpacked(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  const std::string raw{std::istreambuf_iterator<char>{in}, {}};
  std::string result;
  std::string part(ZSTD_DStreamOutSize(), '\0');
  auto* stream = ZSTD_createDStream();
  ZSTD_inBuffer from{raw.data(), raw.size(), 0};
  bool more = !raw.empty();
  bool bad = raw.empty();
  while (more && !bad) {
    ZSTD_outBuffer out{part.data(), part.size(), 0};
    bad = ZSTD_isError(ZSTD_decompressStream(stream, &out, &from)) != 0;
    result.append(part, 0, out.pos);
    more = from.pos < from.size || out.pos == out.size;
  }
  ZSTD_freeDStream(stream);
  if (bad)
    return make_error(ec::corrupt, "cannot unpack " + path.string());
  return result;
}

corpus_row row_of(const nlohmann::json& x) {
  corpus_row row;
  auto& to = row.facts;
  to.repo = *events::repo_name::parse(x.at("repo").get<std::string>());
  to.number = x.at("number").get<std::uint32_t>();
  to.title = x.at("title").get<std::string>();
  to.body = x.at("body").get<std::string>();
  to.merged_at = *events::parse_time(x.at("merged_at").get<std::string>());
  to.base = x.at("base").get<std::string>();
  to.merge = x.at("merge_commit").get<std::string>();
  to.merge_kind = x.at("merge_kind").get<std::string>();
  to.changed_files = x.at("changed_files").get<std::uint32_t>();
  to.additions = x.at("additions").get<std::uint32_t>();
  to.deletions = x.at("deletions").get<std::uint32_t>();
  for (const auto& file : x.at("files"))
    to.files.push_back({file[0], file[1], file[2]});
  to.source = "corpus";
  row.patch_bytes = x.at("patch_bytes").get<std::uint64_t>();
  return row;
}

std::string made_title(dice& chance) {
  static constexpr const char* verbs[]{
    "Fix",   "Add",   "Improve", "Speed up", "Cache",   "Remove", "Document",
    "Avoid", "Bump",  "Reduce",  "Support",  "Rework",  "Test",   "Lint",
    "Type",  "Batch", "Allow",   "Refactor", "Release", "Use"};
  static constexpr const char* things[]{
    "the index",        "groupby results", "docs of the reader",
    "a typo",           "memory use",      "lookup of labels",
    "ci configuration", "type hints",      "version of the linter",
    "copies of arrays", "a deadlock",      "parsing of headers",
    "the changelog",    "vectorized paths"};
  return std::string{verbs[chance.below(std::size(verbs))]} + " "
         + things[chance.below(std::size(things))];
}

std::string made_commit(dice& chance) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string result(40, '0');
  for (auto& c : result)
    c = digits[chance.below(16)];
  return result;
}

void make_files(corpus_row& row, dice& chance) {
  static constexpr const char* folders[]{"src/package/core/", "src/package/io/",
                                         "tests/unit/", "docs/guide/"};
  auto& x = row.facts;
  for (auto n = 1 + chance.below(6); n > 0; --n) {
    const auto which = chance.below(std::size(folders));
    x.files.push_back({folders[which] + std::string{"part_"}
                         + std::to_string(chance.below(200))
                         + (which == 3 ? ".rst" : ".py"),
                       static_cast<std::uint32_t>(1 + chance.below(60)),
                       static_cast<std::uint32_t>(chance.below(40))});
    x.additions += x.files.back().additions;
    x.deletions += x.files.back().deletions;
  }
  x.changed_files = static_cast<std::uint32_t>(x.files.size());
  row.patch_bytes = chance.chance(0.02)
                      ? large_diff
                      : 300 + 45 * std::uint64_t{x.additions + x.deletions};
}

} // namespace

expected<std::vector<corpus_row>> read_rows(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{folder})
    if (entry.path().extension() == ".zst")
      files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<corpus_row> rows;
  for (const auto& path : files) {
    auto text = unpacked(path);
    if (!text)
      return text.error();
    std::istringstream lines{std::move(*text)};
    std::size_t at = 0;
    for (std::string line; std::getline(lines, line);) {
      ++at;
      try {
        rows.push_back(row_of(nlohmann::json::parse(line)));
      } catch (const std::exception& err) {
        return make_error(ec::corrupt, path.string() + ":" + std::to_string(at)
                                         + ": " + err.what());
      }
    }
  }
  if (rows.empty())
    return make_error(ec::not_found,
                      "no *.jsonl.zst with rows in " + folder.string());
  return rows;
}

std::vector<corpus_row> make_rows(std::size_t count, std::uint64_t seed) {
  constexpr std::size_t each = 4000; // of one repository
  std::vector<corpus_row> rows(count);
  for (std::size_t i = 0; i < count; ++i) {
    dice chance{seed ^ (i * 0x9E3779B97F4A7C15ULL)};
    auto& x = rows[i].facts;
    x.repo = *events::repo_name::parse("example/project-"
                                       + std::to_string(i / each + 1));
    x.number = static_cast<std::uint32_t>(i % each + 1);
    x.title = made_title(chance);
    x.body = "Closes #" + std::to_string(x.number) + ".";
    x.merged_at
      = *events::parse_time("2018-01-01") + std::chrono::hours{12 * (i % each)};
    x.base = made_commit(chance);
    x.merge = made_commit(chance);
    x.merge_kind = "squash";
    x.source = "corpus";
    make_files(rows[i], chance);
  }
  return rows;
}

std::vector<corpus_row>
fit_rows(const std::vector<corpus_row>& rows, std::size_t count) {
  std::vector<corpus_row> result;
  result.reserve(count);
  if (count <= rows.size()) {
    for (std::size_t i = 0; i < count; ++i)
      result.push_back(rows[i * rows.size() / count]);
    return result;
  }
  for (std::size_t i = 0; i < count; ++i) {
    result.push_back(rows[i % rows.size()]);
    if (const auto copy = i / rows.size() + 1; copy > 1) {
      auto& repo = result.back().facts.repo;
      repo = *events::repo_name::parse(std::string{repo.owner()} + "-"
                                       + std::to_string(copy) + "/"
                                       + std::string{repo.name()});
    }
  }
  return result;
}

std::string diff_text(const corpus_row& row) {
  if (row.patch_bytes < small_diff)
    return std::string(row.patch_bytes, '.');
  if (row.patch_bytes >= large_diff * 8 / 10)
    return std::string(large_diff, 'x'); // one blob for all of them
  constexpr std::size_t max = 3;
  std::string text;
  for (std::size_t i = 0; i < row.facts.files.size() && i < max; ++i) {
    const auto& path = row.facts.files[i].path;
    const auto mark = std::to_string(row.facts.number + i);
    text += "diff --git a/" + path + " b/" + path + "\n--- a/" + path
            + "\n+++ b/" + path + "\n@@ -1,2 +1,2 @@\n def part_" + mark
            + "(x):\n-    return [f(y) for y in x]\n+    return g(x, " + mark
            + ")\n";
  }
  return text.empty() ? "mode change only, " + row.facts.merge : text;
}

} // namespace fc::support
