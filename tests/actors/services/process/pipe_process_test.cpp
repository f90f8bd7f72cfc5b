#include "actors/services/process/process.hpp"

#include <fstream>
#include <signal.h>

namespace fc::actors::services {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using ::testing::HasSubstr;

std::unique_ptr<pipe_process> start(std::string script, double timeout = 30) {
  process_spec spec;
  spec.argv = {"sh", "-c", std::move(script)};
  spec.timeout_s = timeout;
  auto result = pipe_process::start(spec);
  EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
  return result ? std::move(*result) : nullptr;
}

std::string must_read(pipe_process& p) {
  auto line = p.read_until('\n');
  if (!line)
    return describe(line.error());
  return *line ? **line : "(end)";
}

TEST(pipe_process, AnswersRequestsInTurn) {
  auto p = start("while read -r line; do echo \"<$line>\"; done");
  for (auto word : {"one", "two", "", "four"}) {
    EXPECT_FALSE(p->write(word + std::string{"\n"}));
    EXPECT_EQ(must_read(*p), std::string{"<"} + word + ">");
  }
  p->close_input();
  EXPECT_EQ(must_read(*p), "(end)");
  EXPECT_EQ(must_read(*p), "(end)");
  auto result = p->finish();
  EXPECT_TRUE(result.ok());
  EXPECT_TRUE(p->finish().ok());
}

TEST(pipe_process, ReadsExactCountsAmongLines) {
  auto p = start("printf 'head 5\\nab\\ncd\\nnext\\n'");
  EXPECT_EQ(must_read(*p), "head 5");
  auto body = p->read_exactly(5);
  ASSERT_TRUE(body);
  EXPECT_EQ(*body, "ab\ncd");
  auto nothing = p->read_exactly(0);
  ASSERT_TRUE(nothing);
  EXPECT_EQ(*nothing, "");
  EXPECT_EQ(must_read(*p), "");
  EXPECT_EQ(must_read(*p), "next");
  EXPECT_EQ(must_read(*p), "(end)");
}

TEST(pipe_process, DoesNotBlockOnAChildThatIsBlockedOnItsOutput) {
  auto p = start("exec cat");
  std::string large(4 << 20, 'x');
  large += '\n';
  EXPECT_FALSE(p->write(large));
  EXPECT_FALSE(p->write(large));
  EXPECT_EQ(must_read(*p).size() + 1, large.size());
  auto second = p->read_exactly(large.size());
  ASSERT_TRUE(second);
  EXPECT_TRUE(*second == large);
}

TEST(pipe_process, ReportsAChildThatDiesInTheMiddleOfAnAnswer) {
  auto p = start("read -r x; printf abc; echo 'fatal: no luck' >&2; exit 7");
  EXPECT_FALSE(p->write("go\n"));
  auto line = p->read_until('\n');
  ASSERT_FALSE(line);
  EXPECT_EQ(code_of(line.error()), ec::unavailable);
  EXPECT_THAT(describe(line.error()), HasSubstr("3 bytes"));
  EXPECT_THAT(describe(line.error()), HasSubstr("fatal: no luck"));
  auto exact = p->read_exactly(10);
  ASSERT_FALSE(exact);
  EXPECT_THAT(describe(exact.error()), HasSubstr("3 of 10 bytes"));
  // What came is still there.
  auto rest = p->read_exactly(3);
  ASSERT_TRUE(rest);
  EXPECT_EQ(*rest, "abc");
  auto result = p->finish();
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_EQ(result.err, "fatal: no luck\n");
}

TEST(pipe_process, ReportsAWriteToADeadChild) {
  auto p = start("exit 0");
  EXPECT_EQ(must_read(*p), "(end)");
  auto err = p->write(std::string(1 << 20, 'x'));
  ASSERT_TRUE(err);
  EXPECT_EQ(code_of(err), ec::unavailable);
  err = p->write("x");
  EXPECT_TRUE(err);
}

TEST(pipe_process, RefusesToWriteAfterTheInputWasClosed) {
  auto p = start("exec cat");
  p->close_input();
  EXPECT_TRUE(p->write("x"));
  EXPECT_FALSE(p->write(""));
}

TEST(pipe_process, GivesUpOnSilence) {
  auto p = start("sleep 1000", 0.1);
  auto line = p->read_until('\n');
  ASSERT_FALSE(line);
  EXPECT_EQ(code_of(line.error()), ec::timeout);
  // More than a pipe holds, and nobody reads.
  auto err = p->write(std::string(1 << 20, 'x'));
  ASSERT_TRUE(err);
  EXPECT_EQ(code_of(err), ec::timeout);
}

TEST(pipe_process, EndsAChildThatDoesNotEndItself) {
  auto p = start("trap '' TERM; echo $$; while :; do sleep 1; done");
  auto pid = must_read(*p);
  auto result = p->finish();
  EXPECT_EQ(result.exit_code, -1);
  EXPECT_EQ(result.signal, SIGKILL);
  EXPECT_FALSE(std::filesystem::exists("/proc/" + pid));
}

TEST(pipe_process, KeepsTheEndOfStandardError) {
  auto p = start("head -c 1000000 /dev/zero | tr '\\0' e >&2; echo END >&2; "
                 "echo done");
  EXPECT_EQ(must_read(*p), "done");
  auto result = p->finish();
  EXPECT_TRUE(result.ok());
  EXPECT_LE(result.err.size(), 64u * 1024);
  EXPECT_THAT(result.err, ::testing::EndsWith("eEND\n"));
}

TEST(pipe_process, RefusesWhatCannotStart) {
  process_spec spec;
  spec.argv = {"no-such-program-here"};
  EXPECT_FALSE(pipe_process::start(spec));
  spec.argv = {};
  EXPECT_FALSE(pipe_process::start(spec));
  spec.argv = {"cat"};
  spec.input = "x";
  EXPECT_FALSE(pipe_process::start(spec));
}

// An answer without end took all memory; a wish to stop was not seen.
TEST(pipe_process, BoundsAnAnswerAndEndsWhenStopped) {
  process_spec spec;
  spec.argv = {"sh", "-c", "yes | tr -d '\\n'"};
  spec.max_answer = 100'000;
  auto endless = pipe_process::start(spec);
  ASSERT_TRUE(endless);
  auto answer = (*endless)->read_until('\n');
  ASSERT_FALSE(answer);
  EXPECT_EQ(code_of(answer.error()), ec::refused);
  EXPECT_FALSE((*endless)->read_exactly(200'000));
  spec.argv = {"cat"};
  spec.stop = std::make_shared<std::atomic<bool>>(true);
  auto silent = pipe_process::start(spec);
  ASSERT_TRUE(silent);
  auto nothing = (*silent)->read_until('\n');
  ASSERT_FALSE(nothing);
  EXPECT_EQ(code_of(nothing.error()), ec::cancelled);
}

} // namespace
} // namespace fc::actors::services
