#include "actors/build/problem_statement.hpp"

#include <gmock/gmock.h>

namespace fc::actors {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::string_view diff = "--- a/pkg/grid.py\n"
                                  "+++ b/pkg/grid.py\n"
                                  "@@ -1,2 +1,3 @@\n"
                                  " def build(rows):\n"
                                  "-    return [f(r) for r in rows]\n"
                                  "+    table = precompute(rows)\n"
                                  "+    return numpy.take(table, rows)\n"
                                  "+    x = 1\n";

events::scraped facts(std::string body, std::string title = "Faster grid") {
  events::scraped x;
  x.repo = *events::repo_name::parse("owner/name");
  x.number = 12;
  x.title = std::move(title);
  x.body = std::move(body);
  return x;
}

std::string rendered(const std::string& body) {
  return render_problem(facts(body), diff).text;
}

TEST(problem_statement, ShowsRepositoryTitleAndBody) {
  const auto text = rendered("Building is slow.\n\nIt takes minutes.");
  EXPECT_THAT(text, AllOf(HasSubstr("owner/name"), HasSubstr("Faster grid"),
                          HasSubstr("Building is slow.\n\nIt takes minutes.")));
  for (const auto* field : {"{repo}", "{title}", "{body}", "{linked}"})
    EXPECT_THAT(text, Not(HasSubstr(field)));
}

TEST(problem_statement, NamesTheFirstOfFourHundredThousandReferences) {
  std::string body;
  for (int i = 1'000'000; i < 1'400'000; ++i)
    body += "#" + std::to_string(i) + " ";
  const auto found = render_problem(facts(body), diff);
  EXPECT_EQ(found.linked.size(), 200u);
  EXPECT_EQ(found.linked.front(), "#1000000");
  EXPECT_THAT(found.text, HasSubstr(" #1000199 and 399800 more\n"));
}

TEST(problem_statement, SaysWhenThereIsNoDescription) {
  for (const auto* body : {"", "  \n\t\n", "Signed-off-by: A B <a@b.org>\n"})
    EXPECT_THAT(rendered(body), HasSubstr("has no description of its own"));
}

TEST(problem_statement, LeavesNoAddedLineInText) {
  const auto text = rendered("Now it reads\n\n"
                             "    return numpy.take(table, rows)\n\n"
                             "which is fast.");
  EXPECT_THAT(text, Not(HasSubstr("numpy.take")));
  EXPECT_THAT(text,
              AllOf(HasSubstr("Now it reads"), HasSubstr("which is fast.")));
}

TEST(problem_statement, RemovesCodeBlocksThatHoldAddedLines) {
  for (const auto* line :
       {"    table = precompute(rows)", "+    table = precompute(rows)",
        "table = precompute(rows)"}) {
    const auto text = rendered("Before\n```python\nrows = 3\n"
                               + std::string{line} + "\n```\nAfter");
    EXPECT_THAT(text,
                AllOf(Not(HasSubstr("precompute")), Not(HasSubstr("rows = 3")),
                      HasSubstr("[code removed]"), HasSubstr("Before"),
                      HasSubstr("After")))
      << line;
  }
}

TEST(problem_statement, RemovesEveryDiff) {
  for (const auto* kind : {"```diff", "```patch"}) {
    const auto text
      = rendered(std::string{kind} + "\n+anything at all\n```\nrest");
    EXPECT_THAT(text,
                AllOf(Not(HasSubstr("anything at all")), HasSubstr("rest")));
  }
}

TEST(problem_statement, KeepsCodeThatTellsNothing) {
  const auto text = rendered("```python\nimport pkg\npkg.build(1000)\n```");
  EXPECT_THAT(text, HasSubstr("```python\nimport pkg\npkg.build(1000)\n```"));
}

TEST(problem_statement, KeepsShortLinesThatAreAlsoInTheDiff) {
  EXPECT_THAT(rendered("```\nx = 1\n```"), HasSubstr("x = 1"));
}

TEST(problem_statement, RemovesALeakingBlockThatNeverCloses) {
  const auto text = rendered("Look:\n```python\ntable = precompute(rows)\n");
  EXPECT_THAT(text,
              AllOf(Not(HasSubstr("precompute")), HasSubstr("[code removed]")));
  EXPECT_THAT(rendered("Look:\n```python\nimport pkg\n"),
              HasSubstr("import pkg"));
}

TEST(problem_statement, FindsAddedLinesBehindCarriageReturns) {
  const auto text
    = rendered("Now\r\n```python\r\ntable = precompute(rows)\r\n```\r\nDone");
  EXPECT_THAT(text, AllOf(Not(HasSubstr("precompute")), HasSubstr("Done")));
}

TEST(problem_statement, RemovesPeople) {
  const auto text = rendered("Thanks to @some-body and (@other).\n"
                             "Mail first.last@example.org about it.\n"
                             "Signed-off-by: A B <a@b.org>\n"
                             "co-authored-by: C D <c@d.org>\n"
                             "Reviewed-by: E\n");
  for (const auto* name : {"some-body", "other)", "first.last", "example.org",
                           "A B", "C D", "Reviewed"})
    EXPECT_THAT(text, Not(HasSubstr(name)));
  EXPECT_THAT(text, AllOf(HasSubstr("Thanks to @user and (@user)."),
                          HasSubstr("Mail [email] about it.")));
  const auto titled
    = render_problem(facts("", "Faster grid by @somebody"), diff).text;
  EXPECT_THAT(titled, HasSubstr("Faster grid by @user"));
}

TEST(problem_statement, KeepsDecoratorsInCode) {
  const auto block = "```python\n@numba.jit\ndef f(): return a@b.T\n```";
  EXPECT_THAT(rendered(block), HasSubstr(block));
}

TEST(problem_statement, ListsLinkedNumbersOnce) {
  const auto linked
    = render_problem(facts("Fixes #3 and other/repo#4, see also #3, "
                           "https://github.com/third/one/issues/5 and "
                           "https://github.com/owner/name/pull/6. This is #12.",
                           "Faster grid (#7)"),
                     diff)
        .linked;
  EXPECT_THAT(linked,
              ElementsAre("#7", "#3", "other/repo#4", "third/one#5", "#6"));
}

TEST(problem_statement, LinksNothingWhereThereIsNone) {
  const auto x = render_problem(
    facts("No number. C# and a#b, issue 5, f#3, https://a.org/b#4, "
          "https://github.com/a/b/issues/, https://github.com/a, #, a/#, x/y#"),
    diff);
  EXPECT_THAT(x.linked, IsEmpty());
  EXPECT_THAT(x.text, Not(HasSubstr("It refers to")));
}

TEST(problem_statement, TakesBracesInTheBodyAsTheyAre) {
  EXPECT_THAT(rendered("A format of {repo} and {title} and {linked}."),
              HasSubstr("{repo} and {title} and {linked}."));
}

TEST(problem_statement, TakesBracesInTheTitleAsTheyAre) {
  const auto text = render_problem(facts("The body.", "Use {body}"), diff).text;
  EXPECT_THAT(text, HasSubstr("Use {body}"));
  EXPECT_THAT(text, HasSubstr("What was reported\n\nThe body."));
}

TEST(problem_statement, IsTheSameEachTime) {
  EXPECT_EQ(rendered("Slow. #3"), rendered("Slow. #3"));
}

TEST(problem_statement, TakesAMillionCharactersInOneLine) {
  for (const auto* unit : {"a", "a@", "a/b#", "@a ", "a.", "#", "/", ":"}) {
    std::string body;
    while (body.size() < 1'000'000)
      body += unit;
    EXPECT_THAT(rendered(body + " tail"), HasSubstr(" tail")) << unit;
  }
}

} // namespace
} // namespace fc::actors
