#include "tests/projections/postgres/fixture.hpp"
#include "tests/support/samples.hpp"

#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <set>
#include <thread>
#include <unistd.h>

namespace fc::projections::postgres {

using testing::HasSubstr;

struct postgres_rebuild : database_test {
  /// Counts of some tables, in one snapshot that is taken before the first
  /// table is looked for.
  static std::string seen_by(pqxx::connection& from) {
    pqxx::work tx{from};
    tx.exec("set transaction isolation level repeatable read");
    tx.exec("select now()");
    std::string result;
    for (const auto* query :
         {"select count(*) from pull_requests",
          "select count(*) from pr_events", "select count(*) from harbor_runs",
          "select count(*) from repositories"})
      result += std::string{tx.exec1(query)[0].c_str()} + " ";
    return result;
  }
};

TEST_F(postgres_rebuild, OfTheSameLogIsTheSame) {
  stories::write_interleaved(*log, stories::all());
  const auto first = rebuild_all();
  const auto tables = copied();
  EXPECT_EQ(first.up_to.at, log->last());
  EXPECT_EQ(first.tables.size(), registry().size());
  const auto again = rebuild_all();
  EXPECT_EQ(again.content, first.content);
  EXPECT_EQ(copied(), tables);
}

TEST_F(postgres_rebuild, OfAnEmptyLogHasEmptyTables) {
  for (const auto& each : rebuild_all().tables)
    EXPECT_EQ(each.rows, 0) << each.name;
}

TEST_F(postgres_rebuild, HasTypesAndIndexesOfItsReaders) {
  stories::write_in_turn(*log, stories::all());
  rebuild_all();
  EXPECT_EQ(cell_of("select jsonb_typeof(file_changes) || ' ' || "
                    "(file_changes->0->>'filename') from pull_requests "
                    "where issue_number = 5"),
            "array src/grid.py");
  EXPECT_EQ(cell_of("select pg_typeof(env_payload) || ' ' || "
                    "jsonb_array_length(env_payload::jsonb) from packages "
                    "where issue_number = 5"),
            "text " + std::to_string(samples::resolved().requirements.size()));
  EXPECT_EQ(cell_of("select pg_typeof(run_id)::text from harbor_runs limit 1"),
            "uuid");
  EXPECT_EQ(cell_of("select count(*) from pg_indexes where schemaname = "
                    "'public' and tablename = 'pull_requests'"),
            "3");
  EXPECT_EQ(cell_of("select count(*) from pg_indexes where indexdef like "
                    "'%USING gin (manifest_warnings)'"),
            "1");
}

TEST_F(postgres_rebuild, ReadersSeeTheOldTablesOrTheNew) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild_all();
  auto watcher = connect();
  const auto before = seen_by(watcher);
  std::atomic<bool> over{false};
  std::set<std::string> seen;
  std::uint64_t looks = 0;
  std::thread reader{[&] {
    auto from = connect();
    for (; !over; ++looks)
      seen.insert(seen_by(from));
  }};
  const auto short_log = std::move(log);
  log = events::log::make_memory_log();
  stories::write_in_turn(*log, stories::all());
  for (int i = 0; i < 10; ++i) {
    rebuild_all();
    auto back = rebuild(*short_log, address);
    EXPECT_TRUE(back) << describe(back.error());
  }
  rebuild_all();
  over = true;
  reader.join();
  const auto after = seen_by(watcher);
  EXPECT_GT(looks, 20U);
  EXPECT_THAT(seen, testing::IsSubsetOf({before, after}));
}

TEST_F(postgres_rebuild, WaitsForAReaderAndLetsOthersThrough) {
  rebuild_all();
  auto slow = connect();
  auto reading = std::make_unique<pqxx::work>(slow);
  reading->exec("select count(*) from pull_requests");
  std::thread builder{[&] {
    rebuild_all();
  }};
  auto other = connect();
  for (int i = 0; i < 5; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
    EXPECT_FALSE(seen_by(other).empty());
  }
  reading->commit();
  builder.join();
}

TEST_F(postgres_rebuild, ThatFailsLeavesTheLiveTablesAndNoLitter) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild_all();
  const auto tables = copied();
  const auto things = inventory();
  // The diff of this pull request is in no blob.
  auto facts = samples::scraped();
  facts.diff.id.value[0] ^= 0xFFU;
  stories::append(*log, stream_of(stories::id_of(70)),
                  events::make_event(facts));
  EXPECT_EQ(code_of(failed_rebuild(address)), ec::not_found);
  EXPECT_EQ(copied(), tables);
  EXPECT_EQ(inventory(), things);
}

TEST_F(postgres_rebuild, ThatIsKilledLeavesTheLiveTablesAndNoLitter) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild_all();
  const auto old_tables = copied();
  const auto things = inventory();
  stories::write_in_turn(*log, {stories::given_up(), stories::still_open()});
  for (int i = 0; i < 20; ++i) {
    const auto child = ::fork();
    if (child == 0) {
      ::_exit(rebuild(*log, address) ? 0 : 1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{5 * i});
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (cell_of("select position from fc_data.projections limit 1")
        == std::to_string(log->last()))
      break; // It was through: nothing more to interrupt.
    // The server notices a lost client at its next message.
    for (int wait = 0; wait < 100 && inventory() != things; ++wait)
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    EXPECT_EQ(copied(), old_tables);
    EXPECT_EQ(inventory(), things);
  }
}

TEST_F(postgres_rebuild, KeepsPublicationsPoliciesAndOtherReaders) {
  stories::write_in_turn(*log, stories::all());
  rebuild_all();
  const auto role = name + "_grafana";
  sql("create publication realtime for table pull_requests (owner, repo, "
      "issue_number) where (owner = 'acme'); create role "
      + role + "; grant select on packages to " + role
      + "; create policy theirs on packages for select to " + role
      + " using (owner <> '')");
  const std::string publication
    = "select attnames::text || rowfilter from pg_publication_tables";
  const auto before = cell_of(publication);
  EXPECT_FALSE(before.empty());
  rebuild_all();
  EXPECT_EQ(cell_of(publication), before);
  auto from = connect();
  pqxx::work tx{from};
  tx.exec("set local role " + role);
  EXPECT_EQ(tx.exec1("select count(*) from packages")[0].as<int>(), 3);
}

TEST_F(postgres_rebuild, TwoAtATimeAreRefused) {
  rebuild_all();
  auto other = connect();
  pqxx::work holding{other};
  holding.exec("select pg_advisory_xact_lock(hashtext('fc_data.tables'))");
  EXPECT_EQ(code_of(failed_rebuild(address)), ec::already_in_use);
}

} // namespace fc::projections::postgres
