#include "actors/verify/trial.hpp"
#include "events/policy/gate.hpp"

#include "scripted_sandbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

namespace fc::actors {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;

/// The shipped policy with fewer pairs.
events::policy::policy quick_policy() {
  auto p = *events::policy::parse_policy(events::policy::shipped_policy(),
                                         "default.toml");
  p.trial.screen_pairs = 3;
  p.trial.confirm_pairs = 10;
  p.trial.aa_pairs = 4;
  return p;
}

json sample(double seconds) {
  return {{"wall", seconds}, {"cpu", seconds}, {"wait", 0}};
}

/// One process' answer: two samples of one call each and the first call.
json timed(const sandbox_request& what, double seconds) {
  return {{"name", what.option("--benchmark")},
          {"params", json::parse(what.option("--params"))},
          {"status", "ok"},
          {"error", ""},
          {"first", seconds},
          {"samples", {sample(seconds), sample(seconds)}},
          {"number", 1},
          {"shadowed", json::array()},
          {"outside",
           {{"claimed", 3 * seconds},
            {"cpu", 2.9 * seconds},
            {"wall", 3.1 * seconds},
            {"resolution", 0}}}};
}

json listed(const std::string& name, const json& params) {
  return {{"name", name},        {"params", params},  {"param_index", nullptr},
          {"kind", "time"},      {"status", "ok"},    {"error", ""},
          {"reach", "function"}, {"singles", {0.01}}, {"loop", {0.01}},
          {"number", 1},         {"timeout", 300},    {"seconds", 1}};
}

json surveyed(const json& benchmarks) {
  return {{"benchmarks", benchmarks},
          {"import_errors", json::array()},
          {"modules", 1},
          {"modules_seen", 1},
          {"complete", true},
          {"ignored", json::array()}};
}

class trial_test : public testing::Test {
protected:
  trial_test()
    : folder(fs::path{testing::TempDir()}
             / ("fc_trial_" + std::to_string(::getpid()))) {
    fs::remove_all(folder);
    for (const auto* side : {"base", "head", "twin"})
      for (const auto* part : {"env", "cache", "tree", "home"})
        fs::create_directories(folder / side / part);
    sandbox.answer = [this](const sandbox_request& what) {
      return usual(what);
    };
  }
  ~trial_test() override {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  /// An honest harness; the patched side is twice as fast.
  json usual(const sandbox_request& what) const {
    if (what.command == "targets")
      return {
        {"base",
         {{"functions", {{{"file", "mini/core.py"}, {"qualname", "work"}}}},
          {"modules", json::array()}}},
        {"patched", {{"functions", json::array()}, {"modules", json::array()}}},
        {"other", json::array()}};
    if (what.command == "survey")
      return surveyed(benchmarks);
    if (what.command == "prepare")
      return {{"prepared", 0}, {"errors", json::array()}};
    return timed(what, what.side == "head" ? 0.005 : 0.01);
  }

  events::trialled run() {
    bench_harness harness{
      sandbox, "/usr/bin/python3", folder, folder / "scratch", policy.trial, -1,
      {}};
    harness.set_suite(
      {"perf/benchmarks", "perf", 0, {{"ASV_CONF_DIR", "/fc/tree/perf"}}});
    trial_subject subject;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string name{std::array{"base", "head", "twin"}[i]};
      const auto at = folder / name;
      subject.sides[i]
        = {name,        at / "env",     at / "cache", at / "tree",
           at / "home", name == "head", "lib/site"};
    }
    double now = 0;
    trial made{harness, subject, policy, [now]() mutable {
                 return now += 1;
               }};
    auto found = made.run();
    EXPECT_TRUE(found) << events::describe(found.error());
    return found ? *found : events::trialled{};
  }

  events::speedup_measured verdict() {
    return events::policy::judge_speedup(run(), policy);
  }

  events::policy::policy policy = quick_policy();
  fs::path folder;
  scripted_sandbox sandbox;
  json benchmarks = json::array({listed("bench.Core.time_work", {"'a'"})});
};

} // namespace

TEST_F(trial_test, AcceptsAnHonestSpeedup) {
  const auto found = verdict();
  EXPECT_TRUE(found.accepted) << found.explanation;
  for (const auto& each : sandbox.all) {
    EXPECT_EQ(each.argv[0], "/usr/bin/python3");
    EXPECT_EQ(each.argv[1], "-I");
    EXPECT_EQ(each.argv[2], "-S");
    EXPECT_EQ(each.option("--python"), "/fc/env/bin/python");
    EXPECT_EQ(each.env.at("HOME"), "/fc/home");
  }
}

