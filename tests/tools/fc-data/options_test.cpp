#include "tests/support/files.hpp"
#include "tools/fc-data/options.hpp"

#include <gmock/gmock.h>

namespace fc::tools {
namespace {

using events::ec;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names(const std::vector<task_option>& tasks) {
  std::vector<std::string> all;
  for (const auto& each : tasks)
    all.push_back(each.id.str() + "@" + each.base + ".." + each.merge);
  return all;
}

TEST(tasks, AreReadFromAList) {
  const auto tasks = parse_tasks("a/b#1, c/d#22@abc..def ,e.f/g-h#3");
  ASSERT_TRUE(tasks) << events::describe(tasks.error());
  EXPECT_THAT(names(*tasks),
              ElementsAre("a/b#1@..", "c/d#22@abc..def", "e.f/g-h#3@.."));
}

TEST(tasks, AreReadFromAFileWithComments) {
  support::temp_dir folder;
  const auto path = folder / "tasks";
  support::write_file(path, "// the first\na/b#1\n\n  c/d#2@abc..def  \n"
                            "a/b#3,a/b#4\n");
  const auto tasks = parse_tasks("@" + path);
  ASSERT_TRUE(tasks) << events::describe(tasks.error());
  EXPECT_THAT(names(*tasks), ElementsAre("a/b#1@..", "c/d#2@abc..def",
                                         "a/b#3@..", "a/b#4@.."));
}

TEST(tasks, AreRefusedWhenBad) {
  for (const auto* text :
       {"", " ", ",", "// only this", "a/b", "a#1", "a/b#", "a/b#x", "a/b#-1",
        "a/b#1@", "a/b#1@abc", "a/b#1@abc..", "a/b#1@..def", "a/b#1 c/d#2",
        "a/b#99999999999", "a b/c#1", "a/b#1,bad"}) {
    const auto tasks = parse_tasks(text);
    ASSERT_FALSE(tasks) << text;
    EXPECT_EQ(events::code_of(tasks.error()), ec::invalid_argument) << text;
  }
}

TEST(tasks, NameTheFileThatCannotBeRead) {
  const auto tasks = parse_tasks("@/no/such/file");
  ASSERT_FALSE(tasks);
  EXPECT_THAT(events::describe(tasks.error()), HasSubstr("/no/such/file"));
}

parsed_options parse(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "fc-data");
  std::vector<char*> raw;
  for (auto& each : arguments)
    raw.push_back(each.data());
  return parse_options(static_cast<int>(raw.size()), raw.data());
}

/// Exit code and what was printed to standard error.
std::pair<std::optional<exit_code>, std::string>
refused(std::vector<std::string> arguments) {
  testing::internal::CaptureStderr();
  const auto parsed = parse(std::move(arguments));
  return {parsed.exit, testing::internal::GetCapturedStderr()};
}

const std::vector<std::string> window{
  "--source", "repo", "--start-date", "2024-01-01", "--end-date", "2024-02-01"};

std::vector<std::string> with(std::vector<std::string> more) {
  auto all = window;
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(options, AreReadFromTheCommandLine) {
  const auto parsed
    = parse(with({"--work", "w", "--control", "--head", "main"}));
  ASSERT_FALSE(parsed.exit);
  const auto& x = parsed.values;
  EXPECT_THAT(x.sources, ElementsAre("repo"));
  EXPECT_EQ(events::to_iso8601(*x.start), "2024-01-01T00:00:00Z");
  EXPECT_EQ(events::to_iso8601(*x.end), "2024-02-01T00:00:00Z");
  EXPECT_EQ(x.work, "w");
  EXPECT_EQ(x.dataset, "w/dataset");
  EXPECT_EQ(x.head, "main");
  EXPECT_TRUE(x.control);
}

TEST(options, NeedNoWindowForTasks) {
  const auto parsed = parse({"--source", "repo", "--tasks", "a/b#1"});
  ASSERT_FALSE(parsed.exit);
  EXPECT_EQ(parsed.values.tasks.size(), 1u);
  EXPECT_FALSE(parsed.values.start);
}

TEST(options, PrintHelp) {
  testing::internal::CaptureStdout();
  const auto parsed = parse({"--help"});
  EXPECT_THAT(testing::internal::GetCapturedStdout(), HasSubstr("--source"));
  EXPECT_EQ(parsed.exit, exit_code::done);
}

TEST(options, AreRefusedWithOneLineThatNamesTheMistake) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases{
    {{}, "--source"},
    {{"--source", "repo"}, "--start-date"},
    {{"--source", "repo", "--start-date", "2024-01-01"}, "--end-date"},
    {with({"--start-date", "soon"}), "--start-date"},
    {{"--source", "r", "--start-date", "soon", "--end-date", "2024-01-01"},
     "soon"},
    {{"--source", "r", "--start-date", "2024-02-01", "--end-date",
      "2024-01-01"},
     "is not after"},
    {{"--source", "r", "--start-date", "2024-02-30", "--end-date",
      "2024-03-01"},
     "2024-02-30"},
    {with({"--source", "other", "--repo", "a/b"}), "--repo"},
    {with({"--tasks", "bad"}), "bad"},
    {with({"--no-such-option"}), "--no-such-option"},
    {with({"--log-level", "loud"}), "loud"},
  };
  for (const auto& [arguments, mistake] : cases) {
    const auto [code, text] = refused(arguments);
    EXPECT_EQ(code, exit_code::usage) << mistake;
    EXPECT_THAT(text, HasSubstr(mistake));
    EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
  }
}

} // namespace
} // namespace fc::tools
