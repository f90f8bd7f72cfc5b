#include "actors/services/limits/rate_limiter.hpp"
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
class limiter : public testing::Test {
protected:
  void make(const limit_rules& rules, std::size_t tokens = 1) {
    limiter_.emplace(tokens, time, [this] { return jitter; });
    limiter_->set_rules("r", rules);
  }

  double now() {
    return std::chrono::duration<double>(time->now() - begin).count();
  }
  events::timestamp at(double second) {
    return begin
           + std::chrono::duration_cast<events::timestamp::duration>(
             std::chrono::duration<double>(second));
  }

  permit acquire(const std::string& resource = "r") {
    auto given = limiter_->acquire(resource, nullptr);
    EXPECT_TRUE(given) << events::describe(given.error());
    return given ? *given : permit{};
  }

  /// Starts one request that takes so long. @returns when it began.
  double ask(double takes = 0, const limit_answer& answer = {}) {
    const auto given = acquire();
    used = given.token;
    const auto began = now();
    time->advance(std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double>(takes)));
    paused = limiter_->release("r", given, answer);
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
  std::optional<rate_limiter> limiter_;
};

TEST_F(limiter, SpacesStarts) {
  make({.spacing_s = 2, .jitter = 0.5});
  EXPECT_THAT(starts(3), ElementsAre(0, 2, 4));
  jitter = 0.5;
  EXPECT_THAT(starts(3), ElementsAre(6, 8.5, 11));
  // A request that took longer than the spacing waits for nothing more.
  ask(10);
  EXPECT_THAT(starts(2), ElementsAre(23.5, 26));
}

TEST_F(limiter, BoundsStartsWithinAnyMinute) {
  make({.starts_per_minute = 3});
  EXPECT_THAT(starts(1), ElementsAre(0));
  time->advance(20s);
  EXPECT_THAT(starts(6), ElementsAre(20, 20, 60, 80, 80, 120));
}

TEST_F(limiter, BoundsHowLongTheServiceIsKeptBusy) {
  make({.busy_s_per_minute = 10});
  EXPECT_THAT(starts(6, 4), ElementsAre(0, 4, 8, 62, 66, 70));
}

TEST_F(limiter, WaitsAfterOneVeryLongRequest) {
  make({.busy_s_per_minute = 10});
  EXPECT_THAT(starts(2, 300), ElementsAre(0, 350));
}

TEST_F(limiter, HasNoLimitsWithoutRules) {
  limiter_.emplace(1, time, [] { return 0.0; });
  limiter_->set_rules("r", {.in_flight = 0});
  for (int i = 0; i < 1000; ++i)
    acquire();
  EXPECT_EQ(now(), 0);
  EXPECT_EQ(limiter_->standings().at(0).in_flight, 1000u);
}

TEST_F(limiter, WaitsAsLongAsNamed) {
  make({});
  EXPECT_EQ(ask(0, refused_until(30)), 0);
  EXPECT_EQ(paused, at(30));
  EXPECT_EQ(ask(), 30);
  EXPECT_FALSE(paused);
}

TEST_F(limiter, DoublesWhereNothingIsNamed) {
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

TEST_F(limiter, GoesOnDoublingAfterAnAnswerThatSaysNothing) {
  make({.first_pause_s = 60});
  limit_answer silent;
  silent.silent = true;
  EXPECT_EQ(ask(0, refused()), 0);
  EXPECT_EQ(ask(0, silent), 60);
  EXPECT_EQ(ask(0, refused()), 60);
  EXPECT_EQ(ask(), 60 + 120);
}

TEST_F(limiter, NeverWaitsLongerThanTheRulesAllow) {
  make({.max_pause_s = 3600, .first_pause_s = 60});
  ask(0, refused_until(1e9));
  EXPECT_EQ(paused, at(3600));
  EXPECT_EQ(ask(), 3600);
  for (int i = 0; i < 40; ++i) {
    const auto before = ask(0, refused());
    EXPECT_LE(*paused, at(before + 3600));
  }
}

TEST_F(limiter, TakesANamedTimeThatIsOverForNoTime) {
  make({.first_pause_s = 60});
  time->advance(100s);
  ask(0, refused_until(100));
  EXPECT_EQ(paused, at(160));
  ask(0, refused_until(-1e6));
  EXPECT_EQ(paused, at(280));
}

TEST_F(limiter, CountsRefusalsOfRequestsInFlightTogetherOnce) {
  make({.in_flight = 3, .first_pause_s = 60});
  const permit all[]{acquire(), acquire(), acquire()};
  for (const auto& each : all)
    EXPECT_EQ(limiter_->release("r", each, refused()), at(60));
  EXPECT_EQ(ask(0, refused()), 60);
  EXPECT_EQ(paused, at(180));
}

TEST_F(limiter, WaitsForTheResetWhereNothingIsLeft) {
  make({});
  limit_answer last;
  last.remaining = 0;
  last.reset = at(50);
  ask(0, last);
  EXPECT_FALSE(paused); // nothing was met
  EXPECT_EQ(limiter_->standings().at(0).remaining, 0u);
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

TEST_F(limiter, GoesOnWaitingAfterARestart) {
  make({}, 2);
  limiter_->pause("r", 0, at(40));
  limiter_->pause("r", 1, at(70));
  limiter_->pause("r", 1, at(10)); // an older one
  limiter_->pause("r", 2, at(99)); // a token that is no longer set
  limiter_->pause("other", 0, at(900));
  EXPECT_EQ(ask(), 40);
  EXPECT_EQ(used, 0u);
  limiter_->pause("r", 0, at(1e9));
  EXPECT_EQ(ask(), 70);
  EXPECT_EQ(used, 1u);
  limiter_->retire(1);
  EXPECT_EQ(ask(), 40 + 3600);
}

TEST_F(limiter, KeepsResourcesApart) {
  make({});
  limiter_->set_rules("other", {.spacing_s = 7});
  ask(0, refused_until(500));
  limiter_->release("other", acquire("other"), {});
  limiter_->release("other", acquire("other"), {});
  EXPECT_EQ(now(), 7);
  EXPECT_EQ(ask(), 500);
}

TEST_F(limiter, UsesTheTokenThatMaySoonest) {
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

TEST_F(limiter, UsesARetiredTokenNeverAgain) {
  make({}, 2);
  limiter_->retire(0);
  for (int i = 0; i < 5; ++i) {
    ask();
    EXPECT_EQ(used, 1u);
  }
  EXPECT_TRUE(limiter_->usable());
  limiter_->retire(1);
  EXPECT_FALSE(limiter_->usable());
  const auto none = limiter_->acquire("r", nullptr);
  ASSERT_FALSE(none);
  EXPECT_EQ(code_of(none.error()), ec::refused);
}

TEST_F(limiter, HasNothingToGiveWithoutTokens) {
  make({}, 0);
  EXPECT_FALSE(limiter_->usable());
  EXPECT_EQ(code_of(limiter_->acquire("r", nullptr).error()), ec::refused);
}

TEST_F(limiter, GivesNothingToWhoIsStopped) {
  make({});
  const auto stop = std::make_shared<std::atomic<bool>>(true);
  EXPECT_EQ(code_of(limiter_->acquire("r", stop).error()), ec::cancelled);
  EXPECT_EQ(ask(), 0);
}

} // namespace
} // namespace fc::actors::services
