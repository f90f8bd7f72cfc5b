#include "tests/support/files.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <cstdlib>
#include <sstream>

namespace fc::tools {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// The built program, with nothing of the tester's environment.
struct preflight : testing::Test {
  int run(const std::string& words, const std::string& variables = "") {
    const auto status = std::system(
      ("env -i PATH=/usr/bin:/bin HOME=/nonexistent " + variables
       + " " FC_DATA " --preflight --index none --work " + work + " " + words
       + " >" + (folder / "out") + " 2>" + (folder / "err"))
        .c_str());
    out = support::read_file(folder / "out");
    err = support::read_file(folder / "err");
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  /// The check of a name.
  json named(const std::string& name) {
    const auto all = json::parse(out, nullptr, false);
    for (const auto& each : all.at("checks"))
      if (each.at("name") == name)
        return each;
    return json::object();
  }

  support::temp_dir folder;
  std::string work = folder / "work";
  std::string out;
  std::string err;
};

} // namespace

TEST_F(preflight, IsReadyWhereALocalRunWouldBe) {
  EXPECT_EQ(run(""), 0) << out << err;
  EXPECT_THAT(out, HasSubstr("\nready\n"));
  EXPECT_THAT(out, HasSubstr("log            OK"));
  EXPECT_EQ(err, "");
  EXPECT_FALSE(std::filesystem::exists(folder / "work"));
}

TEST_F(preflight, FitsAHundredColumns) {
  run("--repositories bigquery --repositories list:/no/such/"
      + std::string(150, 'x'));
  std::istringstream lines{out};
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 100U) << line;
}

TEST_F(preflight, GatesOnlyOnWhatTheRunNeeds) {
  EXPECT_EQ(run("--json"), 0);
  EXPECT_EQ(json::parse(out).at("ready"), true);
  EXPECT_EQ(named("GitHub").at("state"), "skipped");
  EXPECT_EQ(run("--json --repositories a/b"), 1);
  EXPECT_EQ(named("GitHub").at("state"), "FAIL");
  EXPECT_THAT(named("GitHub").at("says"), HasSubstr("GH_TOKENS"));
  EXPECT_EQ(named("repositories").at("state"), "OK");
  EXPECT_EQ(named("BigQuery").at("state"), "skipped");
  EXPECT_EQ(run("--json --repositories bigquery"), 1);
  EXPECT_EQ(named("BigQuery").at("state"), "FAIL");
  EXPECT_THAT(named("BigQuery").at("says"), HasSubstr("--bigquery-key"));
}

TEST_F(preflight, NamesTokensWithoutShowingThem) {
  // Nobody listens there.
  EXPECT_EQ(run("--json --repositories a/b --github-api http://127.0.0.1:9",
                "GH_TOKENS=hush-hush,other"),
            1);
  EXPECT_THAT(out + err, Not(HasSubstr("hush")));
  EXPECT_THAT(out, HasSubstr("GitHub "));
  EXPECT_EQ(json::parse(out).at("ready"), false);
}

TEST_F(preflight, SaysWhatIsWrongWithWhatIsNamed) {
  support::write_file(folder / "policy", "nonsense = 1\n");
  support::write_file(folder / "list", "a/b\nc\n");
  support::write_file(folder / "key", "hush");
  EXPECT_EQ(run("--json --policy " + (folder / "policy")
                + " --repositories list:" + (folder / "list")
                + " --python /no/python --github-app 7 "
                  "--github-installation 8 --github-app-key "
                + (folder / "key")),
            1);
  EXPECT_THAT(named("policy").at("says"), HasSubstr("nonsense"));
  EXPECT_THAT(named("repositories").at("says"), HasSubstr("list:2: 'c'"));
  EXPECT_EQ(named("interpreter").at("state"), "FAIL");
  EXPECT_EQ(named("sandbox").at("state"), "skipped");
  EXPECT_THAT(named("GitHub").at("says"), HasSubstr("no private RSA key"));
  EXPECT_THAT(out, Not(HasSubstr("hush")));
}

TEST_F(preflight, KnowsADamagedLogAndAFullTree) {
  support::write_file(folder / "file", "no folder");
  work = folder / "file";
  EXPECT_EQ(run("--json"), 1);
  EXPECT_EQ(named("work folder").at("state"), "FAIL");
  work = folder / "work";
  std::filesystem::create_directories(work + "/log");
  support::write_file(work + "/log/CURRENT", "MANIFEST-000009\n");
  EXPECT_EQ(run("--json"), 1);
  EXPECT_EQ(named("log").at("state"), "FAIL");
}

TEST_F(preflight, SaysWhyADatabaseCannotBeUsed) {
  EXPECT_EQ(run("--json", "SUPABASE_DB_URL=postgresql://u:hush@127.0.0.1:9/x"),
            0);
  EXPECT_EQ(named("database").at("state"), "note");
  EXPECT_THAT(out, Not(HasSubstr("hush")));
}

} // namespace fc::tools