TEST_F(trial_test, SeesTheCheckoutThatTheSuiteWasWrittenFor) {
  (void)run();
  std::size_t of_the_suite = 0;
  for (const auto& each : sandbox.all) {
    EXPECT_FALSE(each.writable.at("/fc/env"));
    for (const auto* own : {"/fc/tree", "/fc/home", "/fc/cache"})
      EXPECT_TRUE(each.writable.at(own)) << own;
    EXPECT_EQ(each.env.at("ASV_CONF_DIR"), "/fc/tree/perf");
    if (each.command == "targets")
      continue;
    ++of_the_suite;
    EXPECT_EQ(each.directory, "/fc/tree/perf");
    EXPECT_EQ(each.option("--suite"), "/fc/tree/perf/benchmarks");
    EXPECT_EQ(each.option("--tree"), "/fc/tree");
  }
  EXPECT_GT(of_the_suite, 2);
}

TEST_F(trial_test, LosesNoControlSilently) {
  // Regression: the twin fails in each of its processes, and the candidate was
  // published as free of noise.
  sandbox.answer = [this](const sandbox_request& what) {
    auto reply = usual(what);
    if (what.command == "time" && what.side == "twin") {
      reply["status"] = "error";
      reply["error"] = "setup_cache failed: no data";
    }
    return reply;
  };
  const auto found = verdict();
  EXPECT_EQ(found.rule, "guard.control") << found.explanation;
  EXPECT_TRUE(found.failed);
  EXPECT_THAT(found.explanation, HasSubstr("setup_cache failed: no data"));
}

TEST_F(trial_test, LosesItsControlWhereTheTwinTimesOut) {
  sandbox.answer = [this](const sandbox_request& what) {
    return what.command == "time" && what.side == "twin" ? json{} : usual(what);
  };
  EXPECT_EQ(verdict().rule, "guard.control");
}

TEST_F(trial_test, PreparesAllSidesBeforeAnyIsTimed) {
  sandbox.answer = [this](const sandbox_request& what) {
    auto reply = usual(what);
    if (what.command == "prepare" && what.side == "twin")
      reply["errors"] = {{{"name", "bench.Core.time_work"},
                          {"error", "setup_cache failed: disk full"}}};
    return reply;
  };
  const auto found = run();
  std::vector<std::string> order;
  for (const auto& each : sandbox.all)
    if (order.empty() || order.back() != each.command + each.side)
      order.push_back(each.command + each.side);
  const auto first_time = std::ranges::find_if(
    order, [](const auto& x) { return x.starts_with("time"); });
  for (const auto* side : {"preparebase", "preparehead", "preparetwin"})
    EXPECT_LT(std::ranges::find(order, side), first_time) << side;
  EXPECT_THAT(found.benchmarks.at(0).error,
              HasSubstr("twin: bench.Core.time_work: setup_cache failed"));
}

TEST_F(trial_test, HasOneHashSeedAPairAndAnotherForTheNext) {
  (void)run();
  std::vector<std::string> seeds;
  for (const auto& each : sandbox.all)
    if (each.command == "time")
      seeds.push_back(each.env.at("PYTHONHASHSEED"));
  ASSERT_EQ(seeds.size() % 2, 0);
  for (std::size_t i = 0; i < seeds.size(); i += 2) {
    EXPECT_EQ(seeds[i], seeds[i + 1]);
    if (i > 0) {
      EXPECT_NE(seeds[i], seeds[i - 1]);
    }
  }
}

TEST_F(trial_test, RefusesAnswersWithoutTheToken) {
  bool timing = false;
  sandbox.answer = [&](const sandbox_request& what) {
    timing = timing || what.command == "time";
    sandbox.forge = timing && what.side == "head";
    return usual(what);
  };
  const auto x = run();
  EXPECT_THAT(x.benchmarks.at(0).error, HasSubstr("token"));
  EXPECT_FALSE(events::policy::judge_speedup(x, policy).accepted);
}

