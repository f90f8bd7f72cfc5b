#include "actors/services/limits/rate_gate.hpp"
#include "tests/actors/services/scripted_http.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors::services {
namespace {

using namespace std::chrono_literals;
using events::code_of;
using events::ec;
using testing::ElementsAre;

/// One thread, and a clock that jumps to where somebody waits for.
class gate : public testing::Test {
protected:
  void make(const limit_rules& rules, std::size_t tokens = 1) {
    gate_.emplace(tokens, time, [this] { return jitter; });
    gate_->set_rules("r", rules);
  }

  double now() {
    return std::chrono::duration<double>(time->now() - begin).count();
  }
  events::timestamp at(double second) {
    return begin
           + std::chrono::duration_cast<events::timestamp::duration>(
             std::chrono::duration<double>(second));
  }

  permit enter(const std::string& resource = "r") {
    auto given = gate_->enter(resource, nullptr);
    EXPECT_TRUE(given) << events::describe(given.error());
    return given ? *given : permit{};
  }

  /// Starts one request that takes so long. @returns when it began.
  double ask(double takes = 0, const limit_answer& answer = {}) {
    const auto given = enter();
    used = given.token;
    const auto began = now();
    time->advance(std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(takes)));
    paused = gate_->leave("r", given, answer);
    return began;
  }

  std::vector<double> starts(std::size_t count, double takes = 0) {
    std::vector<double> all;
    for (std::size_t i = 0; i < count; ++i)
      all.push_back(ask(takes));
    return all;
  }

  limit_answer refused_until(double second) {
    limit_answer x;
    x.refused = true;
    x.until = at(second);
    return x;
  }
  static limit_answer refused() {
    limit_answer x;
    x.refused = true;
    return x;
  }

  std::shared_ptr<modelled_clock> time = std::make_shared<modelled_clock>();
  events::timestamp begin = time->now();
  double jitter = 0;
  std::size_t used = 0;
  std::optional<events::timestamp> paused;
  std::optional<rate_gate> gate_;
};

TEST_F(gate, SpacesStarts) {
  make({.spacing_s = 2, .jitter = 0.5});
  EXPECT_THAT(starts(3), ElementsAre(0, 2, 4));
  jitter = 0.5;
  EXPECT_THAT(starts(3), ElementsAre(6, 8.5, 11));
  // A request that took longer than the spacing waits for nothing more.
  ask(10);
  EXPECT_THAT(starts(2), ElementsAre(23.5, 26));
}

TEST_F(gate, BoundsStartsWithinAnyMinute) {
  make({.starts_per_minute = 3});
  EXPECT_THAT(starts(1), ElementsAre(0));
  time->advance(20s);
  EXPECT_THAT(starts(6), ElementsAre(20, 20, 60, 80, 80, 120));
}

TEST_F(gate, BoundsHowLongTheServiceIsKeptBusy) {
  make({.busy_s_per_minute = 10});
  EXPECT_THAT(starts(6, 4), ElementsAre(0, 4, 8, 62, 66, 70));
}

TEST_F(gate, WaitsAfterOneVeryLongRequest) {
  make({.busy_s_per_minute = 10});
  EXPECT_THAT(starts(2, 300), ElementsAre(0, 350));
}

TEST_F(gate, HasNoLimitsWithoutRules) {
  gate_.emplace(1, time, [] { return 0.0; });
  gate_->set_rules("r", {.in_flight = 0});
  for (int i = 0; i < 1000; ++i)
    enter();
  EXPECT_EQ(now(), 0);
  EXPECT_EQ(gate_->standings().at(0).in_flight, 1000u);
}

TEST_F(gate, WaitsAsLongAsNamed) {
  make({});
  EXPECT_EQ(ask(0, refused_until(30)), 0);
  EXPECT_EQ(paused, at(30));
  EXPECT_EQ(ask(), 30);
  EXPECT_FALSE(paused);
}

TEST_F(gate, DoublesWhereNothingIsNamed) {
  make({.first_pause_s = 60});
  EXPECT_EQ(ask(0, refused()), 0);
  EXPECT_EQ(ask(0, refused()), 60);
  EXPECT_EQ(ask(0, refused()), 180);
  EXPECT_EQ(ask(), 420);
  EXPECT_EQ(ask(0, refused()), 420); // it worked: from the beginning
  EXPECT_EQ(ask(0, refused_until(500)), 480);
  EXPECT_EQ(ask(0, refused()), 500);
  jitter = 0.4;
  EXPECT_EQ(ask(0, refused()), 560);
  EXPECT_EQ(ask(), 560 + 120 * 1.04);
}

