#pragma once

#include "projections/sqlite/database.hpp"
#include "projections/sqlite/dump.hpp"
#include "projections/sqlite/store.hpp"
#include "tests/projections/stories.hpp"
#include "tests/support/files.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace fc::projections::sqlite {

using events::code_of;
using events::describe;
using events::stream_of;

/// A memory log and a table file in a folder of its own.
struct sqlite_store : testing::Test {
  std::unique_ptr<events::log::event_log> log = events::log::make_memory_log();
  support::temp_dir folder;
  std::string file = folder / "tables.sqlite";

  void rebuild_all() {
    const auto done = rebuild(*log, file);
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_TRUE(done->rebuilt);
  }

  std::string dump() const {
    std::ostringstream to;
    const auto done = dump_tables(file, &to);
    EXPECT_TRUE(done) << describe(done.error());
    return to.str();
  }

  /// All rows of a query, cells as text with "|" between.
  std::vector<std::string> rows(const std::string& sql) const {
    std::vector<std::string> result;
    auto from = database::open(file, access::read, {});
    EXPECT_TRUE(from) << describe(from.error());
    auto query = (*from)->prepare("SELECT concat FROM (SELECT " + sql + ")");
    EXPECT_TRUE(query) << describe(query.error());
    for (auto more = query->step(); more && *more; more = query->step())
      result.emplace_back(query->text(0));
    return result;
  }

  /// Runs SQL on the file as another program would.
  void disturb(const std::string& sql) const {
    auto to = database::open(file, access::create, {});
    ASSERT_TRUE(to) << describe(to.error());
    const auto err = (*to)->run(sql);
    ASSERT_FALSE(err) << describe(err);
  }

  std::vector<std::string> names_in_folder() const {
    std::vector<std::string> result;
    for (const auto& each : std::filesystem::directory_iterator{folder.path()})
      result.push_back(each.path().filename().string());
    return result;
  }
};

} // namespace fc::projections::sqlite
