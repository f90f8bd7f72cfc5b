#include "events/failures/fingerprint.hpp"
#include "events/policy/decide.hpp"
#include "events/policy/verdicts.hpp"
#include "tests/support/samples.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::events::policy {

namespace {

using samples::digest_like;
using samples::shipped;
using testing::HasSubstr;

built_side side(const std::string& name, const std::string& library = "same") {
  built_side x;
  x.side = name;
  x.commit = "c-" + name;
  x.ok = true;
  x.artefacts = {{"tinygeo/_kernels.so", digest_like(library), 10},
                 {"tinygeo/points.py", digest_like(name), 10}};
  return x;
}

synthesized ok_synthesis() {
  synthesized x;
  x.recipe = {"pip install ."};
  x.sides = {side("base"), side("head", "other"), side("twin")};
  x.compiled_changed = {"src/_kernels.c"};
  return x;
}

dropped drop_of(const synthesized& x) {
  const auto verdict = read_synthesis(x, shipped());
  const auto* found = std::get_if<dropped>(&verdict);
  EXPECT_NE(found, nullptr);
  return found == nullptr ? dropped{} : *found;
}

image_built image_of(const synthesized& x) {
  const auto verdict = read_synthesis(x, shipped());
  const auto* found = std::get_if<image_built>(&verdict);
  EXPECT_NE(found, nullptr);
  return found == nullptr ? image_built{} : *found;
}

pull_request_state ok_state() {
  pull_request_state x;
  x.facts = samples::ok_pull_request();
  x.problem = problem_rendered{};
  x.trial = trialled{};
  x.trial->environment = "local-sandbox";
  x.speedup = speedup_measured{};
  x.speedup->accepted = true;
  return x;
}

dropped
refused(const pull_request_state& x, const digest& row = digest_like("row"),
        const policy& p = shipped()) {
  const auto verdict = admit(x, row, p);
  const auto* found = std::get_if<dropped>(&verdict);
  EXPECT_NE(found, nullptr);
  const auto result = found == nullptr ? dropped{} : *found;
  EXPECT_EQ(result.stage, "publish");
  return result;
}

attempt_failed failure(const std::string& fingerprint,
                       const std::string& message = "it broke") {
  return {"render_problems",
          1,
          "unavailable",
          message,
          fingerprint_of(fingerprint),
          {},
          {}};
}

} // namespace

TEST(classify, TakesOverWhatTheJudgeSaid) {
  answered x;
  x.judge = "model-1";
  x.performance = true;
  x.category = "cache_and_reuse";
  x.difficulty = "hard";
  x.reason = "it keeps results";
  EXPECT_EQ(classify(x, shipped()),
            (classified{true, "cache_and_reuse", "hard", "it keeps results",
                        "model-1"}));
}

TEST(classify, ReplacesNamesItDoesNotKnow) {
  answered x;
  x.performance = true;
  x.category = "make_it_fast";
  x.difficulty = "extreme";
  EXPECT_EQ(classify(x, shipped()).category, "uncategorized");
  EXPECT_EQ(classify(x, shipped()).difficulty, "medium");
}

TEST(classify, GivesNoCategoryToANo) {
  answered x;
  x.category = "cache_and_reuse";
  x.reason = "documentation";
  EXPECT_EQ(classify(x, shipped()),
            (classified{false, "", "", "documentation", ""}));
}

TEST(read_resolution, IsNeverAGate) {
  resolved x;
  x.python_version = "3.11.2";
  x.requirements = {"numpy"};
  EXPECT_EQ(read_resolution(x).probe, "complete");
  EXPECT_EQ(read_resolution(x).python_version, "3.11.2");
  x.missing = {"a", "b", "c", "d", "e", "f", "g"};
  EXPECT_EQ(read_resolution(x).probe, "missing");
  EXPECT_THAT(read_resolution(x).explanation,
              HasSubstr("a, b, c, d, e and 2 more"));
}

TEST(decide, TellsWhyASuiteIsOfNoUse) {
  resolved x;
  x.ignored_settings = {"asv.conf.json cannot be read: too many levels"};
  pull_request_state state;
  state.resolution = x;
  const auto verdicts = decide(state, stage::resolve, {}, shipped());
  ASSERT_EQ(verdicts.size(), 1U);
  ASSERT_EQ(verdicts[0].tag, dropped::tag);
  const auto drop = decode(verdicts[0].payload, verdicts[0].version,
                           std::type_identity<dropped>{});
  ASSERT_TRUE(drop);
  EXPECT_EQ(drop->rule, "no_suite");
  EXPECT_THAT(drop->explanation, HasSubstr("cannot be read: too many levels"));
}

