#include "actors/discover/repositories/bigquery_source.hpp"
#include "actors/services/bigquery/client.hpp"
#include "actors/services/process/process.hpp"
#include "tests/actors/services/jwt/keys.hpp"
#include "tests/actors/services/scripted_http.hpp"
#include "tests/support/files.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>

namespace fc::actors::services {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using nlohmann::json;
using testing::HasSubstr;

bool installed() {
  const char* required = std::getenv("FC_REQUIRE_PEERS");
  return std::filesystem::exists(FC_PEERS "/node_modules")
         || (required != nullptr && std::string{required} == "1");
}

/// The offline BigQuery that Google's own client checks.
struct bigquery_peer : testing::Test {
  void SetUp() override {
    if (!installed())
      GTEST_SKIP()
        << "the peer is not installed; run: npm ci --prefix " FC_PEERS;
    support::write_file(folder / "key.pub", keys.public_pem());
    process_spec spec;
    spec.argv
      = {"node", "server.mjs", "--rows", "sample.jsonl", "--page",
         "2",    "--bytes",    "5000",   "--key",        folder / "key.pub"};
    spec.env
      = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", "/nonexistent"}};
    spec.directory = FC_PEERS;
    spec.timeout_s = 600;
    auto started = pipe_process::start(spec);
    ASSERT_TRUE(started) << describe(started.error());
    server = std::move(*started);
    const auto line = server->read_until('\n');
    ASSERT_TRUE(line && *line) << server->finish().err;
    url = "http://127.0.0.1:"
          + std::to_string(json::parse(**line)["port"].get<int>());
  }

  bigquery_client client(std::uint64_t max_bytes = 10'000) {
    auto account
      = service_account(json{{"type", "service_account"},
                             {"client_email", "bot@p.iam.gserviceaccount.com"},
                             {"project_id", "p"},
                             {"private_key", keys.private_pem()},
                             {"token_uri", url + "/token"}}
                          .dump(),
                        "key.json", http, system_clock());
    EXPECT_TRUE(account) << describe(account.error());
    bigquery_settings settings;
    settings.api = url;
    settings.max_bytes = max_bytes;
    settings.backoff_s = 0.01;
    return {settings, http, *account, time, [] {
              return 0.0;
            }};
  }
  void arm(const json& fault) {
    http_request request;
    request.method = "POST";
    request.url = url + "/__sim/fault";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = fault.dump();
    const auto answer = http->send(request, nullptr);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->status, 200) << answer->body;
  }
  expected<bigquery_result> ask(std::uint64_t max_bytes = 10'000) {
    return client(max_bytes).run(find_repositories_query(), nullptr);
  }

  support::temp_dir folder;
  key_pair keys;
  std::shared_ptr<http_client> http = make_http_client();
  std::shared_ptr<modelled_clock> time = std::make_shared<modelled_clock>();
  std::unique_ptr<pipe_process> server;
  std::string url;
};

} // namespace

TEST_F(bigquery_peer, AnswersAServiceAccountWithAllPages) {
  const auto result = ask();
  ASSERT_TRUE(result) << describe(result.error());
  std::ifstream in{FC_PEERS "/sample.jsonl"};
  std::size_t i = 0;
  for (std::string line; std::getline(in, line); ++i) {
    ASSERT_LT(i, result->rows.size());
    const auto want = json::parse(line);
    for (const auto* key :
         {"repo_name", "stars", "share", "fork", "tags", "owner", "note"})
      EXPECT_EQ(result->rows[i][key], want[key]) << key;
    const auto& seen = result->rows[i]["seen"];
    EXPECT_EQ(seen.is_number_integer(), want["seen"].is_string());
  }
  EXPECT_EQ(result->rows.size(), i);
  EXPECT_EQ(result->bytes, 5000U);
}

TEST_F(bigquery_peer, IsASourceOfRepositories) {
  auto from = client();
  const auto found = bigquery_source(from)->list(nullptr);
  ASSERT_TRUE(found) << describe(found.error());
  ASSERT_FALSE(found->found.empty());
  EXPECT_EQ(found->found[0].repo.str(), "lattice-dev/lattice");
  EXPECT_EQ(found->bytes, 5000U);
  EXPECT_GT(found->cost_usd, 0);
}

TEST_F(bigquery_peer, IsNotRunWhereItWouldReadTooMuch) {
  const auto result = ask(4999);
  ASSERT_FALSE(result);
  EXPECT_EQ(code_of(result.error()), ec::refused);
  EXPECT_THAT(describe(result.error()), HasSubstr("to 5000 to allow it"));
}

TEST_F(bigquery_peer, IsAskedAgainWhereThatHelps) {
  for (const auto* kind :
       {"rateLimitExceeded", "backendError", "html", "unwrapped", "closed"}) {
    arm({{"kind", kind}, {"times", 1}});
    const auto result = ask();
    EXPECT_TRUE(result) << kind << ": " << describe(result.error());
  }
}

TEST_F(bigquery_peer, StopsWhereItDoesNot) {
  for (const auto& [kind, code] : {std::pair{"quotaExceeded", ec::refused},
                                   {"accessDenied", ec::refused},
                                   {"invalidQuery", ec::internal},
                                   {"notFound", ec::not_found},
                                   {"job_errors", ec::refused}}) {
    arm({{"kind", kind}, {"times", 1}});
    const auto result = ask();
    ASSERT_FALSE(result) << kind;
    EXPECT_EQ(code_of(result.error()), code) << describe(result.error());
  }
}

} // namespace fc::actors::services
