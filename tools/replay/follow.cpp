#include "events/common/shown.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/table_target.hpp"
#include "tools/replay/text.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>
#include <iostream>

namespace fc::replay {

using events::ec;
using projections::follow_result;
using projections::table_target;

namespace {

using clock = std::chrono::steady_clock;

sigset_t endings() {
  sigset_t result;
  sigemptyset(&result);
  sigaddset(&result, SIGINT);
  sigaddset(&result, SIGTERM);
  return result;
}

/// SIGINT and SIGTERM end the following between two transactions.
class end_signals {
public:
  end_signals() : set_{endings()} {}

  /// @returns true if one came within that time.
  bool within(std::chrono::milliseconds time) const {
    const timespec wait{time.count() / 1000, (time.count() % 1000) * 1'000'000};
    return sigtimedwait(&set_, nullptr, &wait) > 0;
  }

private:
  sigset_t set_;
};

/// Says how far behind the tables are, a line a second at most, on standard
/// error: it is progress, no result.
class lag_report {
public:
  void
  say(const table_target& where, const follow_result& x, events::position end) {
    records_ += x.records;
    const bool caught_up = x.up_to.at >= end;
    const auto now = clock::now();
    if (!x.rebuilt && now - reported_at_ < std::chrono::seconds{1}
        && !(caught_up && first_))
      return;
    if (records_ == 0 && !first_)
      return;
    reported_at_ = now;
    first_ = !caught_up && first_;
    std::cerr << (x.rebuilt ? "rebuilt " : "followed ") << where.name()
              << " up to position " << x.up_to.at << ", "
              << human_count(end - std::min(end, x.up_to.at)) << " behind";
    if (x.newest != events::timestamp{})
      std::cerr << ", the newest recorded "
                << human_time(std::chrono::duration<double>(
                                events::log::system_now() - x.newest)
                                .count())
                << " ago";
    std::cerr << std::endl;
    records_ = 0;
  }

private:
  clock::time_point reported_at_{};
  std::uint64_t records_ = 0;
  bool first_ = true;
};

/// Whether it may go better after a while, without anybody's help.
bool worth_another_try(const error& err) {
  const auto code = events::code_of(err);
  return events::is_transient(err) || code == ec::already_in_use;
}

constexpr std::chrono::milliseconds look_again{10};
constexpr std::chrono::milliseconds max_wait{30'000};

/// Follows until a signal, an error that waiting does not mend, or with
/// `once` the end of the log.
error keep_up(log_reader& log, table_target& to, bool once) {
  const end_signals signals;
  lag_report report;
  std::chrono::milliseconds wait{0};
  for (std::chrono::milliseconds again{1000};;) {
    if (signals.within(wait))
      return {};
    auto err = log.refresh();
    if (!err) {
      auto done = to.follow();
      if (done) {
        const auto end = log.last();
        report.say(to, *done, end);
        const bool caught_up = done->up_to.at >= end;
        if (caught_up && once)
          return {};
        wait = caught_up ? look_again : std::chrono::milliseconds{0};
        again = std::chrono::milliseconds{1000};
        continue;
      }
      err = done.error();
    }
    if (once || !worth_another_try(err))
      return err;
    std::cerr << "fcreplay: " << events::common::shown(events::describe(err))
              << "; next try in " << again.count() / 1000 << " s\n";
    wait = again;
    again = std::min(again * 2, max_wait);
  }
}

} // namespace

void hold_signals() {
  const auto set = endings();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

command_result follow(log_reader& log, const options& x) {
  const auto to = open_target(log, x);
  if (auto err = keep_up(log, *to, x.once))
    return err;
  return true;
}

} // namespace fc::replay
