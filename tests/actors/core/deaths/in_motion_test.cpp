#include "actors/core/deaths/death_book.hpp"
#include "actors/core/deaths/in_motion.hpp"
#include "tests/support/files.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <csignal>
#include <functional>
#include <thread>
#include <unistd.h>

namespace fc::actors {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* one = "pr/a/b#1";
constexpr const char* two = "pr/a/b#2";

/// A stack that has no end, as a parser of nested lists has it.
int nest(int depth) {
  volatile char room[4096] = {};
  room[0] = static_cast<char>(depth);
  return depth < 0 ? room[0] : nest(depth + 1) + room[0];
}

class deaths : public ::testing::Test {
protected:
  /// Lets a process die over something; what the next one finds.
  std::optional<process_death>
  after(const std::function<void(const in_motion_ptr&)>& work) {
    const auto child = ::fork();
    if (child == 0) {
      auto motion = in_motion::open(file);
      if (motion) {
        (*motion)->watch_crashes();
        work(*motion);
      }
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    auto motion = in_motion::open(file);
    EXPECT_TRUE(motion);
    return motion ? (*motion)->found() : std::nullopt;
  }

  support::temp_dir folder;
  std::filesystem::path file = folder.path() / "in-motion";
};

TEST_F(deaths, CrashIsBlamedOnTheStepOfItsThread) {
  const auto found = after([](const in_motion_ptr& motion) {
    std::thread other{[&] {
      const motion_scope scope{motion, two, "classify"};
      ::pause();
    }};
    const motion_scope scope{motion, one, "trial"};
    ::usleep(50'000);
    std::abort();
  });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->cause, "signal 6");
  EXPECT_THAT(found->steps,
              ::testing::ElementsAre(interrupted_step{one, "trial", true}));
}

TEST_F(deaths, StackThatRunsOutIsNoted) {
  const auto found = after([](const in_motion_ptr& motion) {
    const motion_scope scope{motion, one, "trial"};
    ::_exit(nest(0));
  });
  ASSERT_TRUE(found);
  EXPECT_EQ(found->cause, "signal 11");
  EXPECT_TRUE(found->steps.front().blamed);
}

TEST_F(deaths, KilledProcessDiedOverNothing) {
  EXPECT_FALSE(after([](const in_motion_ptr& motion) {
    const motion_scope scope{motion, one, "trial"};
    ::raise(SIGKILL);
  }));
}

TEST_F(deaths, FaultOfAThreadWithoutAStepIsNobodys) {
  EXPECT_FALSE(after([](const in_motion_ptr& motion) {
    { const motion_scope scope{motion, one, "trial"}; }
    std::abort();
  }));
}

TEST_F(deaths, ProcessThatWasAskedToStopDiedOverNothing) {
  EXPECT_FALSE(after([](const in_motion_ptr& motion) {
    const motion_scope scope{motion, one, "trial"};
    motion->asked_to_stop();
    std::abort();
  }));
}

TEST_F(deaths, GoodEndLeavesNoFile) {
  { auto motion = in_motion::open(file); }
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(deaths, ForeignFileIsTakenForNone) {
  support::write_file(file, std::string(100'000, 'x'));
  auto motion = in_motion::open(file);
  ASSERT_TRUE(motion);
  EXPECT_FALSE((*motion)->found());
}

/// The second of two deaths sets a pull request aside; others and other
/// programs are not touched.
TEST(death_book, LeavesAloneWhatKilledTheProgramTwice) {
  auto log = events::log::make_memory_log();
  const auto program = events::sha256(events::as_bytes("program"));
  const process_death shared{"memory of the machine had run out",
                             {{one, "trial", false}, {two, "classify", false}}};
  const process_death alone{"memory of the machine had run out",
                            {{one, "trial", true}}};
  auto book = death_book::keep(*log, shared, program, {});
  ASSERT_TRUE(book);
  EXPECT_TRUE((*book)->suspect(one) && (*book)->suspect(two));
  EXPECT_THAT((*book)->why_left_alone(one), IsEmpty());
  book = death_book::keep(*log, alone, program, {});
  ASSERT_TRUE(book);
  EXPECT_THAT((*book)->why_left_alone(one), HasSubstr("died 2 times"));
  EXPECT_THAT((*book)->why_left_alone(two), IsEmpty());
  book = death_book::keep(*log, {}, events::sha256(events::as_bytes("mended")),
                          {});
  ASSERT_TRUE(book);
  EXPECT_FALSE((*book)->suspect(one));
}

/// Two deaths that are nobody's in particular condemn nobody.
TEST(death_book, NeedsBlame) {
  auto log = events::log::make_memory_log();
  const process_death shared{"memory of the machine had run out",
                             {{one, "trial", false}, {two, "classify", false}}};
  auto book = death_book::keep(*log, shared, {}, {});
  book = death_book::keep(*log, shared, {}, {});
  ASSERT_TRUE(book);
  EXPECT_THAT((*book)->why_left_alone(one), IsEmpty());
}

} // namespace
} // namespace fc::actors
