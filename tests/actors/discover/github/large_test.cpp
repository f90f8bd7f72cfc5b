#include "actors/discover/github/listing.hpp"
#include "tests/actors/discover/github/small_world.hpp"
#include "tests/actors/services/git/sample_repository.hpp"
#include "tests/actors/services/scripted_http.hpp"

#include <sys/resource.h>

namespace fc::github_peer {
namespace {

class large : public discovering {
protected:
  events::expected<listing> list(std::uint32_t merged_total) {
    const auto access = access_to(*peer, options, time);
    listing_request request;
    request.repo = options.repos.front();
    request.window = options.window;
    request.merged_total = merged_total;
    services::github_usage used;
    request.counted = count_merged(*access->client, request.repo,
                                   {request.window}, used, nullptr)
                        ->front();
    page_size pages;
    auto found = list_merged(*access->client, request, pages, used, nullptr);
    calls = used.calls;
    points = used.points;
    return found;
  }
  void expect_whole(const events::expected<listing>& found,
                    const std::string& method) {
    ASSERT_TRUE(found) << events::describe(found.error());
    EXPECT_TRUE(found->whole());
    EXPECT_EQ(found->method, method);
    std::size_t inside = 0;
    for (const auto& row :
         peer->pulls_of(peer->truth().at("repositories").at(0))) {
      const auto when
        = *events::parse_time(row.at("mergedAt").get<std::string>());
      if (when < options.window.start || when >= options.window.end)
        continue;
      ++inside;
      EXPECT_TRUE(found->pulls.contains(row.at("number").get<std::uint32_t>()));
    }
    EXPECT_EQ(found->pulls.size(), inside);
    expect_good_manners();
  }

  std::uint32_t calls = 0;
  std::uint32_t points = 0;
};

/// GitHub's search ends after a thousand and does not say so.
TEST_F(large, WindowsAreCutOrListed) {
  start(size(1, 2500));
  expect_whole(list(100'000), "search");
  EXPECT_LE(calls, 35u);
  EXPECT_LE(points, 100u);
  // Read as one list, while somebody comments on what was passed.
  for (const int after : {3, 8, 14})
    peer->post(
      "/__sim/fault",
      {{"kind", "touched"}, {"match", "ListMerged"}, {"after", after}});
  expect_whole(list(2500), "list");
  EXPECT_EQ(peer->get("/__sim/ledger").at("faults").at("touched"), 3);
  EXPECT_LE(calls, 60u);
}

TEST_F(large, NumberWithinOneSecondIsListed) {
  auto world = size(1, 1100);
  world.insert(world.end(), {"--from", "2026-10-31T23:59:59Z"});
  start(world);
  expect_whole(list(100'000), "search, list");
}

/// GitHub for one repository with one pull request that it calls small.
class huge_diff : public testing::Test {
protected:
  static json answer(const std::string& base, const std::string& merge) {
    const json pull{{"__typename", "PullRequest"},
                    {"id", "PR_1"},
                    {"number", 1},
                    {"title", "Speed up the parser"},
                    {"body", "Twice as fast."},
                    {"mergedAt", "2026-10-05T00:00:00Z"},
                    {"createdAt", "2026-10-04T00:00:00Z"},
                    {"updatedAt", "2026-10-06T00:00:00Z"},
                    {"baseRefOid", base},
                    {"additions", 4000},
                    {"changedFiles", 1},
                    {"mergeCommit", {{"oid", merge}}},
                    {"files",
                     {{"totalCount", 1},
                      {"nodes",
                       {{{"path", "src/table.py"},
                         {"additions", 4000},
                         {"deletions", 0},
                         {"changeType", "ADDED"}}}}}}};
    const json found{{"issueCount", 1},
                     {"pageInfo", {{"hasNextPage", false}}},
                     {"nodes", {pull}}};
    return {{"data",
             {{"r0",
               {{"id", "R_1"},
                {"nameWithOwner", "a/b"},
                {"defaultBranchRef", {{"name", "main"}}}}},
              {"c0", found},
              {"search", found}}}};
  }

  static std::uint64_t peak_mb() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<std::uint64_t>(used.ru_maxrss) >> 10;
  }
};

/// Lines are few, but each of them is long: only the diff itself tells.
TEST_F(huge_diff, IsJudgedWithoutBreakingMemory) {
  test::sample_repository origin;
  origin.git({"config", "uploadpack.allowFilter", "true"});
  origin.git({"config", "uploadpack.allowAnySHA1InWant", "true"});
  origin.git({"config", "core.compression", "1"});
  origin.write("asv.conf.json", "{\"version\": 1}\n");
  const auto base = origin.commit("First");
  std::size_t bytes = 0;
  std::filesystem::create_directories(origin.folder() / "src");
  std::ofstream file{origin.folder() / "src/table.py"};
  for (int line = 0; line < 4000; ++line) {
    const auto text = std::to_string(line) + std::string(25'000, 'x') + "\n";
    bytes += text.size();
    file << text;
  }
  file.close();
  const auto reply = answer(base, origin.commit("Faster (#1)")).dump();

  auto access = std::make_shared<github_access>();
  auto http = std::make_shared<services::scripted_http>();
  http->always(
    [&](const auto&) { return services::scripted_http::reply(200, reply); });
  access->client = std::make_shared<services::github_client>(
    services::github_settings{}, http, services::fixed_tokens({"x"}),
    std::make_shared<services::modelled_clock>(), [] { return 0.0; });
  access->places = std::make_shared<services::turns>(1);
  access->git_url = origin.folder().string();
  access->audit_share = 0;
  support::temp_dir clones;
  discovery_options options;
  options.repos = {*events::repo_name::parse("a/b")};
  options.window
    = {*events::parse_time("2026-10-01"), *events::parse_time("2026-11-01")};
  options.clones = clones.path();
  const std::shared_ptr<events::log::event_log> log
    = events::log::make_memory_log();
  const auto policy = std::make_shared<const events::policy::policy>(
    *events::policy::parse_policy(events::policy::shipped_policy(), "shipped"));
  const auto before = peak_mb();
  const auto result = discover(log, policy, access, options);
  ASSERT_EQ(result.reports.size(), 1u);
  EXPECT_FALSE(result.reports.front().failure)
    << events::describe(result.reports.front().failure);
  const auto grown = peak_mb() - before;
  RecordProperty("peak_mb", static_cast<int>(grown));
  EXPECT_LE(grown, 6 * (bytes >> 20)) << "MB for a diff of " << (bytes >> 20);
  const auto records = *log->read_stream(
    events::stream_of(events::pull_request_id{options.repos.front(), 1}));
  ASSERT_GE(records.size(), 2u);
  std::printf("a diff of %zu MB: %lu MB more memory, verdict %s\n", bytes >> 20,
              grown,
              records.back().tag == events::symbolic_rejected::tag ? "rejected"
                                                                   : "passed");
}

} // namespace
} // namespace fc::github_peer
