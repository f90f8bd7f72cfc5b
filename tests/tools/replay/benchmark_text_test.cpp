#include "tools/replay/audit/benchmark_text.hpp"

#include <gtest/gtest.h>

namespace fc::replay {

/// Regression: "confirmed" was said of whatever had fresh pairs.
TEST(benchmark_text, ConfirmedIsWhatHeld) {
  events::benchmark_trial x;
  x.status = "ok";
  EXPECT_EQ(status_of(x, nullptr), "not timed");
  x.screen_base = {1};
  EXPECT_EQ(status_of(x, nullptr), "screened");
  x.confirm_base = {1};
  EXPECT_EQ(status_of(x, nullptr), "not judged");
  events::candidate as_candidate;
  EXPECT_EQ(status_of(x, &as_candidate), "not confirmed");
  as_candidate.accepted = true;
  EXPECT_EQ(status_of(x, &as_candidate), "confirmed");
  x.status = "crashed";
  EXPECT_EQ(status_of(x, &as_candidate), "crashed");
}

/// Regression: a traceback was a wall of re-wrapped carets.
TEST(benchmark_text, TracebacksByTheirLastLineAndTheFrameInTheSuite) {
  const std::string text
    = "benchmarks/bench_a.py: Traceback (most recent call last):\n"
      "  File \"/fc/harness/fcbench/suite.py\", line 40, in load\n"
      "    module = import_module(name)\n"
      "             ^^^^^^^^^^^^^^^^^^^\n"
      "  File \"<frozen importlib._bootstrap>\", line 1204, in _gcd_import\n"
      "  File \"/fc/tree/benchmarks/bench_a.py\", line 7, in <module>\n"
      "    from mini import gone\n"
      "  File \"/fc/env/lib/python3.11/site-packages/mini/__init__.py\", line "
      "1, in <module>\n"
      "ImportError: cannot import name 'gone' from 'mini'\n";
  EXPECT_EQ(error_text(text), "benchmarks/bench_a.py: ImportError: cannot "
                              "import name 'gone' from 'mini' "
                              "(benchmarks/bench_a.py:7)");
}

TEST(benchmark_text, OfATracebackInATracebackTheLast) {
  EXPECT_EQ(error_text("Traceback (most recent call last):\n"
                       "  File \"/fc/tree/b/x.py\", line 1, in f\n"
                       "KeyError: 'a'\n\nDuring handling of the above "
                       "exception, another exception occurred:\n\n"
                       "Traceback (most recent call last):\n"
                       "  File \"/fc/tree/b/x.py\", line 3, in f\n"
                       "ValueError: b"),
            "ValueError: b (b/x.py:3)");
}

TEST(benchmark_text, OtherErrorsInOneLineWithoutCarets) {
  EXPECT_EQ(error_text("SyntaxError: bad\n    x = \n        ^^^\n"),
            "SyntaxError: bad x =");
  EXPECT_EQ(error_text("MemoryError"), "MemoryError");
  EXPECT_EQ(error_text(""), "");
  EXPECT_EQ(error_text("Traceback (most recent call last):\n"),
            "Traceback (most recent call last):");
}

} // namespace fc::replay