TEST_F(trial_test, ComparesNameAndParametersInEveryAnswer) {
  sandbox.answer = [this](const sandbox_request& what) {
    auto reply = usual(what);
    if (what.command == "time" && what.side == "head")
      reply["params"] = {"'b'"};
    return reply;
  };
  const auto x = run();
  EXPECT_THAT(x.benchmarks.at(0).error,
              HasSubstr("asked for bench.Core.time_work('a'), the answer is "
                        "about bench.Core.time_work('b')"));
  EXPECT_FALSE(events::policy::judge_speedup(x, policy).accepted);
}

TEST_F(trial_test, JoinsSidesByTextsWhateverTheirOrder) {
  sandbox.answer = [&](const sandbox_request& what) {
    if (what.command != "survey")
      return usual(what);
    const bool head = what.side == "head";
    auto a = listed("bench.Core.time_work", {"'a'"});
    auto b = listed("bench.Core.time_work", {"'b'"});
    a["singles"] = {head ? 1 : 2};
    b["singles"] = {head ? 10 : 20};
    return surveyed(head ? json{b, a} : json{a, b});
  };
  const auto x = run();
  ASSERT_EQ(x.benchmarks.size(), 2);
  for (const auto& each : x.benchmarks) {
    EXPECT_EQ(each.status, "ok") << each.error;
    EXPECT_EQ(each.base_single, 2 * each.head_single) << each.name;
  }
}

TEST_F(trial_test, CannotTellParametersWithEqualTexts) {
  benchmarks.push_back(benchmarks[0]);
  const auto x = run();
  ASSERT_EQ(x.benchmarks.size(), 2);
  EXPECT_THAT(x.benchmarks[1].error, HasSubstr("have the same text"));
}

TEST_F(trial_test, TakesASourceThatShadowsThePackageForAnError) {
  sandbox.answer = [this](const sandbox_request& what) {
    auto reply = usual(what);
    if (what.command == "time" && what.side == "head")
      reply["shadowed"]
        = {{{"module", "mini.core"}, {"file", "/fc/tree/src/mini/core.py"}}};
    return reply;
  };
  const auto x = run();
  EXPECT_THAT(x.benchmarks.at(0).error, HasSubstr("/fc/tree/src/mini/core.py"));
  EXPECT_FALSE(events::policy::judge_speedup(x, policy).accepted);
}

TEST_F(trial_test, CountsWhatOfTheSuiteWasSeen) {
  sandbox.answer = [this](const sandbox_request& what) {
    auto reply = usual(what);
    if (what.command == "survey") {
      reply["modules"] = 3;
      reply["complete"] = what.side == "base";
      reply["ignored"] = {"bench.Core: attribute rounds is not honoured"};
      reply["import_errors"] = {{{"module", "gone"}, {"error", "no numpy"}}};
      if (what.side == "head")
        reply["import_errors"].push_back({{"module", "new"}, {"error", "x"}});
    }
    return reply;
  };
  const auto x = run();
  EXPECT_EQ(x.modules, 3);
  EXPECT_EQ(x.modules_seen, 2) << "one side could import the other module";
  EXPECT_TRUE(x.survey_cut);
  EXPECT_EQ(x.ran, 1);
  EXPECT_EQ(x.ignored.size(), 1);
  EXPECT_EQ(x.import_errors.size(), 2);
}

TEST_F(trial_test, EndsInnerLimitsBeforeOuterOnes) {
  (void)run();
  for (const auto& each : sandbox.all) {
    if (each.command == "survey") {
      EXPECT_GT(each.timeout_s, std::stod(each.option("--deadline")));
      EXPECT_GT(std::stod(each.option("--deadline")),
                std::stod(each.option("--budget")));
      EXPECT_EQ(std::stod(each.option("--max-timeout")), 600);
    }
    // The benchmark's own 300 s, not the policy's 60 s, and the import besides.
    if (each.command == "time") {
      EXPECT_GT(each.timeout_s, 300 + 180);
    }
  }
}

TEST_F(trial_test, AddsUpWhatWasClaimedAndWhatWasSeen) {
  sandbox.answer = [this](const sandbox_request& what) {
    auto reply = usual(what);
    if (what.command == "time" && what.side == "head")
      reply["outside"]["cpu"] = 0.03; // Claims half of what it used.
    return reply;
  };
  const auto found = verdict();
  EXPECT_EQ(found.rule, "guard.clock") << found.explanation;
}

} // namespace fc::actors
