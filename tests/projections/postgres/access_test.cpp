#include "tests/projections/postgres/fixture.hpp"

namespace fc::projections::postgres {

using testing::HasSubstr;

/// Supabase's roles and its open default privileges, as its own first migration
/// makes them.
struct postgres_access : database_test {
  void SetUp() override {
    database_test::SetUp();
    if (IsSkipped())
      return;
    sql("do $$ begin "
        "if not exists (select from pg_roles where rolname = 'anon') then "
        "create role anon nologin noinherit; end if; "
        "if not exists (select from pg_roles where rolname = 'authenticated') "
        "then create role authenticated nologin noinherit; end if; "
        "if not exists (select from pg_roles where rolname = 'service_role') "
        "then create role service_role nologin noinherit; end if; "
        "if not exists (select from pg_roles where rolname = 'authenticator') "
        "then create role authenticator login noinherit password 'secret'; "
        "grant anon, authenticated, service_role to authenticator; end if; "
        "end $$; "
        "grant usage on schema public to anon, authenticated, service_role; "
        "alter default privileges in schema public grant all on tables to "
        "anon, authenticated, service_role; "
        "alter default privileges grant all on tables to anon, authenticated, "
        "service_role; "
        "alter default privileges grant usage on schemas to anon, "
        "authenticated");
    stories::write_in_turn(*log, stories::all());
    rebuild_all();
  }

  /// What the REST layer does for a role; the first cell, or the error.
  std::string as_role(const std::string& role, const std::string& query) const {
    auto to = connect("authenticator:secret");
    pqxx::work tx{to};
    try {
      tx.exec("set local role " + role);
      const auto rows = tx.exec(query);
      return rows.empty() ? "no row" : rows[0][0].c_str();
    } catch (const pqxx::failure& err) {
      return err.what();
    }
  }
};

/// Every table and what each role may do with it. A new table stands in neither
/// list and fails the test until somebody decides.
TEST_F(postgres_access, IsDecidedForEveryTableRoleAndPrivilege) {
  const std::set<std::string> everyone{
    "benchmark_codes", "benchmark_information", "candidate_containers",
    "harbor_runs",     "pull_requests",         "releases",
    "repositories",    "trial_benchmarks",      "windows"};
  const std::set<std::string> staff{"pr_events",       "candidate_prs",
                                    "error_logs",      "packages",
                                    "runner_failures", "runner_progress"};
  const std::set<std::string> nobody{"fc_data.migrations",
                                     "fc_data.projections"};
  std::set<std::string> expected;
  for (const auto& each : everyone)
    for (const auto* role :
         {"anon", "authenticated", "service_role", "fc_reader"})
      expected.insert("public." + each + " " + role + " SELECT");
  for (const auto& each : staff)
    for (const auto* role : {"service_role", "fc_reader"})
      expected.insert("public." + each + " " + role + " SELECT");
  auto from = connect();
  pqxx::work tx{from};
  std::set<std::string> found;
  for (const auto& row : tx.exec(
         "select c.oid::regclass::text, n.nspname || '.' || c.relname || ' ' "
         "|| r.rolname || ' ' || p from pg_class c join pg_namespace n on "
         "n.oid = c.relnamespace cross join (values ('anon'), "
         "('authenticated'), ('service_role'), ('fc_reader'), "
         "('authenticator')) as "
         "r(rolname) cross join unnest(array['SELECT', 'INSERT', 'UPDATE', "
         "'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) as p where "
         "c.relkind in ('r', 'v', 'm', 'f', 'p') and n.nspname !~ "
         "'^(pg_|information_schema)' and has_table_privilege(r.rolname, "
         "c.oid, p)"))
    found.insert(row[1].c_str());
  EXPECT_EQ(found, expected);
  std::set<std::string> tables;
  for (const auto& row :
       tx.exec("select relnamespace::regnamespace || '.' || relname, "
               "relrowsecurity from pg_class where relkind = 'r' and "
               "relnamespace::regnamespace::text !~ "
               "'^(pg_|information_schema)'")) {
    tables.insert(row[0].c_str());
    EXPECT_TRUE(row[1].as<bool>()) << row[0].c_str() << " has no row security";
  }
  std::set<std::string> decided{nobody};
  for (const auto& each : everyone)
    decided.insert("public." + each);
  for (const auto& each : staff)
    decided.insert("public." + each);
  EXPECT_EQ(tables, decided);
  EXPECT_EQ(
    tx.exec1("select count(*) from information_schema.role_table_grants "
             "where grantee = 'PUBLIC' and table_schema in ('public', "
             "'fc_data')")[0]
      .as<int>(),
    0);
}

TEST_F(postgres_access, AnonReadsWhatIsPublicAndWritesNothing) {
  for (const auto* role : {"anon", "authenticated"}) {
    EXPECT_EQ(as_role(role, "select count(*) from pull_requests"), "7");
    EXPECT_THAT(as_role(role, "select count(*) from packages"),
                HasSubstr("permission denied"));
    EXPECT_THAT(as_role(role, "select count(*) from fc_data.projections"),
                HasSubstr("permission denied"));
    for (const auto* statement :
         {"insert into repositories (owner, repo) values ('a', 'b')",
          "update pull_requests set title = ''", "delete from harbor_runs",
          "truncate windows", "create table x (y int)"})
      EXPECT_THAT(as_role(role, statement), HasSubstr("permission denied"))
        << statement;
  }
  EXPECT_EQ(as_role("service_role", "select count(*) from packages"), "3");
}

/// What docs/operations.md says of a dashboard's own role, as printed there.
TEST_F(postgres_access, AReaderOfTheOperatorsOwnReadsAllRowsAndWritesNothing) {
  sql("do $$ begin if not exists (select from pg_roles where rolname = "
      "'dashboard') then create role dashboard login password 'secret'; "
      "grant fc_reader to dashboard; end if; end $$");
  const auto user = std::string{"dashboard:secret"};
  for (const auto& each : registry()) {
    const auto count = "select count(*) from " + std::string{each.name};
    EXPECT_EQ(cell_of(count, user), cell_of(count)) << each.name;
  }
  EXPECT_EQ(cell_of("select count(*) from packages", user), "3");
  auto to = connect(user);
  for (const auto* statement :
       {"insert into repositories (owner, repo) values ('a', 'b')",
        "update packages set can_install = true", "delete from harbor_runs",
        "truncate error_logs", "create table x (y int)",
        "select count(*) from fc_data.projections"}) {
    pqxx::work tx{to};
    EXPECT_THROW(tx.exec(statement), pqxx::insufficient_privilege) << statement;
  }
  rebuild_all();
  EXPECT_EQ(cell_of("select count(*) from packages", user), "3");
}

TEST_F(postgres_access, IsTheSameAfterAnotherRebuild) {
  const std::string query = "select string_agg(oid::regclass || ' ' || "
                            "relacl::text, ' ' order by relname) from pg_class "
                            "where relnamespace = 'public'::regnamespace and "
                            "relkind = 'r'";
  const auto before = cell_of(query);
  rebuild_all();
  EXPECT_EQ(cell_of(query), before);
}

} // namespace fc::projections::postgres