TEST_F(gate, NeverWaitsLongerThanTheRulesAllow) {
  make({.longest_pause_s = 3600, .first_pause_s = 60});
  ask(0, refused_until(1e9));
  EXPECT_EQ(paused, at(3600));
  EXPECT_EQ(ask(), 3600);
  for (int i = 0; i < 40; ++i) {
    const auto before = ask(0, refused());
    EXPECT_LE(*paused, at(before + 3600));
  }
}

TEST_F(gate, TakesANamedTimeThatIsOverForNoTime) {
  make({.first_pause_s = 60});
  time->advance(100s);
  ask(0, refused_until(100));
  EXPECT_EQ(paused, at(160));
  ask(0, refused_until(-1e6));
  EXPECT_EQ(paused, at(280));
}

TEST_F(gate, CountsRefusalsOfRequestsInFlightTogetherOnce) {
  make({.in_flight = 3, .first_pause_s = 60});
  const permit all[]{enter(), enter(), enter()};
  for (const auto& each : all)
    EXPECT_EQ(gate_->leave("r", each, refused()), at(60));
  EXPECT_EQ(ask(0, refused()), 60);
  EXPECT_EQ(paused, at(180));
}

TEST_F(gate, WaitsForTheResetWhereNothingIsLeft) {
  make({});
  limit_answer last;
  last.remaining = 0;
  last.reset = at(50);
  ask(0, last);
  EXPECT_FALSE(paused); // nothing was met
  EXPECT_EQ(gate_->standings().at(0).remaining, 0u);
  EXPECT_EQ(ask(), 51);
  last.reset = at(10); // over
  ask(0, last);
  EXPECT_EQ(ask(), 51);
  last.reset = at(1e9);
  ask(0, last);
  EXPECT_EQ(ask(), 51 + 3600);
  last.remaining = 1;
  ask(0, last);
  EXPECT_EQ(ask(), 51 + 3600);
}

TEST_F(gate, GoesOnWaitingAfterARestart) {
  make({}, 2);
  gate_->pause("r", 0, at(40));
  gate_->pause("r", 1, at(70));
  gate_->pause("r", 1, at(10)); // an older one
  gate_->pause("r", 2, at(99)); // a token that is no longer set
  gate_->pause("other", 0, at(900));
  EXPECT_EQ(ask(), 40);
  EXPECT_EQ(used, 0u);
  gate_->pause("r", 0, at(1e9));
  EXPECT_EQ(ask(), 70);
  EXPECT_EQ(used, 1u);
  gate_->retire(1);
  EXPECT_EQ(ask(), 40 + 3600);
}

TEST_F(gate, KeepsResourcesApart) {
  make({});
  gate_->set_rules("other", {.spacing_s = 7});
  ask(0, refused_until(500));
  gate_->leave("other", enter("other"), {});
  gate_->leave("other", enter("other"), {});
  EXPECT_EQ(now(), 7);
  EXPECT_EQ(ask(), 500);
}

TEST_F(gate, UsesTheTokenThatMaySoonest) {
  make({.spacing_s = 10}, 3);
  EXPECT_THAT(starts(7), ElementsAre(0, 0, 0, 10, 10, 10, 20));
  make({}, 2);
  ask(0, refused_until(now() + 300));
  EXPECT_EQ(used, 0u);
  const auto before = now();
  EXPECT_EQ(ask(), before);
  EXPECT_EQ(used, 1u);
  ask(0, refused_until(before + 90));
  EXPECT_EQ(ask(), before + 90);
  EXPECT_EQ(used, 1u);
}

TEST_F(gate, UsesARetiredTokenNeverAgain) {
  make({}, 2);
  gate_->retire(0);
  for (int i = 0; i < 5; ++i) {
    ask();
    EXPECT_EQ(used, 1u);
  }
  EXPECT_TRUE(gate_->usable());
  gate_->retire(1);
  EXPECT_FALSE(gate_->usable());
  const auto none = gate_->enter("r", nullptr);
  ASSERT_FALSE(none);
  EXPECT_EQ(code_of(none.error()), ec::refused);
}

TEST_F(gate, HasNothingToGiveWithoutTokens) {
  make({}, 0);
  EXPECT_FALSE(gate_->usable());
  EXPECT_EQ(code_of(gate_->enter("r", nullptr).error()), ec::refused);
}

TEST_F(gate, GivesNothingToWhoIsStopped) {
  make({});
  const auto stop = std::make_shared<std::atomic<bool>>(true);
  EXPECT_EQ(code_of(gate_->enter("r", stop).error()), ec::cancelled);
  EXPECT_EQ(ask(), 0);
}

} // namespace
} // namespace fc::actors::services
