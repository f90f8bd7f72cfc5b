#include "tests/events/log/faults/storm.hpp"

#include <array>
#include <cstdlib>

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

storm_report survive(unsynced how, std::uint64_t seed) {
  const support::temp_dir folder;
  storm x{folder / "log", seed};
  for (int i = 0; i < 3 && !testing::Test::HasFailure(); ++i)
    x.round(how, 3U << 20U);
  return x.report();
}

} // namespace

class a_failing_disk : public testing::TestWithParam<unsynced> {};

/// FC_SEED repeats one seed.
TEST_P(a_failing_disk, LosesNothingThatWasAcknowledged) {
  storm_report all;
  if (const char* seed = std::getenv("FC_SEED")) {
    add(all, survive(GetParam(), static_cast<std::uint64_t>(std::atoll(seed))));
  } else {
    for (std::uint64_t one = 1; one <= 60 && !HasFailure(); ++one) {
      SCOPED_TRACE("FC_SEED=" + std::to_string(one) + " repeats this");
      add(all, survive(GetParam(), one));
    }
    EXPECT_GT(all.failed_opens, 15);
    EXPECT_GT(all.failed_appends, 30);
  }
  std::printf("%d rounds: %d failed to open, %d failed to append, %d of those "
              "batches were there, %d repairs\n",
              all.rounds, all.failed_opens, all.failed_appends, all.found_again,
              all.repairs);
}

INSTANTIATE_TEST_SUITE_P(each, a_failing_disk,
                         testing::Values(unsynced::dropped, unsynced::torn,
                                         unsynced::zeroed, unsynced::garbled),
                         [](const auto& x) { return name_of(x.param); });

} // namespace fc::events::log
