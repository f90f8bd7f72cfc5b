#include "actors/services/http/client.hpp"
#include "tests/support/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <future>
#include <thread>

namespace fc::actors::services {
namespace {

using namespace std::chrono_literals;
using events::code_of;
using events::describe;
using events::ec;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// `odd_server.py`, whose answers are named by their path.
class odd_server {
public:
  odd_server() {
    process_spec spec;
    spec.argv
      = {"/usr/bin/python3", "-u",
         (support::source_dir() / "tests/actors/services/http/odd_server.py")
           .string()};
    auto started = pipe_process::start(spec);
    if (!started)
      throw std::runtime_error(describe(started.error()));
    process_ = std::move(*started);
    auto line = process_->read_until('\n');
    if (!line || !*line)
      throw std::runtime_error("odd_server.py: " + process_->finish().err);
    address_ = "127.0.0.1:" + **line;
  }
  std::string operator/(const std::string& path) const {
    return "http://" + address_ + "/" + path;
  }
  const std::string& address() const {
    return address_;
  }
  void end() {
    process_->finish();
  }

private:
  std::unique_ptr<pipe_process> process_;
  std::string address_;
};

class http_requests : public testing::Test {
protected:
  static void SetUpTestSuite() {
    server = std::make_unique<odd_server>();
  }
  static void TearDownTestSuite() {
    server.reset();
  }

  static http_request get(const std::string& path) {
    http_request x;
    x.url = *server / path;
    x.timeout_s = 20;
    return x;
  }
  http_response must(const http_request& request) {
    auto answer = client->send(request, nullptr);
    EXPECT_TRUE(answer) << describe(answer.error());
    return answer ? *answer : http_response{};
  }
  json echoed(const http_request& request) {
    return json::parse(must(request).body);
  }
  events::error
  failure(const http_request& request, const stop_flag& stop = nullptr) {
    auto answer = client->send(request, stop);
    EXPECT_FALSE(answer) << request.url;
    return answer ? events::error{} : answer.error();
  }

