#include "tools/fc-data/terminal/diagnostics.hpp"
#include "tools/shell/program.hpp"

#include <gmock/gmock.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace fc::tools {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string hostile
  = "title \x1b]0;x\x07\nfc-data: all is well \u202e https://ann:hush@host/x";

void expect_printable(const std::string& line) {
  EXPECT_THAT(line, AllOf(HasSubstr("title \\u001b]0;x\\u0007\\nfc-data: all"),
                          HasSubstr("\\u202e https://host/x"),
                          Not(HasSubstr("hush"))));
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(diagnostics, OfTheLoggerAreOneLineAndTellNothing) {
  std::ostringstream out;
  const auto before = spdlog::default_logger();
  begin_diagnostics("warn", &out);
  spdlog::warn("worker catches exception what={}", hostile);
  spdlog::info("not asked for");
  spdlog::default_logger()->flush();
  spdlog::set_default_logger(before);
  expect_printable(out.str());
  EXPECT_THAT(out.str(), HasSubstr("] [fc-data] [warning] worker catches"));
}

TEST(diagnostics, OfErrorsAreOneLineAndTellNothing) {
  testing::internal::CaptureStderr();
  shell::complain("fc-data", hostile);
  const auto line = testing::internal::GetCapturedStderr();
  EXPECT_THAT(
    line, AllOf(HasSubstr("fc-data: title \\u001b]0;x\\u0007 fc-data"),
                HasSubstr("\\u202e https://host/x"), Not(HasSubstr("hush"))));
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

} // namespace
} // namespace fc::tools