TEST(read_synthesis, NamesTheImageAfterWhatIsInIt) {
  const auto image = image_of(ok_synthesis());
  EXPECT_EQ(image.image,
            "local-sandbox:" + image.environment.hex().substr(0, 12));
  EXPECT_EQ(image_of(ok_synthesis()), image);
  auto other = ok_synthesis();
  other.sides[1].artefacts[0].id = digest_like("third");
  EXPECT_NE(image_of(other).environment, image.environment);
  other = ok_synthesis();
  other.recipe = {"pip install . --no-deps"};
  EXPECT_NE(image_of(other).environment, image.environment);
}

TEST(read_synthesis, DoesNotMixUpFieldsInTheDigest) {
  auto x = ok_synthesis();
  x.recipe = {"ab", "c"};
  auto y = x;
  y.recipe = {"a", "bc"};
  EXPECT_NE(image_of(x).environment, image_of(y).environment);
}

TEST(read_synthesis, AHeadThatDoesNotBuildIsAVerdict) {
  auto x = ok_synthesis();
  x.sides[1].ok = false;
  x.sides[1].error = "error: 'count' undeclared";
  const auto drop = drop_of(x);
  EXPECT_EQ(drop.stage, "synthesize_images");
  EXPECT_EQ(drop.rule, "build.patched");
  EXPECT_FALSE(drop.failed);
  EXPECT_THAT(drop.explanation, HasSubstr("error: 'count' undeclared"));
}

TEST(read_synthesis, ABaseThatDoesNotBuildIsAFailure) {
  const std::pair<const char*, const char*> errors[]{
    {"ModuleNotFoundError: No module named 'Cython'",
     "the Python module Cython is missing"},
    {"ERROR: No matching distribution found for numpy>=9",
     "the package numpy>=9 is missing"},
    {"x.c:1: fatal error: Python.h: No such file or directory",
     "the header Python.h is missing"},
    {"/usr/bin/ld: cannot find -lgeos: No such file",
     "the library geos is missing"},
    {"", "the build gave no error message"},
  };
  for (const auto& [error, words] : errors) {
    auto x = ok_synthesis();
    x.sides[0].ok = x.sides[1].ok = false;
    x.sides[0].error = error;
    const auto drop = drop_of(x);
    EXPECT_EQ(drop.rule, "build.base");
    EXPECT_TRUE(drop.failed);
    EXPECT_THAT(drop.explanation, HasSubstr(words));
    EXPECT_THAT(drop.explanation, HasSubstr(error));
  }
}

TEST(read_synthesis, ASideThatIsNotThereIsAFailure) {
  auto x = ok_synthesis();
  x.sides.erase(x.sides.begin());
  EXPECT_EQ(drop_of(x).rule, "build.base");
  EXPECT_TRUE(drop_of(x).failed);
  x.sides.clear();
  EXPECT_THAT(drop_of(x).explanation, HasSubstr("no result of base"));
}

TEST(read_synthesis, ATwinThatDoesNotBuildIsAFailure) {
  auto x = ok_synthesis();
  x.sides[2].ok = false;
  EXPECT_EQ(drop_of(x).rule, "build.base");
  x.sides.pop_back();
  image_of(x);
}

TEST(read_synthesis, EqualArtefactsOfChangedSourcesAreNotMeasurable) {
  auto x = ok_synthesis();
  x.sides[1] = side("head"); // its Python differs, its library does not
  const auto drop = drop_of(x);
  EXPECT_EQ(drop.rule, "not_measurable");
  EXPECT_FALSE(drop.failed);
  EXPECT_THAT(drop.explanation, HasSubstr("src/_kernels.c"));
  EXPECT_THAT(drop.explanation, HasSubstr("not a speedup of 1.0"));
  x.compiled_changed.clear();
  image_of(x);
  x = ok_synthesis();
  x.sides[1] = side("head");
  x.control = true;
  image_of(x);
}

TEST(read_synthesis, ALibraryMoreIsADifference) {
  auto x = ok_synthesis();
  x.sides[1] = side("head");
  x.sides[1].artefacts.push_back({"tinygeo/_more.pyd", digest_like("m"), 1});
  image_of(x);
}

