#include "actors/judge/ledger.hpp"
#include "actors/judge/metered_model.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <random>
#include <thread>

namespace fc::actors {
namespace {

using events::code_of;
using events::ec;

TEST(judge_ledger, AllowsEverythingWithoutABudget) {
  judge_ledger ledger{{}};
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(ledger.reserve({1e6, 1'000'000'000}, nullptr));
  EXPECT_EQ(ledger.closed(), "");
}

TEST(judge_ledger, ClosesWhereACallDoesNotFit) {
  judge_ledger ledger{{1.0, std::nullopt}};
  ASSERT_FALSE(ledger.reserve({0.6, 10}, nullptr));
  ledger.settle({0.6, 10}, {0.5, 8});
  EXPECT_EQ(code_of(ledger.reserve({0.6, 10}, nullptr)), ec::over_budget);
  EXPECT_EQ(ledger.closed(), "budget");
  // A smaller one would fit; nothing further is asked all the same.
  EXPECT_EQ(code_of(ledger.reserve({0.1, 1}, nullptr)), ec::over_budget);
  EXPECT_EQ(ledger.spent().usd, 0.5);
}

TEST(judge_ledger, CountsTokensToo) {
  judge_ledger ledger{{std::nullopt, 100}};
  EXPECT_FALSE(ledger.reserve({0, 60}, nullptr));
  ledger.settle({0, 60}, {0, 60});
  EXPECT_EQ(code_of(ledger.reserve({0, 41}, nullptr)), ec::over_budget);
}

TEST(judge_ledger, CountsWhatWasSpentBefore) {
  judge_ledger ledger{{1.0, std::nullopt}};
  ledger.add_spent({0.7, 100});
  EXPECT_EQ(code_of(ledger.reserve({0.4, 1}, nullptr)), ec::over_budget);
}

TEST(judge_ledger, WaitsForCallsUnderWay) {
  judge_ledger ledger{{1.0, std::nullopt}};
  ASSERT_FALSE(ledger.reserve({0.6, 0}, nullptr));
  std::thread other{[&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    ledger.settle({0.6, 0}, {0.1, 0});
  }};
  EXPECT_FALSE(ledger.reserve({0.6, 0}, nullptr));
  other.join();
  EXPECT_EQ(ledger.closed(), "");
}

TEST(judge_ledger, IsLeftWhenStopped) {
  judge_ledger ledger{{1.0, std::nullopt}};
  ASSERT_FALSE(ledger.reserve({0.6, 0}, nullptr));
  const auto stop = std::make_shared<std::atomic<bool>>(true);
  EXPECT_EQ(code_of(ledger.reserve({0.6, 0}, stop)), ec::cancelled);
}

TEST(judge_ledger, ClosesForOtherCauses) {
  judge_ledger ledger{{}};
  ledger.close("no_money");
  ledger.close("no_access");
  EXPECT_EQ(ledger.closed(), "no_money");
  EXPECT_EQ(code_of(ledger.reserve({0, 0}, nullptr)), ec::over_budget);
}

/// Costs what chance says, up to the most that was announced.
class dicing_model : public services::model_port {
public:
  explicit dicing_model(services::model_settings settings)
    : settings_(std::move(settings)) {}

  services::model_reply
  ask(const services::model_question& x, const services::stop_flag&) override {
    services::model_reply reply;
    const auto max = max_cost_of(x, settings_, 1);
    const std::lock_guard lock{mutex_};
    reply.cost.calls = 1;
    const auto chance = dice_() % 10;
    if (chance == 0) { // lost: nobody knows
      reply.failure = events::make_error(ec::timeout, "late");
      reply.maybe_paid = true;
      truth += max.usd;
      return reply;
    }
    const double part = chance < 5 ? 1 : 0.1 * static_cast<double>(chance);
    reply.cost.usd = max.usd * part;
    reply.cost.tokens
      = static_cast<std::uint64_t>(static_cast<double>(max.tokens) * part);
    truth += reply.cost.usd;
    ++calls;
    return reply;
  }

  double truth = 0; ///< What the service would bill.
  int calls = 0;

private:
  services::model_settings settings_;
  std::mutex mutex_;
  std::mt19937 dice_{7};
};

TEST(a_metered_model, NeverExceedsItsBudgetWithManyWorkers) {
  services::model_settings settings;
  settings.price_in = 3;
  settings.price_out = 15;
  for (const double budget : {0.0, 0.001, 0.05, 0.4, 1.0}) {
    const auto ledger
      = std::make_shared<judge_ledger>(judge_budget{budget, std::nullopt});
    const auto inner = std::make_shared<dicing_model>(settings);
    const auto model = make_metered_model(inner, settings, ledger);
    std::atomic<int> refused{0};
    std::vector<std::thread> workers;
    for (int i = 0; i < 32; ++i)
      workers.emplace_back([&, i] {
        for (int n = 0; n < 50; ++n) {
          services::model_question x;
          x.user = std::string(static_cast<std::size_t>(300 * (i + n)), 'x');
          x.max_output_tokens = 200;
          if (code_of(model->ask(x, nullptr).failure) == ec::over_budget)
            ++refused;
        }
      });
    for (auto& each : workers)
      each.join();
    EXPECT_LE(inner->truth, budget + 1e-12);
    EXPECT_LE(ledger->spent().usd, budget + 1e-12);
    EXPECT_NEAR(ledger->spent().usd, inner->truth, 1e-9);
    EXPECT_GT(refused, 0);
    // It is used, not only kept.
    if (budget >= 0.05) {
      EXPECT_GT(ledger->spent().usd, budget * 0.6);
    }
  }
}

/// Counts more tokens than anybody would guess.
class heavy_model : public services::model_port {
public:
  services::model_reply
  ask(const services::model_question&, const services::stop_flag&) override {
    services::model_reply reply;
    reply.answer.tokens_named = true;
    reply.answer.tokens_in = 5000;
    reply.cost = {1, 5000, 0.01};
    return reply;
  }
};

TEST(a_metered_model, LearnsThatTextHasMoreTokensThanGuessed) {
  services::model_settings settings;
  const auto ledger
    = std::make_shared<judge_ledger>(judge_budget{std::nullopt, 20'000});
  const auto model
    = make_metered_model(std::make_shared<heavy_model>(), settings, ledger);
  services::model_question x;
  x.user = std::string(3000, 'x'); // 1,128 tokens by the guess
  int asked = 0;
  while (!model->ask(x, nullptr).failure)
    ++asked;
  EXPECT_EQ(asked, 4);
  EXPECT_LE(ledger->spent().tokens, 20'000u);
}

} // namespace
} // namespace fc::actors
