#include "tools/fc-data/run/rest.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace fc::tools {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string open_text(const std::map<std::string, std::uint32_t>& causes,
                      const actors::judge_ledger* ledger = nullptr,
                      const actors::judge_budget& budget = {}) {
  std::ostringstream out;
  explain_open(out, causes, ledger, budget);
  return out.str();
}

TEST(what_is_left_open, IsSilentWhereNothingIs) {
  EXPECT_EQ(open_text({}), "");
}

TEST(what_is_left_open, IsNotTheModelsWhereTheProgramDied) {
  // Regression: any cause was "the model could not be asked".
  const auto text
    = open_text({{"the program died 2 times over it (signal 11)", 1}});
  EXPECT_EQ(text, "1 pull request is left open:\n  the program died 2 times "
                  "over it (signal 11); start the same command again when that "
                  "is fixed\n");
}

TEST(what_is_left_open, HasItsOwnCauseEach) {
  const actors::judge_budget budget{.usd = 0.5, .tokens = {}};
  const actors::judge_ledger ledger{budget};
  const auto text
    = open_text({{"budget", 3}, {"no_money\x1b[2J", 2}}, &ledger, budget);
  EXPECT_THAT(text, HasSubstr("5 pull requests are left open:\n"));
  EXPECT_THAT(text, HasSubstr("  3: the next question could exceed the judge's "
                              "budget ($0.0000 of $0.5000 and 0 tokens"));
  EXPECT_THAT(text, HasSubstr("  2: no_money\\u001b[2J; start"));
}

TEST(what_is_left_open, IsCutWhereCausesAreMany) {
  std::map<std::string, std::uint32_t> causes;
  for (char c = 'a'; c <= 'i'; ++c)
    causes[std::string(1, c)] = 1;
  const auto text = open_text(causes);
  EXPECT_THAT(text, HasSubstr("  1: e; "));
  EXPECT_THAT(text, Not(HasSubstr("  1: f; ")));
  EXPECT_THAT(text, HasSubstr("  and for 4 more causes, each named above\n"));
}

TEST(what_is_left_behind, IsCounted) {
  const auto text = [](std::uint32_t count) {
    std::ostringstream out;
    explain_left_behind(out, count, "work");
    return out.str();
  };
  EXPECT_EQ(text(0), "");
  EXPECT_EQ(text(1), "1 sandbox could not be removed from work/sandboxes; each "
                     "is named above\n");
  EXPECT_THAT(text(2), HasSubstr("2 sandboxes could"));
}

} // namespace
} // namespace fc::tools
