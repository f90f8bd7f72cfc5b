#include "tests/conventions/made_up_tree.hpp"
#include "tests/conventions/text_rules.hpp"

#include <gmock/gmock.h>

namespace fc::conventions {
namespace {

using ::testing::IsEmpty;

// Split, so that this file does not break the rules it tests.
const std::string to_do = "TO"
                          "DO";
const std::string disabled = "DISABLED"
                             "_";
const std::string skip = "GTEST"
                         "_SKIP";

using check = breaches (*)(const source_tree&);

/// What a check says of a file with this text.
breaches of(check rule, std::string_view text,
            const std::string& path = "events/a.hpp") {
  made_up_tree tree;
  tree.file(path, text);
  return rule(tree.read());
}

TEST(todos, CarryIssuesInThisTree) {
  const auto found = check_todos(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(todos, AreRefusedWithoutAnIssue) {
  for (const auto* tail :
       {"", ": later", "(name): later", "(#12) later", "(#): later"}) {
    const auto found = of(check_todos, "\n// " + to_do + tail + "\n");
    ASSERT_EQ(found.size(), 1u) << tail;
    EXPECT_EQ(found.front().line, 2u);
  }
  EXPECT_EQ(of(check_todos,
               "# FIX"
               "ME\n",
               "tools/run")
              .size(),
            1u);
}

TEST(todos, AreFineWithOneAndAsPartOfAWord) {
  EXPECT_THAT(of(check_todos, "// " + to_do + "(#12): later\n"), IsEmpty());
  EXPECT_THAT(of(check_todos, "int " + to_do + "_list;\n"), IsEmpty());
}

TEST(skipped_tests, GiveReasonsInThisTree) {
  const auto found = check_skipped_tests(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(skipped_tests, AreRefusedWithoutReason) {
  for (const auto* tail : {"();", "() << \"\";", "()\n  << \"\";"}) {
    const auto found = of(check_skipped_tests, "  " + skip + tail + "\n");
    ASSERT_EQ(found.size(), 1u) << tail;
    EXPECT_EQ(found.front().rule, "test.skipped");
  }
}

TEST(skipped_tests, AreFineWithOne) {
  for (const auto* tail :
       {"() << \"no psql\";", "()\n  << missing();", "() << reason;"})
    EXPECT_THAT(of(check_skipped_tests, "  " + skip + tail + "\n"), IsEmpty())
      << tail;
}

TEST(skipped_tests, NameAnIssueWhenDisabled) {
  const auto test = "TEST(a, " + disabled + "B) {}";
  const auto found = of(check_skipped_tests, test + "\n");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found.front().rule, "test.disabled");
  EXPECT_THAT(of(check_skipped_tests, test + " // #12\n"), IsEmpty());
  EXPECT_THAT(of(check_skipped_tests, "// Fails: #12.\n" + test + "\n"),
              IsEmpty());
}

TEST(machine_traces, AreAbsentFromThisTree) {
  const auto found = check_machine_traces(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(machine_traces, AreFound) {
  const std::string slash = "/";
  for (const auto& line :
       {"cd " + slash + "root/x", "\"" + slash + "work/main/a.cpp\"",
        "path=" + slash + "home/somebody/src", slash + "Users/somebody/src",
        "registry" + std::string{"=https://npm.internal/"},
        "--index-url" + std::string{"=https://pypi.internal/simple"},
        "  \"resolved\"" + std::string{": \"https://npm.internal/a.tgz\""}}) {
    const auto found = of(check_machine_traces, "\n" + line + "\n", "tools/x");
    ASSERT_EQ(found.size(), 1u) << line;
    EXPECT_EQ(found.front().line, 2u);
  }
}

TEST(machine_traces, AreNotSeenInPathsOfTheProject) {
  for (const auto* line :
       {"a/root/b", "/usr/bin/python3", "fc-data-work/main", "${HOME}/work",
        "\"resolved\": \"https://registry.npmjs.org/a/-/a.tgz\""})
    EXPECT_THAT(of(check_machine_traces, line, "tools/x"), IsEmpty()) << line;
}

/// A function of so many lines, head and brackets counted.
std::string function_of(std::size_t lines) {
  std::string text = "int f(int x,\n      int y) {\n";
  for (std::size_t i = 3; i < lines; ++i)
    text += "  ++x;\n";
  return text + "}\n";
}

TEST(function_length, IsKeptInThisTree) {
  const auto found = check_function_length(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(function_length, HasALimit) {
  const std::string before = "struct s {\n  int x;\n};\n\n/// Comment.\n";
  EXPECT_THAT(of(check_function_length,
                 before + function_of(max_function_lines), "events/a.cpp"),
              IsEmpty());
  const auto found
    = of(check_function_length, before + function_of(max_function_lines + 1),
         "events/a.cpp");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(to_string(found.front()),
            "events/a.cpp:6: function.length: 61 lines, limit 60");
}

TEST(function_length, DoesNotCountTypesNamespacesAndValues) {
  std::string text = "namespace fc {\n\nclass s\n  : public base {\npublic:\n"
                     "  void f() {\n  }\n";
  for (std::size_t i = 0; i < 2 * max_function_lines; ++i)
    text += "  int x" + std::to_string(i) + ";\n";
  text += "};\n\nconstexpr int all[] = {\n";
  for (std::size_t i = 0; i < 2 * max_function_lines; ++i)
    text += "  1,\n";
  text += "};\n\nconstexpr auto columns = columns_from<row>({\n";
  for (std::size_t i = 0; i < max_function_lines; ++i)
    text += "  {\"a\",\n   [](int x) {\n     return x;\n   }},\n";
  text += "});\n\nvoid g() {\n}\n";
  EXPECT_THAT(of(check_function_length, text + "\n} // namespace fc\n"),
              IsEmpty());
}

TEST(foreign_text, IsReadInOnePlaceInThisTree) {
  const auto found = check_foreign_text(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(foreign_text, ReadElsewhereIsABreach) {
  for (const auto* text :
       {"  auto x = nlohmann::json::parse(text, nullptr, false);\n",
        "  if (json::accept(text))\n", "  toml::parse(text);\n",
        "#include <regex>\n"}) {
    EXPECT_EQ(of(check_foreign_text, text, "actors/a.cpp").size(), 1u) << text;
    EXPECT_THAT(of(check_foreign_text, text, "tests/a.cpp"), IsEmpty());
  }
  EXPECT_THAT(of(check_foreign_text, "  json::parse(text);\n",
                 "events/common/bounded_json.cpp"),
              IsEmpty());
}

TEST(sandbox_reads, GoThroughTheHelperInThisTree) {
  const auto found = check_sandbox_reads(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(sandbox_reads, AreRefusedElsewhere) {
  for (const auto* line :
       {"std::ifstream in{path};", "fs::copy(a, b);", "fs::remove_all(a, e);",
        "for (auto& x : fs::recursive_directory_iterator{a})",
        "unique_fd fd{::open(path, O_RDONLY)};", "fs::file_size(a);"})
    for (const auto* path :
         {"actors/build/a.cpp", "actors/verify/deeper/a.hpp",
          "actors/services/python/a.cpp", "actors/services/sandbox/a.cpp"}) {
      const auto found
        = of(check_sandbox_reads, std::string{line} + "\n", path);
      ASSERT_EQ(found.size(), 1u) << line;
      EXPECT_EQ(found.front().rule, "sandbox.read");
    }
}

TEST(sandbox_reads, AreFineByTheHelperAndInOtherFolders) {
  EXPECT_THAT(of(check_sandbox_reads, "sandbox_files::open(a); // ifstream\n",
                 "actors/build/a.cpp"),
              IsEmpty());
  EXPECT_THAT(of(check_sandbox_reads, "std::ifstream in{path};\n",
                 "actors/discover/a.cpp"),
              IsEmpty());
}

TEST(type_comments, AreInThisTree) {
  const auto found = check_type_comments(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(type_comments, AreMissed) {
  for (const auto* text :
       {"struct s {\n", "class s : public b {\n", "enum class s : int {\n",
        "/// Of another.\nint x;\nstruct s {\n", "// Not this.\nstruct s {\n",
        "template <class T>\nstruct s {\n", "class s\n  : public b {\n",
        "/// Away.\n\nstruct s {\n", "struct s {};\n"}) {
    const auto found = of(check_type_comments, text);
    ASSERT_EQ(found.size(), 1u) << text;
    EXPECT_EQ(found.front().rule, "type.comment");
  }
}

TEST(type_comments, AreSeen) {
  for (const auto* text :
       {"/// Why.\nstruct s {\n", "/// Why,\n/// at length.\nenum s {\n",
        "/// Why.\ntemplate <class T>\nstruct s {\n", "struct s;\n",
        "struct s<int> {\n", "namespace detail {\n\nstruct s {\n",
        "  struct inner {\n"})
    EXPECT_THAT(of(check_type_comments, text), IsEmpty()) << text;
}

TEST(type_comments, AreNotAskedOfTests) {
  EXPECT_THAT(of(check_type_comments, "struct s {\n", "tests/support/a.hpp"),
              IsEmpty());
}

} // namespace
} // namespace fc::conventions
