#include "actors/discover/github/served_diff.hpp"
#include "tests/actors/discover/github/small_world.hpp"

namespace fc::github_peer {
namespace {

using events::code_of;
using events::ec;
using testing::HasSubstr;

/// Our REST requests behind Prism, which judges them and the server's replies
/// by GitHub's description.
class judged_by_prism : public github_discovery {
protected:
  void begin() {
    start(size(1, 45));
    auto started = services::pipe_process::start(
      node({"prism.mjs", peer->url().substr(peer->url().rfind(':') + 1)}));
    ASSERT_TRUE(started) << events::describe(started.error());
    prism = std::move(*started);
    const auto line = prism->read_until('\n');
    ASSERT_TRUE(line && *line) << prism->finish().err;
    services::github_settings settings;
    settings.api = "http://127.0.0.1:"
                   + std::to_string(json::parse(**line).at("port").get<int>());
    client = std::make_unique<services::github_client>(
      settings,
      std::make_shared<meddling_http>(
        [this](const services::http_request& request, auto&) {
          asked.push_back(request.url);
        }),
      services::fixed_tokens({"test-token"}), services::system_clock(),
      [] { return 0.0; });
  }

  std::unique_ptr<services::pipe_process> prism;
  std::unique_ptr<services::github_client> client;
  std::vector<std::string> asked;
};

TEST_F(judged_by_prism, RequestsForDiffsAreRight) {
  begin();
  services::github_usage used;
  std::size_t whole = 0;
  std::size_t together = 0;
  for (const auto& row :
       peer->pulls_of(peer->truth().at("repositories").at(0))) {
    const auto files = row.at("changedFiles").get<std::uint32_t>();
    // All that are too large, a few of the others.
    if (files <= 300 && whole >= 3)
      continue;
    const auto number = row.at("number").get<std::uint32_t>();
    const auto x
      = read_served_diff(*client, options.repos.front(), number, used, nullptr);
    ASSERT_TRUE(x) << events::describe(x.error());
    EXPECT_EQ(x->text.starts_with("diff --git "), files > 0);
    if (files <= 300) {
      ++whole;
      EXPECT_EQ(x->note, "");
      continue;
    }
    ++together;
    EXPECT_THAT(x->note, HasSubstr("list of " + std::to_string(files)));
    std::size_t headers = 0;
    for (auto at = x->text.find("diff --git "); at != std::string::npos;
         at = x->text.find("\ndiff --git ", at + 1))
      ++headers;
    EXPECT_EQ(headers, files);
  }
  EXPECT_EQ(whole, 3u);
  EXPECT_GE(together, 1u);
  EXPECT_EQ(used.calls, asked.size());
}

TEST_F(judged_by_prism, FindsWhatIsNotThere) {
  begin();
  services::github_usage used;
  EXPECT_EQ(code_of(read_served_diff(*client, options.repos.front(), 999'999,
                                     used, nullptr)
                      .error()),
            ec::not_found);
  // And a request of ours that is wrong would be seen.
  services::http_request wrong;
  wrong.url = "/repos/" + options.repos.front().str() + "/pulls/abc/files";
  EXPECT_EQ(
    code_of(client->rest(std::move(wrong), "core", used, nullptr).error()),
    ec::internal);
}

} // namespace
} // namespace fc::github_peer