  static inline std::unique_ptr<odd_server> server;
  std::shared_ptr<http_client> client = make_http_client("tester/1.0");
};

json header_of(const json& request, const std::string& name) {
  json all = json::array();
  for (const auto& each : request.at("headers"))
    if (each.at(0) == name)
      all.push_back(each.at(1));
  return all;
}

TEST_F(http_requests, SendsMethodHeadersAndBody) {
  auto request = get("echo/x?y=1");
  request.method = "POST";
  request.body = std::string("{\"a\":\"\0\xff\"}", 10);
  request.headers = {{"Content-Type", "application/json"}, {"X-Mine", "v:1"}};
  const auto got = echoed(request);
  EXPECT_EQ(got.at("method"), "POST");
  EXPECT_EQ(got.at("path"), "/echo/x?y=1");
  EXPECT_EQ(got.at("body").get<std::string>().size(), 11u); // 0xff in latin-1
  EXPECT_EQ(header_of(got, "content-type"), json{"application/json"});
  EXPECT_EQ(header_of(got, "x-mine"), json{"v:1"});
  EXPECT_EQ(header_of(got, "user-agent"), json{"tester/1.0"});
  EXPECT_EQ(header_of(got, "content-length"), json{"10"});
  EXPECT_EQ(header_of(got, "expect"), json::array());
}

TEST_F(http_requests, SendsLargeAndEmptyBodies) {
  auto request = get("echo");
  request.method = "POST";
  request.body.assign(3'000'000, 'b');
  EXPECT_EQ(echoed(request).at("body").get<std::string>().size(), 3'000'000u);
  request.body.clear();
  const auto got = echoed(request);
  EXPECT_EQ(got.at("method"), "POST");
  EXPECT_EQ(header_of(got, "content-length"), json{"0"});
  request.method = "PATCH";
  request.body = "p";
  EXPECT_EQ(echoed(request).at("method"), "PATCH");
}

TEST_F(http_requests, ForgetsTheRequestBefore) {
  auto first = get("echo");
  first.method = "POST";
  first.body = "old";
  first.headers = {{"Authorization", "Bearer old"}};
  echoed(first);
  const auto second = echoed(get("echo")); // the same connection
  EXPECT_EQ(second.at("method"), "GET");
  EXPECT_EQ(second.at("body"), "");
  EXPECT_EQ(header_of(second, "authorization"), json::array());
}

TEST_F(http_requests, GivesAnyStatus) {
  for (const long code : {200, 304, 403, 404, 406, 429, 500, 503}) {
    const auto answer = must(get("status/" + std::to_string(code)));
    EXPECT_EQ(answer.status, code);
    EXPECT_EQ(answer.header("x-of"), "the answer");
  }
}

TEST_F(http_requests, ReadsHeadersOfAnyShape) {
  const auto answer = must(get("many_headers"));
  EXPECT_EQ(answer.header("x-mixed"), "spaces around");
  EXPECT_EQ(answer.header("x-twice"), "one");
  EXPECT_EQ(answer.header("x-empty"), "");
  EXPECT_EQ(answer.header("x-colon"), "a:b");
  EXPECT_FALSE(answer.header("X-MiXed"));
  EXPECT_FALSE(answer.header("x-none"));
}

TEST_F(http_requests, HasHeadersOfTheLastAnswerOnly) {
  auto request = get("redirect/" + (*server / "status/200"));
  request.redirects = 1;
  const auto answer = must(request);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "body of 200");
  EXPECT_EQ(answer.header("x-of"), "the answer");
  EXPECT_FALSE(answer.header("x-only"));
  const auto late = must(get("early"));
  EXPECT_EQ(late.status, 200);
  EXPECT_EQ(late.body, "late");
  EXPECT_FALSE(late.header("x-only"));
}

TEST_F(http_requests, FollowsNoRedirectUnlessAskedTo) {
  odd_server other;
  auto request = get("redirect/" + (other / "echo"));
  request.headers = {{"Authorization", "Bearer hush-hush"}};
  const auto answer = must(request);
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.header("location"), other / "echo");
  EXPECT_EQ(answer.body, "moved");
}

TEST_F(http_requests, FollowsNoMoreRedirectsThanAskedFor) {
  auto request
    = get("redirect/" + (*server / "redirect/") + (*server / "status/200"));
  request.redirects = 1;
  EXPECT_EQ(code_of(failure(request)), ec::unavailable);
  request = get("redirect/file:///etc/passwd");
  request.redirects = 3;
  failure(request);
}

