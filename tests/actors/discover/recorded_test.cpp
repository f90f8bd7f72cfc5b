#include "actors/discover/read_window.hpp"
#include "tests/support/files.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <map>
#include <sstream>
#include <zstd.h>

namespace fc::actors {

namespace fs = std::filesystem;

namespace {

using facts_by_number = std::map<std::uint32_t, events::scraped>;

std::string decompressed(const fs::path& path) {
  const auto raw = support::read_file(path);
  std::string out;
  std::string block(1 << 20, '\0');
  auto* stream = ZSTD_createDStream();
  ZSTD_inBuffer in{raw.data(), raw.size(), 0};
  while (in.pos < in.size) {
    ZSTD_outBuffer piece{block.data(), block.size(), 0};
    if (ZSTD_isError(ZSTD_decompressStream(stream, &piece, &in)) != 0) {
      ADD_FAILURE() << path << " is damaged";
      break;
    }
    out.append(block, 0, piece.pos);
  }
  ZSTD_freeDStream(stream);
  return out;
}

/// Pull requests as an independent program recorded them.
facts_by_number recorded(const fs::path& path) {
  facts_by_number out;
  std::istringstream lines{decompressed(path)};
  for (std::string line; std::getline(lines, line);) {
    const auto x = nlohmann::json::parse(line);
    events::scraped e;
    e.number = x.at("number");
    e.title = x.at("title");
    e.base = x.at("base");
    e.merge = x.at("merge_commit");
    e.merge_kind = x.at("merge_kind");
    e.changed_files = x.at("changed_files");
    e.additions = x.at("additions");
    e.deletions = x.at("deletions");
    e.merged_at
      = *events::parse_time(x.at("merged_at").get_ref<const std::string&>());
    for (const auto& file : x.at("files"))
      e.files.push_back({file.at(0), file.at(1), file.at(2)});
    out.emplace(e.number, std::move(e));
  }
  return out;
}

facts_by_number found(const fs::path& clone, events::timestamp end,
                      std::vector<std::uint32_t>& order) {
  auto git = services::git_repository::open(clone);
  EXPECT_TRUE(git) << events::describe(git.error());
  window_request request;
  request.repo = *events::repo_name::parse("a/b");
  request.start = events::timestamp::min();
  request.end = end;
  facts_by_number out;
  const auto done = read_window(
    **git, request, events::policy::symbolic_gate{{}}, [&](discovered_pull x) {
      order.push_back(x.facts.number);
      out.emplace(x.facts.number, std::move(x.facts));
      return events::error{};
    });
  EXPECT_TRUE(done) << events::describe(done.error());
  return out;
}

/// Recorded titles had names of people replaced, and are empty where a merge
/// commit has no body.
bool title_differs(const events::scraped& ours, const events::scraped& theirs) {
  const auto cleaned = theirs.title.find('@') != std::string::npos
                       || theirs.title.find("user") != std::string::npos
                       || theirs.title.find("[email]") != std::string::npos;
  return !theirs.title.empty() && !cleaned && ours.title != theirs.title;
}

void compare(const events::scraped& ours, const events::scraped& theirs) {
  SCOPED_TRACE("#" + std::to_string(theirs.number) + ' ' + theirs.title);
  EXPECT_FALSE(title_differs(ours, theirs)) << ours.title;
  EXPECT_EQ(ours.base, theirs.base);
  EXPECT_EQ(ours.merge, theirs.merge);
  EXPECT_EQ(ours.merge_kind, theirs.merge_kind);
  EXPECT_EQ(ours.merged_at, theirs.merged_at);
  if (!ours.missing_objects.empty())
    return;
  EXPECT_EQ(ours.changed_files, theirs.changed_files);
  EXPECT_EQ(ours.additions, theirs.additions);
  EXPECT_EQ(ours.deletions, theirs.deletions);
  EXPECT_EQ(ours.files, theirs.files);
}

/// A folder of clones, each named `owner__name` or `owner+name/repo`.
fs::path clone_of(const fs::path& clones, const std::string& file_name) {
  auto path = clones / file_name;
  if (fs::exists(path))
    return path;
  auto name = file_name;
  name.replace(name.find("__"), 2, "+");
  return clones / name / "repo";
}

} // namespace

class recorded_repository : public ::testing::TestWithParam<const char*> {};

TEST_P(recorded_repository, AgreesWithTheRecords) {
  const auto* clones = std::getenv("FC_TEST_CLONES");
  const auto data = support::source_dir().parent_path() / "shared/data/prs"
                    / (std::string{GetParam()} + ".jsonl.zst");
  if (clones == nullptr || !fs::exists(clone_of(clones, GetParam())))
    GTEST_SKIP() << "no clone of " << GetParam()
                 << ": set FC_TEST_CLONES to a folder that holds it";
  if (!fs::exists(data))
    GTEST_SKIP() << "no recorded pull requests: " << data << " is absent";
  const auto theirs = recorded(data);
  auto end = events::timestamp::min();
  for (const auto& [number, x] : theirs)
    end = std::max(end, x.merged_at + std::chrono::nanoseconds{1});
  std::vector<std::uint32_t> order;
  const auto ours = found(clone_of(clones, GetParam()), end, order);
  for (const auto& [number, x] : theirs) {
    const auto at = ours.find(number);
    if (at == ours.end())
      ADD_FAILURE() << '#' << number << " was not found";
    else
      compare(at->second, x);
  }
  for (const auto& [number, x] : ours)
    EXPECT_TRUE(theirs.count(number) == 1) << '#' << number << " is too much";
}

INSTANTIATE_TEST_SUITE_P(all, recorded_repository,
                         ::testing::Values("pydata__xarray",
                                           "pyapp-kit__psygnal",
                                           "python-hyper__h11", "numpy__numpy",
                                           "sunpy__sunpy", "SciTools__iris",
                                           "airspeed-velocity__asv"));

} // namespace fc::actors
