#include "actors/services/http/get.hpp"
#include "tests/actors/services/file_server.hpp"

#include <fstream>
#include <unistd.h>

namespace fc::actors::services {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using ::testing::HasSubstr;
using ::testing::Not;

class http : public ::testing::Test {
protected:
  http()
    : folder(std::filesystem::path{::testing::TempDir()}
             / ("fc_http_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder / "sub");
    std::ofstream{folder / "file"} << "content";
    std::ofstream{folder / "large"} << std::string(300'000, 'x');
    server.emplace(folder);
  }
  ~http() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  http_answer must_get(const std::string& path, std::uint64_t max = 1 << 20) {
    auto answer = http_get(server->address() + path, 30, max);
    EXPECT_TRUE(answer) << (answer ? "" : describe(answer.error()));
    return answer ? *answer : http_answer{};
  }

  std::filesystem::path folder;
  std::optional<file_server> server;
};

TEST_F(http, GetsStatusAndBody) {
  auto answer = must_get("file");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "content");
  EXPECT_FALSE(answer.cut);
  EXPECT_EQ(must_get("absent").status, 404);
}

TEST_F(http, FollowsRedirects) {
  EXPECT_EQ(must_get("sub").status, 200);
}

TEST_F(http, TakesNoMoreThanAskedFor) {
  auto answer = must_get("large", 1000);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.size(), 1000u);
  EXPECT_TRUE(answer.cut);
  EXPECT_EQ(must_get("large", 300'000).body.size(), 300'000u);
}

TEST_F(http, ReportsAServerThatIsGone) {
  auto address = server->secret_address();
  server.reset();
  auto answer = http_get(address, 5);
  ASSERT_FALSE(answer);
  EXPECT_EQ(code_of(answer.error()), ec::unavailable);
  EXPECT_THAT(describe(answer.error()), HasSubstr("127.0.0.1"));
  EXPECT_THAT(describe(answer.error()), Not(HasSubstr("hush-hush")));
}

TEST(http_get, RefusesWhatIsNoAddress) {
  for (const auto* url :
       {"", "file:///etc/passwd", "ftp://x/", "http://", "pypi.org/simple"}) {
    auto answer = http_get(url, 1);
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(code_of(answer.error()), ec::invalid_argument) << url;
  }
}

TEST(without_credentials, KeepsAllButThem) {
  EXPECT_EQ(without_credentials("https://u:p@h/x@y"), "https://h/x@y");
  EXPECT_EQ(without_credentials("https://u@h"), "https://h");
  EXPECT_EQ(without_credentials("https://u:p@w@h:1/"), "https://h:1/");
  EXPECT_EQ(without_credentials("https://h/x?y@z"), "https://h/x?y@z");
  EXPECT_EQ(without_credentials("https://h?y@z"), "https://h?y@z");
  EXPECT_EQ(without_credentials("none"), "none");
  EXPECT_EQ(without_credentials(""), "");
}

} // namespace
} // namespace fc::actors::services
