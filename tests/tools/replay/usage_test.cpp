#include "tests/tools/replay/program.hpp"

namespace fc::replay {

using testing::HasSubstr;

struct usage : program {};

TEST_F(usage, IsExplained) {
  const auto x = run("--help");
  EXPECT_EQ(x.exit, 0);
  for (const auto* option :
       {"--log",           "FC_LOG",     "--project",
        "SUPABASE_DB_URL", "--to",       "--follow",
        "--once",          "--replace",  "--audit",
        "--json",          "--html",     "--verify",
        "--funnel",        "--failures", "--spend",
        "--windows",       "--diff",     "--until",
        "--repo",          "--dump",     "--stream",
        "--catalogue",     "--check",    "--repair",
        "--backup",        "--restore",  "--number",
        "--delete",        "--what-if",  "--commit",
        "--since",         "--all",      "--collect-garbage",
        "--rules"})
    EXPECT_THAT(x.out, HasSubstr(option));
}

TEST_F(usage, NeedsOneCommand) {
  expect_refused(run(""), 2, "name a command");
  expect_refused(on_log("--verify --funnel"), 2, "one command only");
  expect_refused(on_log("--audit a/b#1 --dump"), 2, "one command only");
  expect_refused(on_log("--repair --backup x"), 2, "one command only");
  expect_refused(on_log("--failures --spend"), 2, "one command only");
  expect_refused(on_log("--windows --diff 1 2"), 2, "one command only");
}

TEST_F(usage, RefusesWhatItDoesNotKnow) {
  expect_refused(on_log("--verify --frobnicate"), 2, "--frobnicate");
  expect_refused(on_log("--verify extra"), 2, "extra");
  expect_refused(on_log("--project postgres --to x"), 2, "postgres");
  expect_refused(run("--verify --log"), 2, "--log");
}

TEST_F(usage, RefusesDetailsOfOtherCommands) {
  expect_refused(on_log("--project sqlite"), 2, "--to");
  expect_refused(on_log("--project jsonl"), 2, "--to");
  expect_refused(on_log("--project parquet-tables"), 2, "--to");
  expect_refused(on_log("--verify --to x"), 2, "--to");
  expect_refused(on_log("--verify --json"), 2, "--json");
  expect_refused(on_log("--funnel --stream run/1"), 2, "--stream");
  expect_refused(on_log("--funnel --check x"), 2, "--check");
  for (const std::string kind : {"parquet", "jsonl", "parquet-tables"})
    expect_refused(on_log("--project " + kind + " --to x --follow"), 2,
                   "--follow");
  expect_refused(on_log("--repair --delete"), 2, "--delete");
  expect_refused(on_log("--verify --repo a/b"), 2, "--repo");
  expect_refused(on_log("--funnel --html x"), 2, "--html");
  expect_refused(on_log("--audit a/b#1 --json --html x"), 2, "--html");
  expect_refused(on_log("--backup x --number 2"), 2, "--number");
}

TEST_F(usage, NamesALogThatIsNotThere) {
  const auto absent = *folder / "absent";
  expect_refused(run("--verify --log " + absent), 1, absent);
  EXPECT_FALSE(std::filesystem::exists(absent));
}

TEST_F(usage, NamesALogThatIsNone) {
  const auto empty = *folder / "empty";
  std::filesystem::create_directory(empty);
  expect_refused(run("--verify --log " + empty), 1, empty);
  EXPECT_TRUE(std::filesystem::is_empty(empty));
  const auto file = *folder / "file";
  support::write_file(file, "not a log");
  expect_refused(run("--funnel --log " + file), 1, file);
}

TEST_F(usage, FindsTheLogByTheEnvironment) {
  const auto x = run("--verify", "FC_LOG=" + path);
  EXPECT_EQ(x.exit, 0) << x.err;
  const auto absent = *folder / "absent";
  EXPECT_EQ(run("--verify --log " + path, "FC_LOG=" + absent).exit, 0);
}

TEST_F(usage, FindsTheLogInItsUsualPlace) {
  const auto home = *folder / "home";
  std::filesystem::create_directories(home + "/fc-data-work");
  std::filesystem::copy(path, home + "/fc-data-work/log",
                        std::filesystem::copy_options::recursive);
  EXPECT_EQ(run("--verify", "cd " + home + " && env -u FC_LOG").exit, 0);
}

TEST_F(usage, SaysWhenItsOutputIsLost) {
  const auto status = std::system(
    (FC_REPLAY " --log " + path + " --dump >/dev/full 2>" + (*folder / "err"))
      .c_str());
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_THAT(support::read_file(*folder / "err"),
              HasSubstr("standard output"));
}

TEST_F(usage, WorksBesideAWriter) {
  auto writer = events::log::open_rocksdb_log({path, false});
  ASSERT_TRUE(writer) << describe(writer.error());
  EXPECT_EQ(on_log("--funnel").exit, 0);
}

} // namespace fc::replay
