#include "projections/postgres/connection.hpp"
#include "projections/postgres/migrate.hpp"
#include "tests/projections/postgres/fixture.hpp"
#include "tests/support/samples.hpp"

#include <sys/mount.h>

#include <unistd.h>

namespace fc::projections::postgres {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct postgres_refusals : database_test {
  void SetUp() override {
    database_test::SetUp();
    if (IsSkipped())
      return;
    stories::write_in_turn(*log, stories::all());
    rebuild_all();
    tables = copied();
  }

  /// One line that says `what`, and the live tables are as they were.
  void expect_refused(const events::error& err, ec code,
                      const std::string& what) const {
    EXPECT_EQ(code_of(err), code) << describe(err);
    EXPECT_THAT(describe(err), AllOf(HasSubstr(what), Not(HasSubstr("\n")),
                                     Not(HasSubstr("postgres:postgres"))));
    EXPECT_EQ(copied(), tables);
  }

  std::map<std::string, std::string> tables;
};

TEST_F(postgres_refusals, OfAServerThatIsNotThere) {
  const auto nowhere = "postgresql://postgres:secret@127.0.0.1:"
                       + std::to_string(support::free_port()) + "/x";
  expect_refused(failed_rebuild(nowhere), ec::unavailable,
                 "check that the server runs");
  expect_refused(failed_rebuild("postgresql://host.invalid/x"), ec::unavailable,
                 "host.invalid");
}

TEST_F(postgres_refusals, OfAWrongAddress) {
  expect_refused(failed_rebuild(""), ec::invalid_argument, "SUPABASE_DB_URL");
  expect_refused(failed_rebuild("nonsense"), ec::invalid_argument,
                 "postgresql://");
  expect_refused(failed_rebuild(server().address("absent")), ec::not_found,
                 "absent");
}

TEST_F(postgres_refusals, OfAWrongPasswordNeverShowIt) {
  const auto err = failed_rebuild(server().address(name, "postgres:Hunter2"));
  expect_refused(err, ec::refused, "password");
  EXPECT_THAT(describe(err), Not(HasSubstr("Hunter2")));
}

TEST_F(postgres_refusals, OfSchemasOfSomebodyElse) {
  const auto user = name + "_user";
  sql("create role " + user + " login password 'x'");
  expect_refused(failed_rebuild(server().address(name, user + ":x")),
                 ec::refused, "permission denied");
  sql("grant all on schema fc_data to " + user
      + "; grant all on all tables in schema fc_data to " + user);
  expect_refused(failed_rebuild(server().address(name, user + ":x")),
                 ec::refused, "row-level security");
  sql("alter schema fc_data owner to " + user
      + "; alter table fc_data.migrations owner to " + user
      + "; alter table fc_data.projections owner to " + user);
  expect_refused(failed_rebuild(server().address(name, user + ":x")),
                 ec::refused, "schema public belongs to");
  sql("grant create on schema public to " + user);
  expect_refused(failed_rebuild(server().address(name, user + ":x")),
                 ec::refused, "belongs to postgres");
}

TEST_F(postgres_refusals, OfColumnsChangedByHand) {
  sql("alter table packages add column mine text");
  tables = copied();
  expect_refused(failed_rebuild(address), ec::conflict, "column mine text");
  expect_refused(follower::open(*log, address).error(), ec::conflict,
                 "public.packages");
  sql("alter table packages drop column mine; alter table packages alter "
      "column sha type varchar(80)");
  tables = copied();
  expect_refused(failed_rebuild(address), ec::conflict, "has no column sha");
}

TEST_F(postgres_refusals, OfRowsChangedByHandUntilTheyAreDiscarded) {
  const auto right = tables;
  for (const auto* change :
       {"update pull_requests set title = title || '!' where issue_number = 5",
        "delete from windows",
        "insert into repositories (owner, repo) values ('a', 'b')",
        "update harbor_runs set max_speedup = max_speedup * 1.0000001"}) {
    sql(change);
    tables = copied();
    expect_refused(failed_rebuild(address), ec::conflict, "changed by hand");
    expect_refused(follower::open(*log, address).error(), ec::conflict,
                   "--replace");
    rebuild_all({true});
    EXPECT_EQ(copied(), right) << change;
  }
}

TEST_F(postgres_refusals, OfATableThatIsNotOurs) {
  sql("drop schema fc_data cascade");
  expect_refused(failed_rebuild(address), ec::conflict,
                 "was not made by fcreplay");
}

TEST_F(postgres_refusals, OfATableThatIsGone) {
  sql("drop table windows");
  const auto err = failed_rebuild(address);
  EXPECT_EQ(code_of(err), ec::conflict);
  EXPECT_THAT(describe(err), HasSubstr("public.windows is gone"));
}

TEST_F(postgres_refusals, OfWhatHangsOnATable) {
  sql("create view recent as select title from pull_requests");
  expect_refused(failed_rebuild(address), ec::refused, "view recent");
  sql("drop view recent; create table mine (owner text, repo text, foreign key "
      "(owner, repo) references repositories)");
  expect_refused(failed_rebuild(address), ec::refused, "foreign key of mine");
  sql("drop table mine; create function newest() returns setof pull_requests "
      "language sql as 'select * from public.pull_requests'");
  expect_refused(failed_rebuild(address), ec::refused, "function newest()");
}

TEST_F(postgres_refusals, OfALogNewerThanTheProgram) {
  auto event = events::make_event(samples::symbolic_passed());
  event.tag = 9999;
  stories::append(*log, stream_of(stories::id_of(7)), event);
  expect_refused(failed_rebuild(address), ec::too_new, "upgrade");
  auto on = follower::open(*log, address);
  ASSERT_TRUE(on);
  expect_refused((*on)->advance().error(), ec::too_new, "upgrade");
}

TEST_F(postgres_refusals, OfADatabaseOfANewerProgram) {
  sql("insert into fc_data.migrations values (99, '0099_later.sql', 'x')");
  expect_refused(failed_rebuild(address), ec::too_new, "0099_later.sql");
}

TEST_F(postgres_refusals, OfAMigrationThatWasChanged) {
  sql("update fc_data.migrations set sha256 = 'x' where number = 2");
  expect_refused(failed_rebuild(address), ec::corrupt, "0002_bookkeeping.sql");
}

TEST(migrations, AreNumberedWithoutGaps) {
  int number = 0;
  for (const auto& each : shipped_migrations()) {
    const auto digits = std::to_string(10'000 + ++number).substr(1);
    EXPECT_TRUE(each.file.starts_with(digits + "_")) << each.file;
    EXPECT_FALSE(each.text.empty());
  }
  EXPECT_GE(number, 3);
}

TEST_F(postgres_refusals, OfAMigrationThatFailsLeaveNothingOfIt) {
  const auto shipped = shipped_migrations();
  std::vector<migration> bad{shipped.begin(), shipped.end()};
  bad.push_back({"9999_bad.sql", "create table fc_data.half (x int);"
                                 " select nonsense"});
  auto to = connect();
  const auto err = migrate(to, bad);
  EXPECT_THAT(describe(err), HasSubstr("nonsense"));
  EXPECT_EQ(cell_of("select to_regclass('fc_data.half') is null"), "t");
}

/// Tables on a file system of a few megabytes.
TEST_F(postgres_refusals, OfAFullDiskOfTheServer) {
  const support::temp_dir disk{support::open_temporary_folder()};
  std::filesystem::permissions(disk.path(), std::filesystem::perms{0755});
  if (::mount("tmpfs", disk.path().c_str(), "tmpfs", 0, "size=24m") != 0)
    GTEST_SKIP() << "no small file system can be mounted here (needs root)";
  const auto space = disk / "space";
  ASSERT_EQ(std::system(("install -d -o postgres " + space).c_str()), 0);
  sql("create tablespace " + name + " location '" + space + "'");
  {
    pqxx::connection to{server().address("postgres")};
    pqxx::nontransaction{to}.exec("alter database " + name
                                  + " set default_tablespace = " + name);
  }
  rebuild_all();
  for (std::uint32_t i = 0; i < 3000; ++i) {
    auto facts = samples::scraped();
    facts.body.clear();
    for (std::uint32_t k = 0; k < 2000; ++k)
      facts.body += std::to_string((i * 7919U + k) * 2654435761U);
    stories::append(*log, stream_of(stories::id_of(1000 + i)),
                    events::make_event(facts));
  }
  expect_refused(failed_rebuild(address), ec::storage_failure, "disk is full");
  EXPECT_EQ(cell_of("select to_regnamespace('fc_data_build') is null"), "t");
  // The tablespace must be gone before its disk.
  {
    pqxx::connection to{server().address("postgres")};
    pqxx::nontransaction{to}.exec("drop database " + name + " with (force)");
    pqxx::nontransaction{to}.exec("drop tablespace " + name);
  }
  ::umount2(disk.path().c_str(), MNT_DETACH);
}

} // namespace fc::projections::postgres
