#include "tests/actors/discover/github/small_world.hpp"

namespace fc::github_peer {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using testing::HasSubstr;

/// A GitHub that changes while it is read.
class changing_github : public github_discovery {
protected:
  void begin() {
    start(size(1, 45));
    repo = options.repos.front();
  }
  json pick() {
    return peer->truth().at("repositories").at(0);
  }
  /// All that is in the log.
  std::uint64_t records() {
    std::uint64_t sum = 0;
    for (const auto& row : peer->pulls_of(pick()))
      sum += log
               ->read_stream(events::stream_of(events::pull_request_id{
                 repo, row.at("number").get<std::uint32_t>()}))
               ->size();
    return sum;
  }

  events::repo_name repo;
};

TEST_F(changing_github, FollowsARepositoryThatIsRenamedBeforeItsListing) {
  begin();
  options.audit_share = 1;
  after_first("Cards", [this] {
    peer->post("/__sim/rename", {{"repo", repo.str()}, {"to", "new/name"}});
  });
  expect_read();
  expect_truth(); // under the name it was asked for
}

TEST_F(changing_github, FollowsARepositoryThatIsRenamedBehindItsListing) {
  begin();
  options.audit_share = 1;
  after_first("SearchMerged", [this] {
    peer->post("/__sim/rename", {{"repo", repo.str()}, {"to", "new/name"}});
  });
  expect_read();
  expect_truth();
}

/// Nothing was found and nothing counted, which agreed.
TEST_F(changing_github, IsNotCompleteWhereTheRepositoryVanished) {
  for (const bool is_private : {false, true}) {
    options.repos.clear();
    begin();
    after_first("Cards", [&] {
      peer->post("/__sim/vanish",
                 {{"repo", repo.str()}, {"private", is_private}});
    });
    const auto err = expect_failure();
    EXPECT_EQ(code_of(err), ec::not_found);
    EXPECT_THAT(describe(err), HasSubstr(repo.str()));
    EXPECT_TRUE(certificates(repo).empty());
    EXPECT_EQ(records(), 0u);
    EXPECT_LE(requests(), 6u); // it is not asked for again and again
  }
}

TEST_F(changing_github, SeesWhatIsMergedWhileItIsRead) {
  begin();
  options.window.end = *events::parse_time("2026-12-01");
  std::uint32_t number = 0;
  after_first("Cards", [&] {
    number = peer->post("/__sim/merge", {{"repo", repo.str()}})
               .at("number")
               .get<std::uint32_t>();
  });
  expect_read();
  expect_truth();
  EXPECT_EQ(certificates(repo).front().stored, 46u);
  EXPECT_FALSE(
    log->read_stream(events::stream_of(events::pull_request_id{repo, number}))
      ->empty());
}

TEST_F(changing_github, SeesWhatIsMergedBehindThePages) {
  begin();
  options.window.end = *events::parse_time("2026-12-01");
  after_first("SearchMerged", [&] {
    peer->post("/__sim/merge", {{"repo", repo.str()}});
  });
  // The window was complete when it was counted; the next run finds the rest.
  expect_read();
  const auto all = certificates(repo);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.front().counted, all.front().stored);
  options.meddle = {};
  expect_read();
  EXPECT_EQ(certificates(repo).back().stored, 46u);
}

TEST_F(changing_github, SaysLoudlyWhereCountsNeverAgree) {
  begin();
  options.meddle = [](const auto&, services::http_response& answer) {
    const std::string counted = "\"issueCount\":45";
    const auto at = answer.body.find(counted);
    if (at != std::string::npos)
      answer.body.replace(at, counted.size(), "\"issueCount\":47");
  };
  const auto err = expect_failure();
  EXPECT_EQ(code_of(err), ec::conflict);
  EXPECT_THAT(describe(err), HasSubstr("counts 47"));
  EXPECT_THAT(describe(err), HasSubstr("stored are 45"));
  const auto all = certificates(repo);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all.front().counted, 47u);
  EXPECT_EQ(all.front().stored, 45u);
  EXPECT_EQ(all.front().method, "search, list");
}

TEST_F(changing_github, AsksLittleForWhatIsStored) {
  begin();
  expect_read();
  const auto stored = records();
  const auto first = requests();
  expect_read();
  EXPECT_EQ(records(), stored);
  EXPECT_LE(requests() - first, 2u); // card and listing
  const auto second = certificates(repo);
  ASSERT_EQ(second.size(), 2u);
  EXPECT_EQ(second.back().counted, 45u);
  EXPECT_EQ(second.back().stored, 45u);
  EXPECT_EQ(second.back().git_operations, 1u); // the update alone
  expect_read();
  EXPECT_EQ(certificates(repo).size(), 2u); // the same says nothing new
}

TEST_F(changing_github, GoesOnWhereItWasStopped) {
  for (const auto* operation : {"Cards", "SearchMerged", "IssueTexts"}) {
    log = events::log::make_memory_log();
    options.repos.clear();
    begin();
    *options.stop = false;
    after_first(operation, [this] { *options.stop = true; });
    const auto failure = expect_failure();
    EXPECT_EQ(code_of(failure), ec::cancelled)
      << operation << ": " << events::describe(failure);
    EXPECT_TRUE(certificates(repo).empty()) << operation;
    *options.stop = false;
    options.meddle = {};
    expect_read();
    expect_truth();
  }
}

/// Its first part is stored, the rest is not.
TEST_F(changing_github, GoesOnWhereItBrokeOffBehindSome) {
  begin();
  options.audit_share = 1;
  options.meddle = [this, seen = std::make_shared<int>(0)](
                     const services::http_request& request, auto&) {
    if (request.url.find("/pulls/") != std::string::npos && ++*seen == 3)
      *options.stop = true;
  };
  EXPECT_EQ(code_of(expect_failure()), ec::cancelled);
  *options.stop = false;
  options.meddle = {};
  expect_read();
  expect_truth();
}

} // namespace
} // namespace fc::github_peer
