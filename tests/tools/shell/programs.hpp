#pragma once

#include "tests/support/files.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace fc::shell {

/// What a run of a program left behind.
struct outcome {
  int exit = -1;
  int signal = 0;
  std::string out;
  std::string err;
};

/// Both built programs, with nothing of the tester's environment, in a folder
/// of their own.
struct programs : testing::Test {
  /// @param words As a shell reads them; what is after `#` is not added to.
  outcome run(const std::string& program, const std::string& words,
              const std::string& variables = "") {
    const auto status = std::system(
      ("cd " + folder.path().string()
       + " && exec env -i PATH=/usr/bin:/bin HOME=/nonexistent " + variables
       + " " + program + " " + words + " 2>" + (folder / "err"))
        .c_str());
    outcome x;
    x.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    x.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    x.err = support::read_file(folder / "err");
    if (std::filesystem::exists(folder / "out"))
      x.out = support::read_file(folder / "out");
    return x;
  }

  /// The same with what it prints.
  outcome print(const std::string& program, const std::string& words,
                const std::string& variables = "") {
    return run(program, words + " >" + (folder / "out"), variables);
  }

  support::temp_dir folder;
};

/// An option that takes a value, as the help of its program says.
struct valued_option {
  std::string name;
  std::string type; ///< "TEXT", "FLOAT" or the like.
  std::string variable;
};

inline std::vector<valued_option> options_in(const std::string& help) {
  std::vector<valued_option> all;
  std::istringstream lines{help};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    valued_option x;
    words >> x.name >> x.type;
    if (!x.name.starts_with("--") || x.type.empty()
        || x.type.find_first_of("abcdefghijklmnopqrstuvwxyz") == 0)
      continue;
    // A flag has words behind its name, or nothing on its line.
    const bool valued = std::ranges::any_of(
      std::initializer_list<std::string>{"TEXT", "FLOAT", "INT", "UINT", "A"},
      [&](const std::string& kind) {
        return x.type == kind || x.type.starts_with(kind + ":")
               || x.type.starts_with(kind + "=");
      });
    if (!valued)
      continue;
    if (const auto at = line.find("(Env:"); at != std::string::npos)
      x.variable = line.substr(at + 5, line.find(')', at) - at - 5);
    all.push_back(x);
  }
  return all;
}

/// One line on standard error that says `what`, and the exit code.
inline void
expect_one_line(const outcome& x, int exit, const std::string& what) {
  EXPECT_EQ(x.exit, exit) << x.err;
  EXPECT_THAT(x.err, testing::HasSubstr(what));
  EXPECT_EQ(std::count(x.err.begin(), x.err.end(), '\n'), 1) << x.err;
}

} // namespace fc::shell
