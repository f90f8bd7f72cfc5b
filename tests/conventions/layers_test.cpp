#include "tests/conventions/layer_rules.hpp"
#include "tests/conventions/made_up_tree.hpp"

#include <gmock/gmock.h>

namespace fc::conventions {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(layers, HoldInThisTree) {
  const auto found = check_layers(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(layers, AreReadInEveryFolderOfThisTree) {
  for (const auto* folder : {"events", "projections", "actors", "tools"})
    EXPECT_TRUE(std::ranges::any_of(this_tree().files,
                                    [&](const auto& each) {
                                      return each.second.below(folder)
                                             && each.second.is_source();
                                    }))
      << folder;
}

TEST(layers, NameFileLineAndRule) {
  made_up_tree tree;
  tree.file("actors/a.hpp", "")
    .file("events/e.cpp", "\n#include "
                          "\"actors/a.hpp\"\n");
  EXPECT_EQ(to_string(check_layers(tree.read())),
            "\n  events/e.cpp:2: layers: events/ must not include actors/a.hpp "
            "(it comes after it)");
}

TEST(layers, MayIncludeWhatComesBefore) {
  made_up_tree tree;
  tree.file("events/e.hpp", "")
    .file("tools/x/t.hpp", "")
    .file("projections/p.cpp", "#include \"events/e.hpp\"\n")
    .file("tools/x/t.cpp", "#include \"tools/x/t.hpp\"\n")
    .file("tests/t_test.cpp", "#include \"tools/x/t.hpp\"\n");
  EXPECT_THAT(check_layers(tree.read()), IsEmpty());
}

TEST(layers, KeepToolsAndTestsToThemselves) {
  made_up_tree tree;
  tree.file("tools/t.hpp", "")
    .file("tests/s.hpp", "")
    .file("actors/a.cpp", "#include \"tools/t.hpp\"\n")
    .file("tools/t.cpp", "#include \"tests/s.hpp\"\n");
  EXPECT_EQ(check_layers(tree.read()).size(), 2u);
}

TEST(layers, SeeThroughRelativeAndOddlyWrittenIncludes) {
  made_up_tree tree;
  tree.file("events/actors/a.hpp", "")
    .file("events/e.cpp", "  #  include <tools/t.hpp>\n");
  EXPECT_EQ(check_layers(tree.read()).size(), 1u);
}

TEST(libraries, StayWhereTheyAreWrapped) {
  const auto found = check_libraries(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

/// A header, a file that may include it, and one that must not.
struct placement {
  const char* header;
  const char* allowed;
  const char* refused;
};

class a_library : public testing::TestWithParam<placement> {};

TEST_P(a_library, IsRefusedElsewhere) {
  const auto [header, allowed, refused] = GetParam();
  const auto line = "#include <" + std::string{header} + ">\n";
  made_up_tree tree;
  tree.file(allowed, line).file(refused, line).file("tests/x_test.cpp", line);
  const auto found = check_libraries(tree.read());
  ASSERT_EQ(found.size(), 1u) << to_string(found);
  EXPECT_EQ(found.front().file, refused);
  EXPECT_EQ(found.front().line, 1u);
  EXPECT_THAT(found.front().explanation, HasSubstr(header));
}

INSTANTIATE_TEST_SUITE_P(
  each, a_library,
  testing::Values(
    placement{"rocksdb/db.h", "events/log/rocksdb_database.cpp",
              "events/log/other.cpp"},
    placement{"pqxx/pqxx", "projections/postgres/store.cpp",
              "projections/sqlite/store.cpp"},
    placement{"sqlite3.h", "projections/sqlite/store.cpp",
              "tools/replay/main.cpp"},
    placement{"curl/curl.h", "actors/services/http/client.cpp",
              "actors/services/github/client.cpp"},
    placement{"thrift/TBase.h", "projections/parquet/footer.cpp",
              "projections/row.cpp"},
    placement{"flatbuffers/flatbuffers.h", "events/codec/values.hpp",
              "projections/row.cpp"},
    placement{"schemas/run_generated.h", "events/codec/run.cpp",
              "actors/core/run.cpp"},
    placement{"caf/typed_actor.hpp", "actors/core/messages.hpp",
              "events/event.hpp"},
    placement{"caf/actor.hpp", "tools/fc-data/main.cpp", "projections/row.cpp"},
    placement{"caf/make_message.hpp", "events/error.hpp", "events/event.hpp"},
    placement{"spdlog/spdlog.h", "actors/core/run.cpp",
              "actors/core/run.hpp"}));

TEST(libraries, LetTheErrorTypeOfCafIn) {
  made_up_tree tree;
  tree.file("projections/p.hpp",
            "#include \"caf/error.hpp\"\n#include \"caf/expected.hpp\"\n");
  EXPECT_THAT(check_libraries(tree.read()), IsEmpty());
}

/// A chain of headers `events/h0.hpp` ... so many includes deep.
void add_chain(made_up_tree& tree, std::size_t depth) {
  for (std::size_t i = 0; i < depth; ++i)
    tree.file("events/h" + std::to_string(i) + ".hpp",
              "#include \"events/h" + std::to_string(i + 1) + ".hpp\"\n");
  tree.file("events/h" + std::to_string(depth) + ".hpp", "");
}

TEST(include_depth, IsKeptInThisTree) {
  const auto found = check_include_depth(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(include_depth, HasALimit) {
  made_up_tree fine;
  add_chain(fine, max_include_depth);
  EXPECT_THAT(check_include_depth(fine.read()), IsEmpty());
  made_up_tree deep;
  add_chain(deep, max_include_depth + 1);
  const auto found = check_include_depth(deep.read());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(to_string(found.front()), "events/h0.hpp: include.depth: chain of "
                                        + std::to_string(max_include_depth + 1)
                                        + " own includes, limit "
                                        + std::to_string(max_include_depth));
}

TEST(include_cycles, AreAbsentFromThisTree) {
  const auto found = check_include_cycles(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(include_cycles, AreFound) {
  made_up_tree tree;
  tree.file("events/a.hpp", "#include \"events/b.hpp\"\n")
    .file("events/b.hpp", "\n#include \"events/a.hpp\"\n")
    .file("events/self.hpp", "#include \"events/self.hpp\"\n");
  EXPECT_THAT(
    check_include_cycles(tree.read()),
    ElementsAre(breach{"events/b.hpp", 2, "include.cycle",
                       "events/a.hpp -> events/b.hpp -> events/a.hpp (no "
                       "header may include itself)"},
                breach{"events/self.hpp", 1, "include.cycle",
                       "events/self.hpp -> events/self.hpp (no header may "
                       "include itself)"}));
}

TEST(own_includes, AreFewInThisTree) {
  const auto found = check_own_includes(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(own_includes, HaveALimit) {
  made_up_tree tree;
  std::string text;
  for (std::size_t i = 0; i < max_own_includes; ++i)
    text += "#include \"events/e" + std::to_string(i) + ".hpp\"\n";
  tree.file("actors/fine.cpp", text + "#include <vector>\n")
    .file("actors/many.cpp", text + "#include \"events/last.hpp\"\n");
  EXPECT_THAT(check_own_includes(tree.read()),
              ElementsAre(breach{"actors/many.cpp", 16, "include.count",
                                 "16 own includes, limit 15"}));
}

} // namespace
} // namespace fc::conventions
