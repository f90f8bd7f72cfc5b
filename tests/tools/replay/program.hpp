#pragma once

#include "tests/projections/stories.hpp"
#include "tests/support/files.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdlib>

namespace fc::replay {

using events::describe;

/// What a run of the program left behind.
struct outcome {
  int exit = -1;
  std::string out;
  std::string err;
};

/// Runs the built program on a log on disk that holds every story.
struct program : testing::Test {
  static void SetUpTestSuite() {
    folder = new support::temp_dir;
    path = *folder / "log";
    auto log = events::log::open_rocksdb_log({path});
    ASSERT_TRUE(log) << describe(log.error());
    stories::write_interleaved(**log, stories::all());
  }
  static void TearDownTestSuite() {
    delete folder;
    folder = nullptr;
  }

  /// @param words As a shell reads them.
  /// @param before Put before the program, e.g. a variable.
  static outcome
  run(const std::string& words, const std::string& before = "env -u FC_LOG") {
    const auto out = *folder / "out";
    const auto err = *folder / "err";
    const auto status = std::system(
      (before + " " FC_REPLAY " " + words + " >" + out + " 2>" + err).c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            support::read_file(out), support::read_file(err)};
  }

  /// The same with `--log` of the sample log.
  static outcome on_log(const std::string& words) {
    return run("--log " + path + " " + words);
  }

  static inline support::temp_dir* folder = nullptr;
  static inline std::string path;
};

/// Nothing on standard output, one line on standard error that says `what`.
inline void
expect_refused(const outcome& x, int exit, const std::string& what) {
  EXPECT_EQ(x.exit, exit) << x.err;
  EXPECT_EQ(x.out, "");
  EXPECT_THAT(x.err, testing::StartsWith("fcreplay: "));
  EXPECT_THAT(x.err, testing::HasSubstr(what));
  EXPECT_EQ(std::count(x.err.begin(), x.err.end(), '\n'), 1) << x.err;
}

} // namespace fc::replay
