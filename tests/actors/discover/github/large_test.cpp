#include "actors/discover/github/listing.hpp"
#include "tests/actors/discover/github/small_world.hpp"
#include "tests/actors/services/git/sample_repository.hpp"
#include "tests/actors/services/scripted_http.hpp"

#include <sys/resource.h>

#include <fstream>

namespace fc::github_peer {
namespace {

class large : public github_discovery {
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

/// A repository of our own with one pull request, and a GitHub that tells of it
/// what a test wants.
class one_pull : public testing::Test {
protected:
  one_pull() {
    origin.git({"config", "uploadpack.allowFilter", "true"});
    origin.git({"config", "uploadpack.allowAnySHA1InWant", "true"});
    origin.git({"config", "core.compression", "1"});
    origin.write("asv.conf.json", "{\"version\": 1}\n");
    base = origin.commit("First");
  }

  /// What GitHub lists of files.
  void add_files(std::uint32_t changed, const std::vector<std::string>& listed,
                 std::uint32_t lines) {
    json nodes = json::array();
    for (const auto& path : listed)
      nodes.push_back(
        {{"path", path}, {"additions", lines}, {"changeType", "ADDED"}});
    pull = {{"__typename", "PullRequest"},
            {"id", "PR_1"},
            {"number", 1},
            {"title", "Speed up the parser"},
            {"mergedAt", "2026-10-05T00:00:00Z"},
            {"createdAt", "2026-10-04T00:00:00Z"},
            {"updatedAt", "2026-10-06T00:00:00Z"},
            {"baseRefOid", base},
            {"additions", lines * changed},
            {"changedFiles", changed},
            {"mergeCommit", {{"oid", origin.commit(message)}}},
            {"files", {{"totalCount", changed}, {"nodes", nodes}}}};
  }

  std::shared_ptr<github_access> access() {
    const json found{{"issueCount", 1},
                     {"pageInfo", {{"hasNextPage", false}}},
                     {"nodes", {pull}}};
    const json card{{"id", "R_1"},
                    {"nameWithOwner", "a/b"},
                    {"defaultBranchRef", {{"name", "main"}}}};
    const json reply{
      {"data", {{"r0", card}, {"c0", found}, {"search", found}}}};
    auto http = std::make_shared<services::scripted_http>();
    http->always([text = reply.dump()](const auto&) {
      return services::scripted_http::reply(200, text);
    });
    auto out = std::make_shared<github_access>();
    out->client = std::make_shared<services::github_client>(
      services::github_settings{}, http, services::fixed_tokens({"x"}),
      std::make_shared<services::modelled_clock>(), [] { return 0.0; });
    out->slots = std::make_shared<services::counting_semaphore>(1);
    out->git_url = origin.folder().string();
    out->audit_share = 0;
    return out;
  }

  /// Reads it. @returns its stream.
  std::vector<events::record> read() {
    discovery_options options;
    options.repos = {*events::repo_name::parse("a/b")};
    options.window
      = {*events::parse_time("2026-10-01"), *events::parse_time("2026-11-01")};
    options.clones = clones.path();
    const auto policy = std::make_shared<const events::policy::policy>(
      *events::policy::parse_policy(events::policy::shipped_policy(),
                                    "shipped"));
    for (const auto& each : discover(log, policy, access(), options).reports)
      EXPECT_FALSE(each.failure) << events::describe(each.failure);
    return *log->read_stream(
      events::stream_of(events::pull_request_id{options.repos.front(), 1}));
  }

  static events::scraped facts_in(const std::vector<events::record>& records) {
    return *events::event_in<events::scraped>(records.at(0));
  }
  static events::symbolic_rejected
  rejection_in(const std::vector<events::record>& records) {
    auto x = events::event_in<events::symbolic_rejected>(records.back());
    EXPECT_TRUE(x) << events::describe(x.error());
    return x ? *x : events::symbolic_rejected{};
  }

