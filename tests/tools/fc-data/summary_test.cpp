#include "events/pipeline.hpp"
#include "tests/projections/stories.hpp"
#include "tests/support/files.hpp"
#include "tools/fc-data/summary.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <iomanip>
#include <sstream>

namespace fc::tools {
namespace {

TEST(summary, PrintsTheFunnelThatFcreplayReports) {
  const support::temp_dir folder;
  const auto path = folder / "log";
  std::ostringstream printed;
  {
    const auto log = events::log::open_rocksdb_log({path});
    ASSERT_TRUE(log) << events::describe(log.error());
    stories::write_interleaved(**log, stories::all());
    ASSERT_FALSE(print_funnel(printed, **log));
  }
  const auto out = folder / "out";
  const std::string command
    = FC_REPLAY " --log " + path + " --funnel --json >" + out;
  ASSERT_EQ(std::system(command.c_str()), 0);
  const auto total
    = nlohmann::json::parse(support::read_file(out))["total"]["survived"];
  ASSERT_EQ(total.size(), events::funnel_column_total);

  std::ostringstream expected;
  expected << "\nfunnel\n";
  for (const auto& [label, tag] : events::funnel_columns)
    expected << std::setw(8)
             << total.at(std::string{label.name}).get<std::uint64_t>() << "  "
             << label.meaning << '\n';
  EXPECT_EQ(printed.str(), expected.str());
}

} // namespace
} // namespace fc::tools
