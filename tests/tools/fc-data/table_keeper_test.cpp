#include "projections/sqlite/database.hpp"
#include "tests/support/files.hpp"
#include "tests/support/samples.hpp"
#include "tools/fc-data/run/table_keeper.hpp"
#include "tools/fc-data/terminal/diagnostics.hpp"

#include <gmock/gmock.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace fc::tools {
namespace {

using namespace std::chrono_literals;
using projections::sqlite::database;

/// A run that is going on, and warnings while it does.
class kept_tables : public testing::Test {
protected:
  void SetUp() override {
    begin_diagnostics("warn", &warnings);
    begin("run-1");
  }
  void TearDown() override {
    spdlog::set_default_logger(before);
  }

  void begin(const std::string& run) const {
    const auto done
      = log->append({{events::run_stream(run),
                      0,
                      {events::make_event(samples::run_started())}}},
                    {}, {run, "node"});
    ASSERT_TRUE(done && !done->front().failure);
  }

  /// How many runs a reader of the file sees; none where there is no file.
  std::int64_t runs() const {
    const auto from = database::open(file, projections::sqlite::access::read,
                                     std::chrono::seconds{5});
    if (!from)
      return 0;
    const auto found = (*from)->number(
      "SELECT count(*) FROM runner_progress WHERE runner_name = 'fc-data'");
    return found ? *found : 0;
  }

  /// Waits until a reader sees so many; false after a time that no thread of
  /// the lowest priority needs.
  bool sees(std::int64_t wanted) const {
    const auto end = std::chrono::steady_clock::now() + 60s;
    while (runs() != wanted) {
      if (std::chrono::steady_clock::now() > end)
        return false;
      std::this_thread::sleep_for(5ms);
    }
    return true;
  }

  support::temp_dir folder;
  std::string file = folder / "tables.sqlite";
  std::unique_ptr<events::log::event_log> log = events::log::make_memory_log();
  std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
  std::ostringstream warnings; ///< Read when the keeper has ended.
};

TEST_F(kept_tables, MoveWhileARunGoesOn) {
  const table_keeper keeper{*log, file, 10ms};
  EXPECT_TRUE(sees(1));
  begin("run-2");
  EXPECT_TRUE(sees(2));
}

TEST_F(kept_tables, AreNeverThirtySecondsOld) {
  // As long again for the following itself, on a machine that measures.
  EXPECT_LE(2 * table_keeper::interval, 30s);
}

TEST_F(kept_tables, EndWithTheKeeperAtOnce) {
  const auto start = std::chrono::steady_clock::now();
  { const table_keeper keeper{*log, file}; }
  EXPECT_LT(std::chrono::steady_clock::now() - start, table_keeper::interval);
  EXPECT_EQ(runs(), 0);
}

/// What cannot be reached is told once, stops nothing, and is made up for.
TEST_F(kept_tables, WaitForAPlaceThatCannotBeReached) {
  file = folder / "later/tables.sqlite";
  {
    const table_keeper keeper{*log, file, 10ms};
    std::this_thread::sleep_for(200ms); // Several rounds.
    std::filesystem::create_directory(folder / "later");
    EXPECT_TRUE(sees(1));
  }
  spdlog::default_logger()->flush();
  const auto text = warnings.str();
  EXPECT_THAT(text, testing::HasSubstr("leaves tables as they are"));
  EXPECT_EQ(std::ranges::count(text, '\n'), 1) << text;
}

TEST_F(kept_tables, LeaveTheFileOfAnotherAlone) {
  const std::string precious(600, 'p');
  support::write_file(file, precious);
  {
    const table_keeper keeper{*log, file, 10ms};
    std::this_thread::sleep_for(200ms);
  }
  EXPECT_EQ(support::read_file(file), precious);
  spdlog::default_logger()->flush();
  EXPECT_THAT(warnings.str(), testing::HasSubstr(file));
}

} // namespace
} // namespace fc::tools
