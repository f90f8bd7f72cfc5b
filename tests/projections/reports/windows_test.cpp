#include "projections/reports/windows.hpp"
#include "tests/projections/reports/report_log.hpp"

namespace fc::reports {

using projections::windows;

namespace {

window_reconciled
window_with(const char* from, const char* to, std::uint32_t counted,
            std::uint32_t stored, const char* repo = "a/b") {
  window_reconciled x;
  x.repo = *repo_name::parse(repo);
  x.start = *parse_time(from);
  x.end = *parse_time(to);
  x.counted = counted;
  x.stored = stored;
  return x;
}

position add(report_log& to, const window_reconciled& x) {
  return to.add(stream_of(x.repo), x);
}

} // namespace

TEST(window_report, HasTheNewestCertificateOfAWindow) {
  report_log log;
  add(log, window_with("2024-01-01", "2024-02-01", 10, 9));
  add(log, window_with("2024-02-01", "2024-03-01", 5, 4));
  const auto newest = add(log, window_with("2024-01-01", "2024-02-01", 10, 10));
  const auto report = log.ask<windows>();
  const auto& all = report.repositories.at("a/b").windows;
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all.begin()->second.matches());
  EXPECT_EQ(all.begin()->second.at, newest);
  EXPECT_FALSE(all.rbegin()->second.matches());
}

TEST(window_report, ShowsWhatNobodyReconciled) {
  report_log log;
  add(log, window_with("2024-05-01", "2024-06-01", 1, 1));
  add(log, window_with("2024-01-01", "2024-03-01", 1, 1));
  add(log, window_with("2024-01-15", "2024-02-01", 1, 1)); // Inside of another.
  add(log, window_with("2024-06-01", "2024-07-01", 1, 1));
  add(log, window_with("2025-01-01", "2025-02-01", 1, 1, "c/d"));
  const auto report = log.ask<windows>();
  const auto gaps = report.repositories.at("a/b").gaps();
  ASSERT_EQ(gaps.size(), 1U);
  EXPECT_EQ(gaps[0].start, *parse_time("2024-03-01"));
  EXPECT_EQ(gaps[0].end, *parse_time("2024-05-01"));
  EXPECT_TRUE(report.repositories.at("c/d").gaps().empty());
}

TEST(window_report, NamesRepositoriesWithoutACertificate) {
  report_log log;
  auto seen = samples::repository_seen();
  log.add(stream_of(seen.repo), seen);
  const auto report = log.ask<windows>();
  ASSERT_EQ(report.repositories.count(seen.repo.str()), 1U);
  EXPECT_TRUE(report.repositories.begin()->second.windows.empty());
}

TEST(window_report, IsOfOneRepositoryWhereOneIsNamed) {
  report_log log;
  add(log, window_with("2024-01-01", "2024-02-01", 1, 1));
  add(log, window_with("2024-01-01", "2024-02-01", 1, 1, "c/d"));
  const auto report = log.ask<windows>({*repo_name::parse("c/d")});
  EXPECT_EQ(report.repositories.size(), 1U);
}

TEST(window_report, IsTheSameFromTheStreamsOfRepositoriesAlone) {
  report_log log;
  stories::write_interleaved(*log.log, stories::all());
  add(log, window_with("2024-01-01", "2024-02-01", 1, 1, "c/d"));
  const auto whole = log.ask<windows>();
  const auto read = projections::read_windows(*log.log);
  ASSERT_TRUE(read) << describe(read.error());
  ASSERT_EQ(read->repositories.size(), whole.repositories.size());
  for (const auto& [name, each] : whole.repositories) {
    const auto& other = read->repositories.at(name).windows;
    ASSERT_EQ(other.size(), each.windows.size());
    for (const auto& [window, newest] : each.windows) {
      EXPECT_EQ(other.at(window).event, newest.event);
      EXPECT_EQ(other.at(window).at, newest.at);
    }
  }
  const auto one
    = projections::read_windows(*log.log, {*repo_name::parse("c/d")});
  EXPECT_EQ(one->repositories.size(), 1U);
}

} // namespace fc::reports
