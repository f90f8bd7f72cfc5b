#include "actors/judge/question.hpp"

#include <gmock/gmock.h>

namespace fc::actors {
namespace {

using events::ec;
using ::testing::HasSubstr;
using ::testing::Not;

events::scraped facts() {
  events::scraped x;
  x.title = "Cache it";
  x.body = "It was slow.\n";
  x.files = {{"src/a.py", 3, 2}, {"src/b|c.py", 1, 0}};
  x.changed_files = 2;
  return x;
}

std::string lines(std::size_t bytes) {
  std::string text;
  while (text.size() < bytes)
    text += "+ line " + std::to_string(text.size()) + " \xE9\x80\x9F\n";
  return text;
}

TEST(compose_question, ShowsAllOfASmallPullRequest) {
  const auto x = compose_question(facts(), "+ cached\n", 1000, {});
  ASSERT_TRUE(x);
  EXPECT_EQ(x->left_out, 0u);
  EXPECT_THAT(x->text, HasSubstr("# Title\n\nCache it\n"));
  EXPECT_THAT(x->text, HasSubstr("It was slow."));
  EXPECT_THAT(x->text, HasSubstr("| src/a.py | 3 | 2 |"));
  EXPECT_THAT(x->text, HasSubstr("| src/b c.py | 1 | 0 |"));
  EXPECT_THAT(x->text, HasSubstr("# Diff\n\n+ cached\n"));
  EXPECT_THAT(x->text, Not(HasSubstr("cut here")));
}

TEST(compose_question, SaysWhatItLeavesOut) {
  const judge_settings settings;
  const auto diff = lines(300'000);
  const auto x = compose_question(facts(), diff, 3000, settings);
  ASSERT_TRUE(x);
  EXPECT_GT(x->left_out, 0u);
  EXPECT_THAT(x->text, HasSubstr("[... the diff is cut here: "
                                 + std::to_string(x->left_out) + " of "
                                 + std::to_string(diff.size()) + " bytes"));
  EXPECT_THAT(x->text, HasSubstr(" \xE9\x80\x9F\n[... the diff"));
  EXPECT_LE(tokens_of(x->text.size() + 3000, settings) + settings.output_tokens,
            settings.context_tokens);
  // Nearly all of the room is used.
  EXPECT_GT(tokens_of(x->text.size() + 3000, settings) + settings.output_tokens
              + 300,
            settings.context_tokens);
}

TEST(compose_question, CutsBetweenLettersWhereThereAreNoLines) {
  std::string diff;
  while (diff.size() < 300'000)
    diff += "\xE9\x80\x9F";
  const auto x = compose_question(facts(), diff, 3000, {});
  ASSERT_TRUE(x);
  EXPECT_EQ((diff.size() - x->left_out) % 3, 0u);
}

TEST(compose_question, ShowsLessWhenAskedTo) {
  const auto diff = lines(300'000);
  const auto whole = compose_question(facts(), diff, 3000, {});
  const auto half = compose_question(facts(), diff, 3000, {}, 0.5);
  EXPECT_NEAR(static_cast<double>(diff.size() - half->left_out),
              static_cast<double>(diff.size() - whole->left_out) / 2, 100);
  const auto small = compose_question(facts(), "+ a\n+ b\n", 3000, {}, 0.5);
  EXPECT_EQ(small->left_out, 4u);
}

TEST(compose_question, BoundsEveryPart) {
  auto x = facts();
  x.title = std::string(5000, 't');
  x.body = lines(100'000);
  x.files.assign(3000, {std::string(1000, 'p'), 1, 1});
  x.changed_files = 3500;
  const auto made = compose_question(x, "+ a\n", 3000, {});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->left_out, 0u);
  EXPECT_THAT(made->text, HasSubstr("the title is cut here: 4000 of 5000"));
  EXPECT_THAT(made->text, HasSubstr("the description is cut here"));
  EXPECT_THAT(made->text, HasSubstr("the table is cut here"));
  x.files.assign(3000, {"p", 1, 1});
  EXPECT_THAT(compose_question(x, "+ a\n", 3000, {})->text,
              HasSubstr("and 3400 more files"));
}

TEST(compose_question, SaysThatNothingFits) {
  judge_settings tiny;
  tiny.context_tokens = 2000;
  tiny.output_tokens = 1000;
  auto x = facts();
  x.title = std::string(900, 't');
  const auto made = compose_question(x, "+ a\n", 3000, tiny);
  ASSERT_FALSE(made);
  EXPECT_EQ(events::code_of(made.error()), ec::too_long);
  tiny.output_tokens = 5000; // more than there is
  EXPECT_FALSE(compose_question(facts(), "", 0, tiny));
}

TEST(compose_question, TakesAnythingForText) {
  auto x = facts();
  x.title = "\xFF\xFE";
  x.body = "";
  x.files.clear();
  const auto made = compose_question(x, std::string(100'000, '\x80'), 10, {});
  ASSERT_TRUE(made);
  EXPECT_THAT(made->text, HasSubstr("(none)"));
}

} // namespace
} // namespace fc::actors
