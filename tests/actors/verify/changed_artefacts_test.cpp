#include "actors/verify/changed_artefacts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using files = std::vector<std::pair<std::string, std::uint64_t>>;

/// Of two files with one path, those of equal size are equal.
events::synthesized built(const files& base, const files& head) {
  events::synthesized x;
  for (const auto& [name, list] :
       {std::pair{"base", &base}, std::pair{"head", &head}}) {
    events::built_side side;
    side.side = name;
    for (const auto& [path, size] : *list)
      side.artefacts.push_back({path, {}, size});
    x.sides.push_back(std::move(side));
  }
  return x;
}

} // namespace

TEST(changed_artefacts, WhatABuildGeneratesFromATemplateIsAChange) {
  const auto x = built({{"mini/__init__.py", 1}, {"mini/_core.py", 1}},
                       {{"mini/__init__.py", 1}, {"mini/_core.py", 2}});
  EXPECT_THAT(generated_changes(x, {"templates/core.py.in"}),
              ElementsAre("mini/_core.py"));
}

TEST(changed_artefacts, AFileWithAChangedSourceIsNotGenerated) {
  const auto x = built({{"mini/core.py", 1}, {"old.py", 1}},
                       {{"mini/core.py", 2}, {"mini/new.py", 1}});
  EXPECT_THAT(generated_changes(x, {"src/mini/core.py", "lib/mini/new.py"}),
              ElementsAre("old.py"));
}

TEST(changed_artefacts, VersionsAndExtensionsAreNoGeneratedChange) {
  const auto x = built({{"mini/_version.py", 1},
                        {"mini/_ext.cpython-311-x86_64-linux-gnu.so", 1},
                        {"mini-1.dist-info/entry_points.txt", 1}},
                       {{"mini/_version.py", 2},
                        {"mini/_ext.cpython-311-x86_64-linux-gnu.so", 2},
                        {"mini-2.dist-info/entry_points.txt", 1}});
  EXPECT_THAT(generated_changes(x, {"setup.py"}), IsEmpty());
  EXPECT_THAT(changed_extensions(x), ElementsAre("mini._ext"));
}

} // namespace fc::actors