TEST_F(http_requests, UnpacksBodies) {
  const auto answer = must(get("zipped/100000"));
  EXPECT_EQ(answer.body, std::string(100'000, 'x'));
  EXPECT_EQ(code_of(failure(get("badly_zipped"))), ec::unavailable);
}

TEST_F(http_requests, TakesNoMoreThanItsShareOfAnUnpackedBody) {
  auto request = get("zipped/50000000");
  request.max_bytes = 1000;
  const auto answer = must(request);
  EXPECT_TRUE(answer.cut);
  EXPECT_EQ(answer.body.size(), 1000u);
  request = get("zipped/1000");
  request.max_bytes = 1000;
  EXPECT_FALSE(must(request).cut);
  request.max_bytes = 999;
  EXPECT_TRUE(must(request).cut);
  request.max_bytes = 0;
  EXPECT_TRUE(must(request).cut);
}

TEST_F(http_requests, IsStoppedInTheMiddleOfAnAnswer) {
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  for (const auto* path : {"slow", "silent"}) {
    *stop = false;
    auto asked = std::async(std::launch::async,
                            [&] { return failure(get(path), stop); });
    EXPECT_EQ(asked.wait_for(20ms), std::future_status::timeout);
    *stop = true;
    ASSERT_EQ(asked.wait_for(15s), std::future_status::ready) << path;
    EXPECT_EQ(code_of(asked.get()), ec::cancelled);
  }
}

TEST_F(http_requests, AsksNothingOnceStopped) {
  const auto stop = std::make_shared<std::atomic<bool>>(true);
  EXPECT_EQ(code_of(failure(get("silent"), stop)), ec::cancelled);
}

TEST_F(http_requests, EndsAtItsTimeout) {
  for (const auto* path : {"slow", "silent"}) {
    auto request = get(path);
    request.timeout_s = 0.1;
    EXPECT_EQ(code_of(failure(request)), ec::timeout) << path;
  }
}

TEST_F(http_requests, TakesNoPartOfAnAnswerForTheWhole) {
  for (const auto* path : {"cut", "cut_chunk", "closed", "garbage"}) {
    const auto err = failure(get(path));
    EXPECT_EQ(code_of(err), ec::unavailable) << path;
    EXPECT_THAT(describe(err), HasSubstr("127.0.0.1")) << path;
  }
  EXPECT_EQ(must(get("status/200")).status, 200); // the client still works
}

TEST_F(http_requests, ShowsNoSecretInErrors) {
  auto request = get("cut?access_token=hush-hush");
  request.url.insert(7, "user:hush-hush@");
  request.headers = {{"Authorization", "Bearer hush-hush"}};
  EXPECT_THAT(describe(failure(request)), Not(HasSubstr("hush-hush")));
  request.url = "http://user:hush-hush@127.0.0.1:1/hush-hush?t=hush-hush";
  EXPECT_THAT(describe(failure(request)), Not(HasSubstr("hush-hush")));
  request.url = "http://user:hush-hush@no such host/";
  EXPECT_THAT(describe(failure(request)), Not(HasSubstr("hush-hush")));
  request.url = "ftp://user:hush-hush@host/";
  EXPECT_THAT(describe(failure(request)), Not(HasSubstr("hush-hush")));
}

TEST_F(http_requests, LetsNoAnswerQuoteWhatOpenedTheDoor) {
  auto request = get("echo");
  request.headers = {{"Authorization", "Bearer hush-hush"},
                     {"X-Api-Key", "hush-too"},
                     {"X-Other", "is-no-secret"}};
  const auto answer = client->send(request, nullptr);
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->body,
              testing::AllOf(Not(HasSubstr("hush-")), HasSubstr("[key]"),
                             HasSubstr("is-no-secret")));
}

TEST_F(http_requests, SendsNoHeaderThatHoldsAnother) {
  for (const auto* value :
       {"Bearer a\r\nX-Smuggled: 1", "Bearer a\n", "Bearer a\r"}) {
    auto request = get("echo");
    request.headers = {{"Authorization", value}};
    const auto err = failure(request);
    EXPECT_EQ(code_of(err), ec::invalid_argument);
    EXPECT_THAT(describe(err), HasSubstr("Authorization"));
    EXPECT_THAT(describe(err), Not(HasSubstr("Bearer")));
  }
}

TEST_F(http_requests, ServesManyThreads) {
  std::vector<std::future<void>> all;
  for (int thread = 0; thread < 8; ++thread)
    all.push_back(std::async(std::launch::async, [this, thread] {
      for (int i = 0; i < 20; ++i) {
        auto request = get("echo/" + std::to_string(thread * 100 + i));
        EXPECT_EQ(echoed(request).at("path"),
                  "/echo/" + std::to_string(thread * 100 + i));
      }
    }));
  for (auto& each : all)
    each.get();
}

TEST_F(http_requests, ReportsAServerThatIsGone) {
  odd_server other;
  http_request request;
  request.url = other / "echo";
  must(request);
  other.end(); // its connection is kept and dead
  const auto err = failure(request);
  EXPECT_EQ(code_of(err), ec::unavailable);
  EXPECT_THAT(describe(err), HasSubstr(other.address()));
}

} // namespace
} // namespace fc::actors::services