  static std::uint64_t peak_mb() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<std::uint64_t>(used.ru_maxrss) >> 10;
  }

  test::sample_repository origin;
  support::temp_dir clones;
  std::string base;
  std::string message = "Faster (#1)";
  json pull;
  std::shared_ptr<events::log::event_log> log = events::log::make_memory_log();
};

/// Lines are few, but each of them is long: only the diff itself tells.
TEST_F(one_pull, WithAHugeDiffIsRejectedWithoutBreakingMemory) {
  std::size_t bytes = 0;
  std::filesystem::create_directories(origin.folder() / "src");
  std::ofstream file{origin.folder() / "src/table.py"};
  for (int line = 0; line < 4000; ++line) {
    const auto text = std::to_string(line) + std::string(25'000, 'x') + "\n";
    bytes += text.size();
    file << text;
  }
  file.close();
  add_files(1, {"src/table.py"}, 4000);
  const auto before = peak_mb();
  const auto records = read();
  const auto grown = peak_mb() - before;
  EXPECT_LE(grown, 6 * (bytes >> 20)) << "MB for a diff of " << (bytes >> 20);
  RecordProperty("grown_mb", static_cast<int>(grown));
  RecordProperty("rule", rejection_in(records).rule);
}

TEST_F(one_pull, WithThreeThousandFilesIsCountedAndRejected) {
  std::vector<std::string> listed;
  for (int i = 0; i < 3000; ++i) {
    auto path = "data/f" + std::to_string(10'000 + i);
    origin.write(path, "x\n");
    if (listed.size() < 100)
      listed.push_back(std::move(path));
  }
  add_files(3000, listed, 1);
  const auto records = read();
  EXPECT_EQ(facts_in(records).changed_files, 3000u);
  EXPECT_LE(facts_in(records).files.size(), max_files);
  EXPECT_FALSE(facts_in(records).merge.empty());
  rejection_in(records);
}

TEST_F(one_pull, WithMoreFilesThanGitHubListsHasThemAll) {
  std::vector<std::string> listed;
  for (int i = 0; i < 450; ++i) {
    auto path = "src/f" + std::to_string(10'000 + i) + ".py";
    origin.write(path, "x = " + std::to_string(i) + "\n");
    if (listed.size() < 100)
      listed.push_back(std::move(path));
  }
  add_files(450, listed, 1);
  const auto facts = facts_in(read());
  ASSERT_EQ(facts.files.size(), 450u);
  EXPECT_EQ(facts.files.back().path, "src/f10449.py");
  EXPECT_THAT(facts.note, testing::HasSubstr("git completes them"));
}

/// Texts of every kind that is hard to read.
TEST_F(one_pull, WithTextsThatAreNoneIsStored) {
  origin.write("caf\xe9.py", "x = 1\n");
  origin.write("two\nlines.py", "y = 2\n");
  add_files(2, {"caf\xef\xbf\xbd.py", "two\nlines.py"}, 1);
  pull["body"] = nullptr;
  pull["title"] = "";
  pull["author"] = nullptr;
  pull["labels"] = nullptr;
  pull["closingIssuesReferences"] = nullptr;
  const auto facts = facts_in(read());
  EXPECT_EQ(facts.title, "");
  EXPECT_EQ(facts.body, "");
  EXPECT_EQ(facts.files.size(), 2u);
  EXPECT_EQ(facts.base, base);
}

/// Trees cannot tell how far a rebase goes back: the lines do.
TEST_F(one_pull, RebasedOntoOneFileGoesBackAsFarAsItsLines) {
  origin.write("src/a.py", "one = 1\n");
  origin.commit("Part one");
  origin.write("src/a.py", "one = 1\ntwo = 2\n");
  message = "Part two";
  add_files(1, {"src/a.py"}, 2);
  const auto facts = facts_in(read());
  EXPECT_EQ(facts.base, base);
  EXPECT_EQ(facts.merge_kind, "rebase");
}

} // namespace
} // namespace fc::github_peer
