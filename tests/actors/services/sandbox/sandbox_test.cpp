#include "actors/services/sandbox/sandbox.hpp"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <chrono>
#include <fstream>
#include <iostream>
#include <unistd.h>

namespace fc::actors::services {
namespace {

namespace fs = std::filesystem;

using events::code_of;
using events::describe;
using events::ec;
using ::testing::HasSubstr;
using ::testing::Not;

const fs::path python = "/usr/bin/python3";

/// One sandbox for all tests: it knows no state between runs.
services::sandbox& opened() {
  static auto result = services::sandbox::open(python);
  if (!result)
    throw std::runtime_error(describe(result.error()));
  return **result;
}

sandbox_spec shell(std::string script) {
  sandbox_spec spec;
  spec.process.argv = {"sh", "-c", std::move(script)};
  spec.process.env = {{"PATH", "/usr/bin:/bin"}, {"LC_ALL", "C.UTF-8"}};
  spec.process.timeout_s = 120;
  return spec;
}

process_result must_run(services::sandbox& runner, const sandbox_spec& spec) {
  auto result = runner.run(spec, {});
  EXPECT_TRUE(result) << (result ? "" : describe(result.error()));
  return result ? *result : process_result{};
}

std::string must_say(const sandbox_spec& spec) {
  auto result = must_run(opened(), spec);
  EXPECT_TRUE(result.ok()) << result.exit_code << result.err;
  return result.out;
}

/// A server on the machine's own loopback that accepts at most one client.
class loopback_server {
public:
  loopback_server() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(fd_, raw, size), 0);
    EXPECT_EQ(::listen(fd_, 8), 0);
    EXPECT_EQ(::getsockname(fd_, raw, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  loopback_server(const loopback_server&) = delete;
  loopback_server& operator=(const loopback_server&) = delete;
  ~loopback_server() {
    ::close(fd_);
  }

  sandbox_spec client() const {
    auto spec = shell("");
    spec.process.argv = {python, "-I", "-c",
                         "import socket\n"
                         "socket.create_connection(('127.0.0.1', "
                           + std::to_string(port_) + "), 5)\n"};
    return spec;
  }

private:
  int fd_;
  int port_ = 0;
};

class sandbox : public ::testing::Test {
protected:
  void SetUp() override {
    if (opened().isolation() == "none")
      GTEST_SKIP() << "bubblewrap is absent or this kernel refuses it";
    folder = fs::path{::testing::TempDir()}
             / ("fc_sandbox_" + std::to_string(::getpid()));
    fs::create_directories(folder);
    std::ofstream{folder / "file"} << "content";
  }
  void TearDown() override {
    if (!folder.empty())
      fs::remove_all(folder);
  }

  fs::path folder;
};

TEST_F(sandbox, RunsCommandsAndTellsHowTheyEnded) {
  EXPECT_EQ(must_say(shell("echo out; cat")), "out\n");
  auto result = must_run(opened(), shell("echo err >&2; exit 3"));
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.err, "err\n");
  result = must_run(opened(), shell("kill -SEGV $$"));
  EXPECT_EQ(result.exit_code, -1);
  EXPECT_EQ(result.signal, 11);
  EXPECT_EQ(result.err, "");
}

/// Such a failure would be retried and be no evidence.
TEST_F(sandbox, CommandThatForgesASetUpFailureIsNotBelieved) {
  for (const auto* script :
       {"echo 'bwrap: Creating new namespace failed' >&2; exit 1",
        "echo 'bwrap: no' > /proc/1/fd/3; exit 1", "exec 2>&-; exit 1",
        "yes 'bwrap: no' | head -c 100000 >&2; exit 1"}) {
    auto spec = shell(script);
    spec.process.max_output = 100;
    auto result = opened().run(spec, {});
    ASSERT_TRUE(result) << script << describe(result.error());
    EXPECT_EQ(result->exit_code, 1) << script;
    EXPECT_THAT(result->err, Not(HasSubstr("fc-sandbox")));
  }
}

TEST_F(sandbox, SetUpThatFailsIsToldAsSuch) {
  auto spec = shell("true");
  spec.mounts = {{folder, "/proc/nobody/can", false}};
  auto result = opened().run(spec, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(code_of(result.error()), ec::unavailable);
  EXPECT_THAT(describe(result.error()), HasSubstr("bwrap: "));
}

TEST_F(sandbox, PassesInputThrough) {
  auto spec = shell("wc -c");
  spec.process.input = std::string(4 << 20, 'x');
  EXPECT_EQ(must_say(spec), "4194304\n");
}

TEST_F(sandbox, SeesNothingOfTheUser) {
  auto here = fs::current_path().string();
  for (const auto& path :
       {std::string{"/root"}, std::string{"/home"}, here, folder.string(),
        std::string{"/etc/shadow"}, std::string{"/etc/ssl/private"},
        std::string{"/etc/pip.conf"}, std::string{"/etc/gitconfig"},
        std::string{"/var"}, std::string{"/run"}, std::string{"/opt"}})
    EXPECT_EQ(must_say(shell("test -e '" + path + "' || echo absent")),
              "absent\n")
      << path;
}

TEST_F(sandbox, PassesNothingButTheGivenEnvironment) {
  ::setenv("FC_TEST_SECRET", "x", 1);
  auto spec = shell("env | grep -v ^PWD= | sort");
  spec.process.env["LD_LIBRARY_PATH"] = "/nowhere";
  EXPECT_EQ(must_say(spec),
            "LC_ALL=C.UTF-8\nLD_LIBRARY_PATH=/nowhere\nPATH=/usr/bin:/bin\n");
  ::unsetenv("FC_TEST_SECRET");
}

TEST_F(sandbox, IsAnOrdinaryUserWithoutCapabilities) {
  EXPECT_EQ(must_say(shell("id -u; id -g; hostname; grep CapEff "
                           "/proc/self/status")),
            "1000\n1000\nfc\nCapEff:\t0000000000000000\n");
}

TEST_F(sandbox, HasItsOwnProcessSpace) {
  auto count = must_say(shell("ls -d /proc/[0-9]* | wc -l"));
  EXPECT_LE(std::stoi(count), 6);
  EXPECT_THAT(must_say(shell("cat /proc/thread-self/schedstat")),
              Not(HasSubstr("No such")));
}

TEST_F(sandbox, ShowsMountsAtTheirPlaces) {
  auto spec = shell("cat file; pwd");
  spec.mounts = {{folder, "/fc/src", false}};
  spec.process.directory = "/fc/src";
  EXPECT_EQ(must_say(spec), "content/fc/src\n");
  EXPECT_EQ(opened().path_inside(spec.mounts, "/fc/src/a"), "/fc/src/a");
}

TEST_F(sandbox, WritesOnlyWhereItMay) {
  auto write = [&](const std::string& path, bool writable) {
    auto spec = shell("echo changed > " + path);
    spec.mounts = {{folder, "/fc/src", writable}};
    return must_run(opened(), spec).ok();
  };
  EXPECT_FALSE(write("/fc/src/file", false));
  EXPECT_FALSE(write("/fc/src/new", false));
  for (const auto* path :
       {"/usr/x", "/etc/x", "/x", "/fc/x", "/dev/x", "/proc/x"})
    EXPECT_FALSE(write(path, true)) << path;
  EXPECT_TRUE(write("/tmp/x", false));
  EXPECT_TRUE(write("/dev/shm/x", false));
  EXPECT_TRUE(write("/fc/src/new", true));
  EXPECT_TRUE(fs::exists(folder / "new"));
  EXPECT_EQ(fs::file_size(folder / "file"), 7u);
}

TEST_F(sandbox, MayNotChangeKernelSettings) {
  // Asks, and does not try: a failure must not cost the machine its settings.
  auto spec = shell("");
  spec.process.argv
    = {python, "-I", "-c",
       "import os\n"
       "for folder, below, files in os.walk('/proc'):\n"
       "    if folder == '/proc':\n"
       "        below[:] = [x for x in below if not x.isdigit()\n"
       "                    and x not in ('self', 'thread-self')]\n"
       "    for name in files:\n"
       "        path = os.path.join(folder, name)\n"
       "        if os.access(path, os.W_OK) and not os.path.islink(path):\n"
       "            print(path)\n"};
  EXPECT_EQ(must_say(spec), "");
}

TEST_F(sandbox, NestsMounts) {
  fs::create_directories(folder / "tree" / "out");
  fs::create_directories(folder / "other");
  auto spec = shell("echo x > /fc/src/out/made && ! touch /fc/src/made");
  spec.mounts = {{folder / "other", "/fc/src/out", true},
                 {folder / "tree", "/fc/src", false}};
  must_say(spec);
  EXPECT_TRUE(fs::exists(folder / "other" / "made"));
}

TEST_F(sandbox, KeepsScratchSpaceWithinTheMemoryLimit) {
  auto spec = shell("head -c 100000000 /dev/zero > /tmp/x");
  spec.process.memory_mb = 64;
  EXPECT_FALSE(must_run(opened(), spec).ok());
}

TEST_F(sandbox, HasNoNetworkUnlessAllowed) {
  loopback_server server;
  auto spec = server.client();
  if (opened().network_off()) {
    auto result = must_run(opened(), spec);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("Connection refused"));
  }
  spec.network = true;
  must_say(spec);
}

TEST_F(sandbox, EndsAsAWholeAtTheTimeout) {
  // Its parent gone and its session left: only the process space holds it.
  auto spec = shell("(setsid sh -c 'while :; do echo x >> /fc/out/beats; "
                    "sleep 0.02; done' &) ; sleep 1000");
  spec.mounts = {{folder, "/fc/out", true}};
  spec.process.timeout_s = 0.5;
  EXPECT_TRUE(must_run(opened(), spec).timed_out);
  auto size = fs::file_size(folder / "beats");
  EXPECT_GT(size, 0u);
  must_say(shell("sleep 0.2"));
  EXPECT_EQ(fs::file_size(folder / "beats"), size);
}

TEST_F(sandbox, StopsByTheFlag) {
  auto stop = std::make_shared<std::atomic<bool>>(true);
  auto result = opened().run(shell("sleep 1000"), stop);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->stopped);
}

TEST_F(sandbox, ContainsAForkBomb) {
  auto spec = shell("");
  spec.process.argv = {python, "-IS", "-c",
                       "import os, time\n"
                       "for _ in range(2000):\n"
                       "    if os.fork() == 0:\n"
                       "        time.sleep(1000)\n"
                       "time.sleep(1000)\n"};
  spec.process.processes = 64;
  auto result = must_run(opened(), spec);
  EXPECT_FALSE(result.ok());
  // An ordinary user may be refused by the kernel before the watchdog looks.
  if (result.limit.empty())
    EXPECT_THAT(result.err, HasSubstr("BlockingIOError"));
  else
    EXPECT_EQ(result.limit, "processes");
}

TEST_F(sandbox, LimitsWhatTheCommandTakesOfTheDisk) {
  auto spec = shell("i=0; while true; do i=$((i+1)); head -c 10000000 "
                    "/dev/zero > /fc/out/$i; done");
  spec.mounts = {{folder, "/fc/out", true}};
  spec.process.disk_mb = 200;
  const auto result = must_run(opened(), spec);
  EXPECT_EQ(result.limit, "disk");
}

TEST_F(sandbox, CountsWhatTheCommandUsed) {
  auto spec = shell("");
  spec.process.argv = {python, "-IS", "-c", "x = b'x' * (200 << 20)"};
  auto result = must_run(opened(), spec);
  EXPECT_TRUE(result.ok());
  EXPECT_GE(result.peak_memory_kb, 200u << 10);
  EXPECT_GT(result.cpu_seconds, 0.01);
}

TEST_F(sandbox, TellsAMissingProgramByItsExitCode) {
  auto spec = shell("");
  spec.process.argv = {"no-such-program-here"};
  auto result = must_run(opened(), spec);
  EXPECT_EQ(result.exit_code, 127);
  EXPECT_THAT(result.err, HasSubstr("no-such-program-here"));
}

TEST_F(sandbox, RefusesBadMounts) {
  auto refusal = [&](mount m) {
    auto spec = shell("true");
    spec.mounts = {std::move(m)};
    auto result = opened().run(spec, {});
    return result ? ec::none : code_of(result.error());
  };
  EXPECT_EQ(refusal({folder, "relative", false}), ec::invalid_argument);
  EXPECT_EQ(refusal({folder, "/", false}), ec::invalid_argument);
  EXPECT_EQ(refusal({folder, "/fc/../etc", false}), ec::invalid_argument);
  EXPECT_EQ(refusal({folder, "", false}), ec::invalid_argument);
  EXPECT_EQ(refusal({folder / "absent", "/fc/src", false}), ec::not_found);
  // Where the root file system has nothing and may get nothing.
  EXPECT_EQ(refusal({folder, "/usr/absent/x", false}), ec::unavailable);
  sandbox_spec empty;
  auto result = opened().run(empty, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(code_of(result.error()), ec::invalid_argument);
}

TEST_F(sandbox, ReportsAFolderThatIsNotInside) {
  auto spec = shell("true");
  spec.process.directory = "/nowhere";
  auto result = opened().run(spec, {});
  ASSERT_FALSE(result);
  EXPECT_THAT(describe(result.error()), HasSubstr("/nowhere"));
}

TEST_F(sandbox, CostsLittle) {
  auto measure = [](auto&& body) {
    auto best = std::chrono::duration<double, std::milli>::max();
    for (int i = 0; i < 20; ++i) {
      auto start = std::chrono::steady_clock::now();
      body();
      best = std::min<decltype(best)>(best,
                                      std::chrono::steady_clock::now() - start);
    }
    return best.count();
  };
  auto spec = shell("");
  spec.process.argv = {"true"};
  auto inside = measure([&] { must_run(opened(), spec); });
  auto outside = measure([&] { EXPECT_TRUE(run(spec.process, {})); });
  std::cout << "true inside " << inside << " ms, outside " << outside
            << " ms\n";
}

TEST(sandbox_open, RefusesWhatIsNoPython) {
  EXPECT_FALSE(services::sandbox::open("/no/such/python"));
  auto result = services::sandbox::open("/bin/false");
  ASSERT_FALSE(result);
  EXPECT_EQ(code_of(result.error()), ec::unavailable);
}

TEST(sandbox_without_isolation, MapsPathsAndRuns) {
  auto runner = open_without_isolation();
  EXPECT_EQ(runner->isolation(), "none");
  std::vector<mount> mounts{{"/usr", "/fc/src", false},
                            {"/etc", "/fc/src/deep", false}};
  EXPECT_EQ(runner->path_inside(mounts, "/fc/src"), "/usr");
  EXPECT_EQ(runner->path_inside(mounts, "/fc/src/bin/sh"), "/usr/bin/sh");
  EXPECT_EQ(runner->path_inside(mounts, "/fc/src/deep/passwd"), "/etc/passwd");
  EXPECT_EQ(runner->path_inside(mounts, "/fc/srcs"), "/fc/srcs");
  auto spec = shell("pwd");
  spec.mounts = mounts;
  spec.process.directory = "/fc/src/bin";
  EXPECT_EQ(must_run(*runner, spec).out, "/usr/bin\n");
}

TEST(sandbox_without_isolation, CutsTheNetworkWhereItCan) {
  auto runner = open_without_isolation();
  loopback_server server;
  auto spec = server.client();
  EXPECT_NE(must_run(*runner, spec).ok(), runner->network_off());
  spec.network = true;
  EXPECT_TRUE(must_run(*runner, spec).ok());
}

} // namespace
} // namespace fc::actors::services
