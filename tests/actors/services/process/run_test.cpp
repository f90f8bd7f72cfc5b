#include "actors/services/process/process.hpp"
#include "tests/support/files.hpp"

#include <chrono>
#include <cmath>
#include <fcntl.h>
#include <fstream>
#include <limits>
#include <signal.h>
#include <thread>
#include <unistd.h>

using namespace std::string_literals;

namespace fc::actors::services {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

process_spec shell(std::string script) {
  process_spec spec;
  spec.argv = {"sh", "-c", std::move(script)};
  spec.timeout_s = 60;
  return spec;
}

process_result must_run(const process_spec& spec, const stop_flag& stop = {}) {
  auto result = run(spec, stop);
  EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
  return result ? *result : process_result{};
}

/// Whether a process is there and not a zombie.
bool alive(const std::string& pid) {
  std::ifstream file{"/proc/" + pid + "/stat"};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  auto close = text.rfind(')');
  return close != std::string::npos && text[close + 2] != 'Z';
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

TEST(run, GivesExitCodeAndBothStreams) {
  auto result = must_run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.signal, 0);
  EXPECT_EQ(result.out, "out\n");
  EXPECT_EQ(result.err, "err\n");
  EXPECT_FALSE(result.ok());
  EXPECT_TRUE(must_run(shell("exit 0")).ok());
}

TEST(run, TellsTheSignalThatEndedIt) {
  auto result = must_run(shell("kill -SEGV $$"));
  EXPECT_EQ(result.exit_code, -1);
  EXPECT_EQ(result.signal, SIGSEGV);
  EXPECT_FALSE(result.ok());
}

TEST(run, RefusesAMissingProgramByName) {
  process_spec spec;
  spec.argv = {"no-such-program-here"};
  auto result = run(spec, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(code_of(result.error()), ec::unavailable);
  EXPECT_THAT(describe(result.error()), HasSubstr("no-such-program-here"));
  spec.argv = {"/etc/passwd"};
  EXPECT_FALSE(run(spec, {}));
  spec.argv = {"/tmp"};
  EXPECT_FALSE(run(spec, {}));
}

TEST(run, RefusesAMissingFolder) {
  auto spec = shell("true");
  spec.directory = "/no/such/folder";
  auto result = run(spec, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(code_of(result.error()), ec::unavailable);
  EXPECT_THAT(describe(result.error()), HasSubstr("/no/such/folder"));
}

TEST(run, RefusesWhatCannotBeMeant) {
  auto refused = [](const process_spec& spec) {
    auto result = run(spec, {});
    return !result && code_of(result.error()) == ec::invalid_argument;
  };
  EXPECT_TRUE(refused({}));
  for (auto timeout : {0.0, -1.0, std::nan("")}) {
    auto spec = shell("true");
    spec.timeout_s = timeout;
    EXPECT_TRUE(refused(spec)) << timeout;
  }
  auto spec = shell("true\0x"s);
  EXPECT_TRUE(refused(spec));
  spec = shell("true");
  spec.env["A=B"] = "c";
  EXPECT_TRUE(refused(spec));
  spec = shell("true");
  spec.env["A"] = "b\0c"s;
  EXPECT_TRUE(refused(spec));
}

TEST(run, RefusesAProcessorThatIsNotThere) {
  auto spec = shell("true");
  spec.cpu = 100'000;
  EXPECT_FALSE(run(spec, {}));
  spec.cpu = 0;
  spec.argv[2] = "taskset -pc $$";
  EXPECT_THAT(must_run(spec).out, EndsWith(": 0\n"));
  EXPECT_NE(must_run(shell("taskset -pc $$")).out, "");
}

TEST(run, PassesNothingButTheGivenEnvironment) {
  ::setenv("FC_TEST_SECRET", "x", 1);
  process_spec spec;
  spec.argv = {"env"};
  spec.env = {{"A", "1"}, {"B", "two words"}};
  EXPECT_EQ(must_run(spec).out, "A=1\nB=two words\n");
  ::unsetenv("FC_TEST_SECRET");
}

TEST(run, PassesNoDescriptor) {
  // On purpose not close-on-exec, as a library might open it.
  auto leak = ::open("/etc/passwd", O_RDONLY);
  ASSERT_GE(leak, 0);
  auto result = must_run(shell("ls -l /proc/self/fd | grep -c -e '-> /etc'"));
  ::close(leak);
  EXPECT_EQ(result.out, "0\n");
}

TEST(run, GivesDefaultSignals) {
  auto before = ::signal(SIGPIPE, SIG_IGN);
  auto result = must_run(shell("kill -PIPE $$"));
  ::signal(SIGPIPE, before);
  EXPECT_EQ(result.signal, SIGPIPE);
  EXPECT_THAT(must_run(shell("grep SigBlk /proc/self/status")).out,
              EndsWith("\t0000000000000000\n"));
}

TEST(run, RunsInTheGivenFolderAndItsOwnSession) {
  auto spec = shell("pwd; ps -o sid= -p $$ | tr -d ' '; echo $$");
  spec.directory = "/usr";
  auto out = must_run(spec).out;
  EXPECT_THAT(out, StartsWith("/usr\n"));
  auto sid = first_line(out.substr(5));
  EXPECT_EQ(out, "/usr\n" + sid + "\n" + sid + "\n");
}

TEST(run, MovesLargeInputAndOutputWithoutDeadlock) {
  process_spec spec;
  spec.argv = {"cat"};
  spec.input = std::string(8 << 20, 'x');
  spec.max_output = 16 << 20;
  auto result = must_run(spec);
  EXPECT_TRUE(result.out == spec.input);
}

TEST(run, SurvivesAChildThatDoesNotReadItsInput) {
  auto spec = shell("exec <&-; echo done");
  spec.input = std::string(4 << 20, 'x');
  auto result = must_run(spec);
  EXPECT_TRUE(result.ok());
  EXPECT_EQ(result.out, "done\n");
}

TEST(run, ClosesTheInputAtItsEnd) {
  auto spec = shell("cat; echo end");
  EXPECT_EQ(must_run(spec).out, "end\n");
  spec.input = "a";
  EXPECT_EQ(must_run(spec).out, "aend\n");
}

TEST(run, KeepsHeadAndTailOfALongStream) {
  auto spec = shell("echo first; head -c 5000000 /dev/zero | tr '\\0' a; echo; "
                    "echo last; echo small >&2");
  spec.max_output = 1000;
  auto result = must_run(spec);
  EXPECT_THAT(result.out, StartsWith("first\naaa"));
  EXPECT_THAT(result.out, EndsWith("aaa\nlast\n"));
  EXPECT_THAT(result.out, HasSubstr("[... 4999012 bytes left out ...]"));
  EXPECT_LT(result.out.size(), 1100u);
  EXPECT_EQ(result.err, "small\n");
}

TEST(run, KeepsNothingWhenTold) {
  auto spec = shell("echo something");
  spec.max_output = 0;
  EXPECT_THAT(must_run(spec).out, HasSubstr("[... 10 bytes left out ...]"));
  spec.max_output = 10;
  EXPECT_EQ(must_run(spec).out, "something\n");
}

TEST(run, KillsGrandchildrenAtTheTimeout) {
  auto spec = shell("(trap '' TERM; echo $(exec sh -c 'echo $PPID'); while :; "
                    "do sleep 1; done) & wait");
  spec.timeout_s = 0.3;
  auto result = must_run(spec);
  EXPECT_TRUE(result.timed_out);
  EXPECT_FALSE(result.ok());
  auto pid = first_line(result.out);
  ASSERT_NE(pid, "");
  EXPECT_FALSE(alive(pid));
}

TEST(run, KillsWhatLeftTheGroupButNotTheFamily) {
  auto spec = shell("setsid sh -c 'echo $$; exec sleep 1000' & wait");
  spec.timeout_s = 0.5;
  auto result = must_run(spec);
  EXPECT_TRUE(result.timed_out);
  auto pid = first_line(result.out);
  ASSERT_NE(pid, "");
  EXPECT_FALSE(alive(pid));
}

TEST(run, KillsWhatIsLeftBehind) {
  auto result = must_run(shell("sleep 1000 & echo $!"));
  EXPECT_TRUE(result.ok());
  EXPECT_FALSE(result.timed_out);
  EXPECT_FALSE(alive(first_line(result.out)));
}

TEST(run, LetsAProgramEndItselfAtTheTimeout) {
  auto spec = shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do "
                    "sleep 0.05; done");
  spec.timeout_s = 0.5;
  auto result = must_run(spec);
  EXPECT_TRUE(result.timed_out);
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.out, "ready\nbye\n");
}

TEST(run, StopsByTheFlag) {
  auto stop = std::make_shared<std::atomic<bool>>(false);
  std::thread later{[&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop->store(true);
  }};
  auto result = must_run(shell("echo $$; sleep 1000"), stop);
  later.join();
  EXPECT_TRUE(result.stopped);
  EXPECT_FALSE(result.timed_out);
  EXPECT_FALSE(result.ok());
  EXPECT_FALSE(alive(first_line(result.out)));
}

TEST(run, RunsWithoutATimeout) {
  auto spec = shell("true");
  spec.timeout_s = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(must_run(spec).ok());
}

TEST(run, LimitsTheMemoryOfOneProcess) {
  process_spec spec;
  spec.argv = {"/usr/bin/python3", "-IS", "-c", "b'x' * (512 << 20)"};
  spec.memory_mb = 200;
  auto result = must_run(spec);
  EXPECT_FALSE(result.ok());
  EXPECT_THAT(result.err, HasSubstr("MemoryError"));
}

TEST(run, LimitsTheMemoryOfAGroup) {
  process_spec spec;
  // Four of 100 MiB each: none is above the limit by itself.
  spec.argv = {"/usr/bin/python3", "-IS", "-c",
               "import os, time\n"
               "for _ in range(4):\n"
               "    if os.fork() == 0:\n"
               "        held = b'x' * (100 << 20)\n"
               "        time.sleep(1000)\n"
               "time.sleep(1000)\n"};
  spec.memory_mb = 300;
  auto result = must_run(spec);
  EXPECT_EQ(result.limit, "memory");
  EXPECT_FALSE(result.ok());
  EXPECT_FALSE(result.timed_out);
  EXPECT_GE(result.peak_memory_kb, 300u * 1024);
}

TEST(run, LimitsTheNumberOfProcesses) {
  auto spec = shell("for i in $(seq 40); do sleep 1000 & done; wait");
  spec.processes = 10;
  auto result = must_run(spec);
  EXPECT_EQ(result.limit, "processes");
  EXPECT_FALSE(result.ok());
}

// What a build wrote filled the disk of the log, and the run ended.
TEST(run, LimitsWhatAGroupTakesOfTheDisk) {
  const support::temp_dir folder;
  auto spec
    = shell("i=0; while true; do i=$((i+1)); head -c 10000000 /dev/zero "
            "> "
            + folder.path().string() + "/$i; done");
  spec.disk = folder.path().string();
  spec.disk_mb = 200;
  const auto result = must_run(spec);
  EXPECT_EQ(result.limit, "disk");
  EXPECT_FALSE(result.ok());
  EXPECT_FALSE(result.timed_out);
}

TEST(run, LimitsTheSizeOfAFile) {
  auto file = ::testing::TempDir() + "fc_process_" + std::to_string(::getpid());
  auto spec = shell("head -c 3000000 /dev/zero > " + file);
  spec.file_size_mb = 1;
  auto result = must_run(spec);
  EXPECT_FALSE(result.ok());
  EXPECT_LE(std::filesystem::file_size(file), 1u << 20);
  std::filesystem::remove(file);
}

TEST(run, WritesNoCoreFile) {
  EXPECT_EQ(must_run(shell("ulimit -c")).out, "0\n");
}

TEST(run, CountsProcessorTimeOfDescendants) {
  auto result
    = must_run(shell("sh -c 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); "
                     "done'; true"));
  EXPECT_GT(result.cpu_seconds, 0.0);
  EXPECT_GE(result.wall_seconds, 0.0);
}

TEST(run, RunsFromManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> good = 0;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      auto word = std::to_string(i);
      auto spec = shell("cat; echo " + word);
      spec.input = word;
      if (must_run(spec).out == word + word + "\n")
        ++good;
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(good, 8);
}

} // namespace
} // namespace fc::actors::services
