#include "actors/services/python/build_log.hpp"
#include "actors/services/python/json.hpp"

#include <gmock/gmock.h>

namespace fc::actors::services {

// The cause was told as pip's summary, or as the exception of who called git.
TEST(build_log, NamesGitWhereTheBuildAskedIt) {
  constexpr auto log
    = "Processing /fc/src\n"
      "  Getting requirements to build wheel: finished with status 'error'\n"
      "  error: subprocess-exited-with-error\n"
      "  × Getting requirements to build wheel did not run successfully.\n"
      "  │ exit code: 1\n"
      "  ╰─> [20 lines of output]\n"
      "      fatal: not a git repository (or any of the parent directories): "
      ".git\n"
      "      Traceback (most recent call last):\n"
      "        File \"<string>\", line 5, in <module>\n"
      "      subprocess.CalledProcessError: Command '['git', 'describe']' "
      "returned non-zero exit status 128.\n"
      "      [end of output]\n";
  EXPECT_EQ(significant_line(log), "fatal: not a git repository (or any of the "
                                   "parent directories): .git");
  EXPECT_TRUE(asks_git(log));
  EXPECT_FALSE(asks_git("x.c:1:10: fatal error: limit.h: No such file"));
}

TEST(build_log, NamesTheVersionThatCannotBeFound) {
  constexpr auto log
    = "LookupError: setuptools-scm was unable to detect version for /fc/src.\n"
      "\n"
      "Make sure you're either building from a fully intact git repository\n";
  EXPECT_EQ(significant_line(log), "LookupError: setuptools-scm was unable to "
                                   "detect version for /fc/src.");
}

TEST(build_log, NamesMissingCompilersAndHeaders) {
  EXPECT_EQ(
    significant_line("unable to execute 'gcc': No such file or directory\n"
                     "error: command 'gcc' failed: No such file or "
                     "directory\nERROR: Failed building wheel for x\n"),
    "error: command 'gcc' failed: No such file or directory");
  EXPECT_EQ(
    significant_line("mini/_c.c:2:10: fatal error: limit.h: No such file "
                     "or directory\n    2 | #include \"limit.h\"\n"
                     "      |          ^~~~~~~~~\ncompilation terminated.\n"
                     "error: command '/usr/bin/gcc' failed with exit code "
                     "1\n"),
    "mini/_c.c:2:10: fatal error: limit.h: No such file or directory");
  EXPECT_EQ(significant_line("../meson.build:1:0: ERROR: Unknown compiler(s): "
                             "[['cc']]\nA full log can be found at x\n"),
            "../meson.build:1:0: ERROR: Unknown compiler(s): [['cc']]");
}

TEST(build_log, AnExceptionSaysMoreThanGitsWarning) {
  EXPECT_EQ(significant_line("fatal: not a git repository: .git\n"
                             "ModuleNotFoundError: No module named 'Cython'\n"),
            "ModuleNotFoundError: No module named 'Cython'");
}

TEST(build_log, CaretsAreNeverTelling) {
  EXPECT_EQ(
    significant_line("something broke\n    ^^^^^^^^^^~~~~^^^^\n  ----\n"),
    "something broke");
}

TEST(script_answers, MayNotNestDeep) {
  std::string text = "{\"a\": ";
  text += std::string(200'000, '[') + std::string(200'000, ']') + "}";
  EXPECT_FALSE(parse_json_object(text, "script"));
  EXPECT_TRUE(parse_json_object(
    "{\"a\": \"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}", "script"));
}

} // namespace fc::actors::services
