#include "projections/replay.hpp"
#include "tests/projections/stories.hpp"
#include "tests/support/samples.hpp"

namespace {

using namespace fc;
using events::code_of;
using events::describe;

/// What every record's stream amounted to, seen with room for `keep` streams.
std::vector<std::string>
seen_with(const events::log::log_reader& log, std::size_t keep) {
  projections::stream_views views{log, keep};
  std::vector<std::string> result;
  const auto each = [&](const events::record& at) -> events::error {
    auto view = views.before(at);
    if (!view)
      return view.error();
    return events::visit(at, [&](const auto& x) {
      (*view)->apply(at, x);
      if ((*view)->pull_request)
        result.push_back((*view)->pull_request->id.str()
                         + std::to_string((*view)->seq)
                         + (*view)->pull_request->state.rule());
    });
  };
  EXPECT_FALSE(projections::for_each_record(
    log, 1, [] { return true; }, each));
  return result;
}

TEST(stream_views, AreTheSameWithLittleRoom) {
  const auto log = events::log::make_memory_log();
  stories::write_interleaved(*log, stories::all());
  EXPECT_EQ(seen_with(*log, 1), seen_with(*log, 1000));
}

TEST(stream_views, RefuseAStreamWithoutAPullRequest) {
  const auto log = events::log::make_memory_log();
  projections::stream_views views{*log};
  auto record = samples::record_of(samples::scraped());
  record.stream = "pr/nonsense";
  const auto view = views.before(record);
  ASSERT_FALSE(view);
  EXPECT_EQ(code_of(view.error()), events::ec::corrupt);
  EXPECT_NE(describe(view.error()).find("pr/nonsense"), std::string::npos);
}

TEST(stream_views, RefuseAGap) {
  const auto log = events::log::make_memory_log();
  projections::stream_views views{*log};
  const auto record = samples::record_of(samples::dropped(), 9, 5);
  EXPECT_EQ(code_of(views.before(record).error()), events::ec::corrupt);
}

TEST(stream_views, OpenAnExcludedRepositoryWhenItIsSeenAgain) {
  const auto log = events::log::make_memory_log();
  projections::stream_view view;
  view.repository.emplace();
  view.apply({}, samples::repository_excluded());
  EXPECT_TRUE(view.repository->excluded);
  view.apply({}, samples::repository_seen());
  EXPECT_FALSE(view.repository->excluded);
}

} // namespace
