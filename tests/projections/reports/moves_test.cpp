#include "events/log/snapshot/log_snapshot.hpp"
#include "projections/reports/moves.hpp"
#include "tests/projections/reports/report_log.hpp"

namespace fc::reports {

using projections::move_report;
using projections::moves_since;
using projections::standing;

namespace {

move_report moves(const log::log_reader& log, position from, position to,
                  const projections::scope& about = {}) {
  auto result = moves_since(log::log_snapshot{log, to}, from, about);
  EXPECT_TRUE(result) << describe(result.error());
  return result ? *result : move_report{};
}

/// Where every pull request stands in a log that ends at a position, found the
/// long way.
std::map<pull_request_id, standing>
standings_at(const log::log_reader& log, position end) {
  const log::log_snapshot snapshot{log, end};
  std::map<pull_request_id, standing> result;
  const auto names = snapshot.streams("pr/", "", 100);
  for (const auto& name : *names)
    result[*pull_request_of(name)]
      = projections::standing_of(*fold(*snapshot.read_stream(name)));
  return result;
}

} // namespace

TEST(moves_between, AreWhatTwoWholeReplaysDifferBy) {
  report_log log;
  stories::write_interleaved(*log.log, stories::all());
  const auto end = log.log->last();
  for (position from = 0; from <= end; from += 3)
    for (position to = from; to <= end; to += 4) {
      SCOPED_TRACE(std::to_string(from) + " to " + std::to_string(to));
      const auto report = moves(*log.log, from, to);
      auto wanted = standings_at(*log.log, to);
      const auto before = standings_at(*log.log, from);
      std::erase_if(wanted, [&](const auto& x) {
        const auto old = before.find(x.first);
        return old != before.end() && old->second == x.second;
      });
      ASSERT_EQ(report.moves.size(), wanted.size());
      for (const auto& each : report.moves) {
        EXPECT_EQ(report.standings[each.to], wanted.at(each.id));
        const auto old = before.find(each.id);
        EXPECT_EQ(report.standings[each.from],
                  old == before.end() ? standing{} : old->second);
        EXPECT_GT(each.at, from);
        EXPECT_LE(each.at, to);
      }
    }
}

TEST(moves_between, NameTheEventThatDecided) {
  report_log log;
  stories::write_in_turn(*log.log, stories::all());
  const auto report = moves(*log.log, 0, log.log->last());
  ASSERT_EQ(report.moves.size(), 7U);
  const auto& title = report.moves[0];
  EXPECT_EQ(title.id, stories::id_of(1));
  EXPECT_FALSE(report.standings[title.from].known);
  EXPECT_EQ(report.standings[title.to].rule, "title");
  EXPECT_EQ(title.tag, symbolic_rejected::tag);
  EXPECT_EQ(title.policy, stories::shipped().id);
  EXPECT_EQ(title.explanation, "the title names a chore: 'bump'");
  const auto& published_one = report.moves[4];
  EXPECT_EQ(published_one.tag, published::tag);
  EXPECT_EQ(report.standings[published_one.to].ends, outcome::published);
  const auto& open = report.moves[6];
  EXPECT_EQ(report.standings[open.to].stage, "classify_prs");
  EXPECT_EQ(open.explanation, "positive term 'faster'");
}

TEST(moves_between, LeaveOutWhoCameBack) {
  report_log log;
  const auto id = in("a/b", 1);
  log.see(id);
  log.add(id, symbolic_passed{"x"});
  const auto from = log.log->last();
  log.add(id, spent{"classify_prs", 1, 1, 0, 0, 0, 0});
  EXPECT_TRUE(moves(*log.log, from, log.log->last()).moves.empty());
}

TEST(moves_between, AreOfOneRepositoryWhereOneIsNamed) {
  report_log log;
  log.see(in("a/b", 1));
  log.see(in("c/d", 1));
  log.add(in("c/d", 1), symbolic_passed{"x"});
  const auto report
    = moves(*log.log, 0, log.log->last(), {*repo_name::parse("c/d")});
  ASSERT_EQ(report.moves.size(), 1U);
  EXPECT_EQ(report.moves[0].id, in("c/d", 1));
}

} // namespace fc::reports
