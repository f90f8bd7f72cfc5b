// Rebuilding all public tables in Postgres, against psql's \copy of the same
// rows into tables with the same indexes, on a durable server of its own.
//   rebuild_bench LOG-FOLDER [ROUNDS]      (make_corpus_bench writes such a
//   log)
#include "projections/postgres/rebuild.hpp"
#include "tests/bench/work_folder.hpp"
#include "tests/support/postgres.hpp"

#include <pqxx/pqxx>

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace fc;
using clock = std::chrono::steady_clock;

double since(clock::time_point from) {
  return std::chrono::duration<double>(clock::now() - from).count();
}

struct limit {
  double seconds = 0;
  double bytes = 0;
};

/// Copies every public table out once, and then into tables like it.
class copied_tables {
public:
  copied_tables(std::string address, std::filesystem::path folder)
    : address_{std::move(address)}, folder_{std::move(folder)} {
    pqxx::connection to{address_};
    pqxx::nontransaction tx{to};
    for (const auto& row : tx.exec("select tablename from pg_tables where "
                                   "schemaname = 'public' order by 1"))
      names_.emplace_back(row[0].c_str());
    std::string commands;
    for (const auto& name : names_)
      commands += "\\copy public." + name + " to '" + file(name) + "'\n";
    psql(commands);
  }

  limit copy_in() const {
    pqxx::connection to{address_};
    std::string commands;
    limit result;
    {
      pqxx::nontransaction tx{to};
      tx.exec("set client_min_messages = error");
      tx.exec("drop schema if exists plain cascade");
      tx.exec("create schema plain");
      for (const auto& name : names_) {
        tx.exec("create table plain." + name + " (like public." + name
                + " including all)");
        commands += "\\copy plain." + name + " from '" + file(name) + "'\n";
        result.bytes
          += static_cast<double>(std::filesystem::file_size(file(name)));
      }
      tx.exec("checkpoint");
    }
    const auto begun = clock::now();
    psql(commands);
    result.seconds = since(begun);
    return result;
  }

private:
  std::string file(const std::string& name) const {
    return (std::filesystem::absolute(folder_) / name).string();
  }

  void psql(const std::string& commands) const {
    const auto script = folder_ / "script";
    support::write_file(script, commands);
    const auto call
      = "psql -qX -v ON_ERROR_STOP=1 '" + address_ + "' -f " + script.string();
    if (std::system(call.c_str()) != 0)
      std::exit(1);
  }

  std::string address_;
  std::filesystem::path folder_;
  std::vector<std::string> names_;
};

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: rebuild_bench LOG-FOLDER [ROUNDS]\n");
    return 2;
  }
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  const bench::work_folder work;
  // The server runs as another user, and has to come through.
  std::filesystem::permissions(work.path, std::filesystem::perms{0755});
  const support::postgres_cluster server{
    "fsync = on\nfull_page_writes = on\nmax_wal_size = 8GB\n",
    (std::filesystem::absolute(work.path) / "cluster").string()};
  const auto address = server.address("postgres");
  auto log = events::log::open_rocksdb_reader(argv[1]);
  if (!log) {
    std::fprintf(stderr, "%s\n", events::describe(log.error()).c_str());
    return 1;
  }
  const auto once = [&] {
    // As the first time: nothing of before is read.
    {
      pqxx::connection to{address};
      pqxx::nontransaction tx{to};
      tx.exec("set client_min_messages = error");
      tx.exec("drop schema if exists fc_data cascade");
      tx.exec("drop schema public cascade");
      tx.exec("create schema public");
      tx.exec("checkpoint");
    }
    const auto begun = clock::now();
    const auto done = projections::postgres::rebuild(**log, address);
    const auto seconds = since(begun);
    if (!done) {
      std::fprintf(stderr, "%s\n", events::describe(done.error()).c_str());
      std::exit(1);
    }
    return std::pair{seconds, *done};
  };
  auto [seconds, done] = once();
  std::int64_t rows = 0;
  for (const auto& each : done.tables)
    rows += each.rows;
  std::printf("events %llu, rows %lld, first rebuild %.1f s\n",
              static_cast<unsigned long long>(done.up_to.at),
              static_cast<long long>(rows), seconds);
  const copied_tables plain{address, work.path};
  for (int i = 0; i < rounds; ++i) {
    const auto best = plain.copy_in();
    const auto ours = once().first;
    std::printf("\\copy %.1f s (%.0f MB), rebuild %.1f s (reads, verifies, "
                "folds, compares, swaps): ratio %.2f\n",
                best.seconds, best.bytes / 1e6, ours, best.seconds / ours);
    std::fflush(stdout);
  }
  return 0;
}