TEST(admit, PublishesWhatHasEverything) {
  const auto row = digest_like("row");
  const auto verdict = admit(ok_state(), row, shipped());
  const auto* x = std::get_if<published>(&verdict);
  ASSERT_NE(x, nullptr);
  EXPECT_EQ(x->month, "2024-01");
  EXPECT_EQ(x->task_id, "fc-data__sample-5");
  EXPECT_EQ(x->environment, "local-sandbox");
  EXPECT_EQ(x->row, row);
  EXPECT_THAT(x->admitted_by, HasSubstr(shipped().id.hex().substr(0, 12)));
}

TEST(admit, RefusesWhatHasNoAcceptedSpeedup) {
  auto x = ok_state();
  x.speedup->accepted = false;
  x.speedup->explanation = "too slow";
  EXPECT_EQ(refused(x).rule, "publish.speedup");
  EXPECT_FALSE(refused(x).failed);
  EXPECT_THAT(refused(x).explanation, HasSubstr("too slow"));
  x.speedup.reset();
  EXPECT_TRUE(refused(x).failed);
  x = ok_state();
  x.trial.reset();
  EXPECT_EQ(refused(x).rule, "publish.speedup");
}

TEST(admit, RefusesOtherEnvironments) {
  auto x = ok_state();
  x.trial->environment = "laptop";
  EXPECT_EQ(refused(x).rule, "publish.environment");
  EXPECT_THAT(refused(x).explanation, HasSubstr("local-sandbox"));
  x.trial->environment.clear();
  EXPECT_EQ(refused(x).rule, "publish.environment");
  auto p = shipped();
  p.publish.environments.clear();
  EXPECT_THAT(refused(ok_state(), digest_like("row"), p).explanation,
              HasSubstr("which has none"));
}

TEST(admit, RefusesControlRuns) {
  auto x = ok_state();
  x.trial->control = true;
  EXPECT_EQ(refused(x).rule, "publish.control");
  x = ok_state();
  x.synthesis = synthesized{};
  x.synthesis->control = true;
  EXPECT_EQ(refused(x).rule, "publish.control");
}

TEST(admit, RefusesWhatHasNoProblemUnlessThePolicyAllowsIt) {
  auto x = ok_state();
  x.problem.reset();
  EXPECT_EQ(refused(x).rule, "publish.problem");
  EXPECT_TRUE(refused(x).failed);
  auto p = shipped();
  p.publish.require_problem = false;
  EXPECT_TRUE(
    std::holds_alternative<published>(admit(x, digest_like("row"), p)));
}

TEST(admit, RefusesWithoutFactsOrRow) {
  EXPECT_EQ(refused(ok_state(), {}).rule, "publish.row");
  auto x = ok_state();
  x.facts.reset();
  EXPECT_EQ(refused(x).rule, "publish.facts");
  EXPECT_EQ(refused({}).rule, "publish.facts");
}

TEST(after_failure, WaitsLongerEachTimeWithJitter) {
  auto p = shipped();
  p.retry.attempts["render_problems"] = 20;
  p.retry.same_fingerprint = 20;
  pull_request_state x;
  const auto wait = [&](double jitter) {
    return std::get<double>(after_failure(x, stage::render, jitter, p));
  };
  EXPECT_EQ(wait(0.5), 0);
  x.failures[stage::render] = {failure("a")};
  EXPECT_DOUBLE_EQ(wait(0), 1);
  EXPECT_DOUBLE_EQ(wait(0.5), 1.5);
  EXPECT_DOUBLE_EQ(wait(1), 2);
  EXPECT_DOUBLE_EQ(wait(7), 2);
  x.failures[stage::render].resize(3, failure("b"));
  EXPECT_DOUBLE_EQ(wait(1), 8);
  x.failures[stage::render].resize(12, failure("b"));
  EXPECT_DOUBLE_EQ(wait(1), 60);
  EXPECT_DOUBLE_EQ(wait(0), 30);
}

TEST(after_failure, EndsAfterTheAttemptsOfTheStage) {
  pull_request_state x;
  x.failures[stage::synthesize] = {failure("a")};
  EXPECT_TRUE(std::holds_alternative<double>(
    after_failure(x, stage::synthesize, 0, shipped())));
  x.failures[stage::synthesize].push_back(failure("b", "no disk"));
  const auto verdict = after_failure(x, stage::synthesize, 0, shipped());
  const auto* drop = std::get_if<dropped>(&verdict);
  ASSERT_NE(drop, nullptr);
  EXPECT_EQ(drop->stage, "synthesize_images");
  EXPECT_EQ(drop->rule, "attempts exhausted");
  EXPECT_TRUE(drop->failed);
  EXPECT_EQ(drop->explanation, "2 of 2 attempts failed; the last: "
                               "unavailable: no disk; before that: it broke");
}

