#include "tests/events/log/faults/storm.hpp"

#include <array>
#include <cstdlib>
#include <optional>

namespace fc::events::log {

namespace {

std::string name_of(unsynced x) {
  constexpr std::array names{"dropped", "torn", "zeroed", "garbled"};
  return names[static_cast<std::size_t>(x)];
}

void add(storm_report& to, const storm_report& x) {
  to.rounds += x.rounds;
  to.failed_opens += x.failed_opens;
  to.failed_appends += x.failed_appends;
  to.found_again += x.found_again;
  to.repairs += x.repairs;
}

std::optional<std::uint64_t> setting(const char* name) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::optional{std::strtoull(text, nullptr, 10)}
                         : std::nullopt;
}

/// A log through some rounds for each seed; FC_SEED repeats one, FC_SEEDS says
/// how many.
storm_report
survive(unsynced how, const storm_size& size, std::uint64_t seeds, int rounds) {
  storm_report all;
  const auto only = setting("FC_SEED");
  auto seed = only.value_or(1);
  seeds = only.value_or(setting("FC_SEEDS").value_or(seeds));
  for (; seed <= seeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("FC_SEED=" + std::to_string(seed) + " repeats this");
    const support::temp_dir folder;
    storm x{folder / "log", how, size, seed};
    for (int i = 0; i < rounds && !testing::Test::HasFailure(); ++i)
      x.round();
    x.end();
    add(all, x.report());
  }
  std::printf("%d rounds: %d failed to open, %d failed to append, %d of those "
              "batches were there, %d repairs\n",
              all.rounds, all.failed_opens, all.failed_appends, all.found_again,
              all.repairs);
  return all;
}

} // namespace

class a_failing_disk : public testing::TestWithParam<unsynced> {};

TEST_P(a_failing_disk, LosesNothingThatWasAcknowledged) {
  const auto all = survive(GetParam(), {}, 40, 3);
  if (!setting("FC_SEED")) {
    EXPECT_GT(all.failed_opens, all.rounds / 8);
    EXPECT_GT(all.failed_appends, all.rounds / 8);
  }
}

/// Large enough that tables are written while appends go on.
TEST_P(a_failing_disk, LosesNothingWhileTablesAreWritten) {
  survive(GetParam(), {30, 16U << 20U, 2, 700}, 2, 2);
}

INSTANTIATE_TEST_SUITE_P(each, a_failing_disk,
                         testing::Values(unsynced::dropped, unsynced::torn,
                                         unsynced::zeroed, unsynced::garbled),
                         [](const auto& x) { return name_of(x.param); });

} // namespace fc::events::log
