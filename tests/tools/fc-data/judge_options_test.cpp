#include "tools/fc-data/judge_options.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>

#include <cstdlib>

namespace fc::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// What a command line makes, or the mistake in it.
events::expected<judge_options> read(std::vector<std::string> arguments) {
  judge_options x;
  CLI::App app;
  add_judge_options(app, x);
  std::ranges::reverse(arguments);
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& err) {
    return events::make_error(events::ec::invalid_argument, err.what());
  }
  if (auto err = finish_judge_options(x))
    return err;
  return x;
}

std::string mistake(std::vector<std::string> arguments) {
  const auto x = read(std::move(arguments));
  return x ? "" : events::describe(x.error());
}

std::vector<std::string> with(std::vector<std::string> more) {
  more.insert(more.begin(), {"--model", "m", "--model-url", "http://x/v1/"});
  return more;
}

TEST(judge_options, AreTheRulesWhereNoModelIsNamed) {
  const auto x = read({});
  ASSERT_TRUE(x);
  EXPECT_FALSE(x->by_model());
  EXPECT_EQ(judge_configuration(*x), "");
  EXPECT_FALSE(read(with({"--judge", "rules"}))->by_model());
}

TEST(judge_options, AreAModelWhereOneIsNamed) {
  const auto x = read(with({}));
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_TRUE(x->by_model());
  EXPECT_EQ(x->model.url, "http://x/v1");
  EXPECT_EQ(x->model.temperature, 0);
  EXPECT_TRUE(x->model.structured);
  EXPECT_FALSE(x->model.price_in);
  EXPECT_TRUE(x->fallback.model.empty());
}

TEST(judge_options, ComeFromTheEnvironmentToo) {
  ::setenv("FC_MODEL", "from-env", 1);
  ::setenv("FC_MODEL_URL", "https://y/v1", 1);
  ::setenv("FC_MODEL_KEY", "hush-hush\n", 1);
  ::setenv("FC_MODEL_API", "anthropic", 1);
  ::setenv("FC_MODEL_PRICE_IN", "3", 1);
  const auto x = read({});
  for (const auto* each : {"FC_MODEL", "FC_MODEL_URL", "FC_MODEL_KEY",
                           "FC_MODEL_API", "FC_MODEL_PRICE_IN"})
    ::unsetenv(each);
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_EQ(x->model.model, "from-env");
  EXPECT_EQ(x->model.key, "hush-hush");
  EXPECT_EQ(x->model.api, actors::services::model_api::anthropic);
  EXPECT_FALSE(x->model.temperature);
  EXPECT_EQ(x->model.price_in, 3);
  EXPECT_THAT(judge_configuration(*x), Not(HasSubstr("hush")));
  EXPECT_THAT(judge_configuration(*x), Not(HasSubstr("https")));
  EXPECT_THAT(judge_configuration(*x), HasSubstr("from-env"));
}

TEST(judge_options, HaveAFallback) {
  const auto x
    = read(with({"--fallback-model", "f", "--fallback-model-url", "http://z/v1",
                 "--fallback-on", "timeout,no_money"}));
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_EQ(x->fallback.model, "f");
  EXPECT_EQ(x->fallback_on,
            (std::set{events::ec::timeout, events::ec::no_money}));
}

TEST(judge_options, NameTheMistake) {
  EXPECT_THAT(mistake({"--judge", "model"}), HasSubstr("FC_MODEL"));
  EXPECT_THAT(mistake({"--judge", "coin"}), HasSubstr("coin"));
  EXPECT_THAT(mistake({"--model", "m"}), HasSubstr("none is given"));
  EXPECT_THAT(mistake({"--model", "m", "--model-url", "ftp://x"}),
              HasSubstr("ftp://x"));
  EXPECT_THAT(mistake({"--judge-budget", "1"}), HasSubstr("rules cost"));
  EXPECT_THAT(mistake(with({"--judge-budget", "1"})),
              HasSubstr("FC_MODEL_PRICE_IN"));
  EXPECT_THAT(mistake(with({"--judge-budget", "-1"})), Not(HasSubstr("ok")));
  EXPECT_THAT(mistake(with({"--model-temperature", "hot"})), HasSubstr("hot"));
  EXPECT_THAT(mistake(with({"--model-temperature", "nan"})), HasSubstr("nan"));
  EXPECT_THAT(mistake(with({"--model-api", "anthropic", "--model-version",
                            "2026-10-21", "--model-temperature", "1"})),
              HasSubstr("2023-06-01"));
  EXPECT_THAT(mistake(with({"--fallback-model", "f"})),
              HasSubstr("--fallback-model-url"));
  EXPECT_THAT(mistake(with({"--fallback-model", "f", "--fallback-model-url",
                            "http://z", "--fallback-on", "declined"})),
              HasSubstr("declined"));
  EXPECT_THAT(mistake(with({"--model-context", "4000"})),
              HasSubstr("--model-context"));
  EXPECT_THAT(mistake(with({"--model-in-flight", "0"})),
              HasSubstr("--model-in-flight"));
}

TEST(judge_options, TakeABudgetOfTokensWithoutPrices) {
  const auto x = read(with({"--judge-token-budget", "1000"}));
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_EQ(x->budget.tokens, 1000u);
  EXPECT_FALSE(x->budget.usd);
  const auto both = read(with({"--judge-budget", "0.5", "--model-price-in", "0",
                               "--model-price-out", "0"}));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->budget.usd, 0.5);
}

} // namespace
} // namespace fc::tools