TEST(after_failure, EndsWhenTheSameFailureComesAgain) {
  pull_request_state x;
  x.failures[stage::trial] = {failure("a"), failure("b")};
  EXPECT_TRUE(std::holds_alternative<double>(
    after_failure(x, stage::trial, 0, shipped())));
  x.failures[stage::trial] = {failure("a"), failure("a")};
  const auto verdict = after_failure(x, stage::trial, 0, shipped());
  const auto* drop = std::get_if<dropped>(&verdict);
  ASSERT_NE(drop, nullptr);
  EXPECT_EQ(drop->explanation,
            "the same failure came 2 times; it is: unavailable: it broke");
  // Failures without a fingerprint are not known to be the same.
  x.failures[stage::trial] = {failure(""), failure("")};
  EXPECT_TRUE(std::holds_alternative<double>(
    after_failure(x, stage::trial, 0, shipped())));
}

TEST(after_failure, CountsWhatOtherPullRequestsMet) {
  pull_request_state x;
  auto met = failure("a");
  met.known = {{"pr/a/b#1", 5}};
  x.failures[stage::trial] = {met};
  const auto verdict = after_failure(x, stage::trial, 0, shipped());
  const auto* drop = std::get_if<dropped>(&verdict);
  ASSERT_NE(drop, nullptr);
  EXPECT_EQ(drop->rule, "attempts exhausted");
  EXPECT_TRUE(drop->failed);
  EXPECT_EQ(drop->explanation, "the same failure came 2 times, before by "
                               "a/b#1; it is: unavailable: it broke");
}

// The builder stops at base; its error was hidden behind the absent side.
TEST(read_synthesis, SaysWhyBaseFailedThoughTheOtherSideIsAbsent) {
  synthesized x;
  x.sides = {{"base", {}, false, 1, {}, "No module named 'numpy'", {}}};
  const auto verdict = read_synthesis(x, shipped());
  const auto* drop = std::get_if<dropped>(&verdict);
  ASSERT_NE(drop, nullptr);
  EXPECT_EQ(drop->rule, "build.base");
  EXPECT_TRUE(drop->failed);
  EXPECT_THAT(drop->explanation,
              testing::HasSubstr("the Python module numpy is missing"));
}

TEST(missing_for, NamesWhatOthersLackAsWell) {
  const auto lacks = [](const std::string& error, bool ok = false) {
    synthesized x;
    x.sides = {{"base", {}, ok, 1, {}, error, {}}};
    return missing_for(x, "tinygeo");
  };
  EXPECT_EQ(lacks("No matching distribution found for numpy"),
            "the package numpy");
  EXPECT_EQ(lacks("fatal error: zlib.h: No such file"), "the header zlib.h");
  // Its own part is missing from that commit alone.
  EXPECT_EQ(lacks("No module named 'tinygeo._kernels'"), "");
  EXPECT_EQ(lacks("SyntaxError: invalid syntax"), "");
  EXPECT_EQ(lacks("No module named 'numpy'", true), "");
  EXPECT_EQ(missing_for({}, ""), "");
}

TEST(give_up, NamesWhoWasThereBefore) {
  auto x = fc::samples::known_failure_avoided();
  auto drop = give_up(x);
  EXPECT_EQ(drop.stage, x.stage);
  EXPECT_EQ(drop.rule, "known dead end");
  EXPECT_TRUE(drop.failed);
  EXPECT_EQ(drop.explanation,
            "not tried: with the same requirements it failed 2 times, before "
            "by Some-Owner/tiny_geo.py#12 and Some-Owner/tiny_geo.py#14; it "
            "was: refused: no such interpreter");
  // A damaged name is shown as it is.
  x.failures = {{"x", 1}};
  EXPECT_THAT(give_up(x).explanation, testing::HasSubstr("before by x;"));
}

TEST(after_failure, CountsEachStageAlone) {
  pull_request_state x;
  x.failures[stage::synthesize] = {failure("a"), failure("b")};
  EXPECT_EQ(std::get<double>(after_failure(x, stage::render, 1, shipped())), 0);
}

} // namespace fc::events::policy
