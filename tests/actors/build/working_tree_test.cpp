#include "actors/build/asv_environment.hpp"
#include "actors/build/working_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

events::synthesized built(const std::vector<std::string>& base,
                          const std::vector<std::string>& head) {
  events::synthesized x;
  for (const auto* files : {&base, &head}) {
    events::built_side side;
    for (const auto& each : *files)
      side.artefacts.push_back({"lib/python3.11/site-packages/" + each, {}, 0});
    x.sides.push_back(std::move(side));
  }
  return x;
}

} // namespace

TEST(working_tree, LacksWhatAnySideInstalled) {
  const auto installed = installed_modules(
    built({"mini/core.py", "mini/data.json"}, {"mini/inner/core.py"}));
  EXPECT_THAT(installed, ElementsAre("mini/core.py", "mini/inner/core.py"));
}

TEST(working_tree, KeepsInstalledHelpersOfTheSuite) {
  EXPECT_THAT(shadowing_files({"mini/core.py", "tests/common.py"},
                              {"mini/core.py", "tests/common.py"},
                              "benchmarks/asv"),
              ElementsAre("mini/core.py"));
  EXPECT_THAT(shadowing_files({"bench/core.py"}, {"bench/core.py"}, "asv"),
              ElementsAre("bench/core.py"));
}

TEST(working_tree, FindsSourcesWhereverTheyLie) {
  const std::set<std::string> installed{"org/mini/__init__.py",
                                        "org/mini/core.py"};
  EXPECT_THAT(shadowing_files({"src/org/mini/__init__.py",
                               "src/org/mini/core.py", "setup.py",
                               "src/org/mini/table.csv", "tests/test_core.py"},
                              installed, "benchmarks"),
              ElementsAre("src/org/mini/__init__.py", "src/org/mini/core.py"));
  EXPECT_THAT(shadowing_files({"org/mini/__init__.py"}, installed, ""),
              ElementsAre("org/mini/__init__.py"));
  EXPECT_THAT(shadowing_files(
                {"package/org/mini/core.py", "package/org/mini/__init__.py"},
                installed, "package/benchmarks"),
              UnorderedElementsAre("package/org/mini/core.py",
                                   "package/org/mini/__init__.py"));
}

TEST(working_tree, KeepsTheSuiteAndDoublesOfSingleModules) {
  const std::set<std::string> installed{"mini/__init__.py", "mini/core.py",
                                        "mini/more.py"};
  EXPECT_THAT(
    shadowing_files({"mini/__init__.py", "mini/core.py", "mini/more.py",
                     "tests/fakes/mini/core.py", "bench/mini/__init__.py",
                     "bench/mini/core.py", "bench/mini/more.py"},
                    installed, "bench"),
    ElementsAre("mini/__init__.py", "mini/core.py", "mini/more.py"));
}

TEST(working_tree, KnowsSuitesInsideOfThePackage) {
  const std::set<std::string> installed{"mini/__init__.py",
                                        "mini/benchmarks/bench.py"};
  EXPECT_THAT(shadowing_files({"mini/__init__.py", "mini/benchmarks/bench.py"},
                              installed, "mini/benchmarks"),
              ElementsAre("mini/__init__.py"));
}

TEST(asv_environment, IsTheSameOnAllSidesAndSaysWhatAsvSays) {
  events::resolved x;
  x.suite_project = "mini";
  x.suite_config = "benchmarks/asv.conf.json";
  x.python_version = "3.11.2";
  x.package_root = ".";
  x.build_env = {"MINI_BUILD=opt=2"};
  x.run_env = {"MINI_SIZE=2000"};
  const auto found = asv_environment_of(x, "abc");
  EXPECT_EQ(found.run.at("ASV"), "true");
  EXPECT_EQ(found.run.at("ASV_PROJECT"), "mini");
  EXPECT_EQ(found.run.at("ASV_COMMIT"), "abc");
  EXPECT_EQ(found.run.at("ASV_CONF_DIR"), "/fc/tree/benchmarks");
  EXPECT_EQ(found.run.at("MINI_BUILD"), "opt=2");
  EXPECT_EQ(found.run.at("MINI_SIZE"), "2000");
  EXPECT_EQ(found.build.at("MINI_BUILD"), "opt=2");
  EXPECT_EQ(found.build.count("MINI_SIZE"), 0);
  EXPECT_THAT(found.ignored, IsEmpty());
}

TEST(asv_environment, RefusesWhatWouldReachTheHarness) {
  events::resolved x;
  x.run_env = {"LD_PRELOAD=/fc/tree/evil.so", "PYTHONHASHSEED=0", "HOME=/",
               "A B=1", "LD_AUDIT=x"};
  const auto found = asv_environment_of(x, "abc");
  for (const auto* name : {"LD_PRELOAD", "PYTHONHASHSEED", "HOME", "LD_AUDIT"})
    EXPECT_EQ(found.run.count(name), 0) << name;
  EXPECT_EQ(found.ignored.size(), 5);
  EXPECT_THAT(found.ignored, Contains(HasSubstr("LD_PRELOAD is not set: it "
                                                "would reach the harness")));
  EXPECT_THAT(found.ignored, Not(Contains(HasSubstr("evil.so"))));
}

} // namespace fc::actors
