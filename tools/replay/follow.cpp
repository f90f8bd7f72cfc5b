#include "projections/postgres/store.hpp"
#include "projections/sqlite/store.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/text.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <ctime>
#include <iostream>

namespace fc::replay {

using events::ec;
using events::expected;

namespace {

using clock = std::chrono::steady_clock;

/// What one look at the log came to.
struct step {
  events::position up_to = 0;
  std::uint64_t records = 0;
  events::timestamp newest{}; ///< Of these records; zero if not known.
  bool rebuilt = false;
};

/// A store that is kept up with the log.
class target {
public:
  virtual ~target() = default;
  /// Applies what the log has now, or a part of it.
  virtual expected<step> advance() = 0;
  virtual std::string name() const = 0;
};

class supabase final : public target {
public:
  supabase(const log_reader& log, const options& x)
    : log_{log}, address_{x.database} {}

  expected<step> advance() override {
    namespace postgres = projections::postgres;
    if (!follower_) {
      auto opened = postgres::follower::open(log_, address_);
      if (!opened && events::code_of(opened.error()) == ec::not_found)
        return rebuild();
      if (!opened)
        return opened.error();
      follower_ = std::move(*opened);
    }
    auto done = follower_->advance();
    if (!done) {
      // What was committed is known after opening again.
      follower_.reset();
      return done.error();
    }
    return step{done->up_to.at, done->records, done->newest, false};
  }

  std::string name() const override {
    return "the database";
  }

private:
  expected<step> rebuild() const {
    auto done = projections::postgres::rebuild(log_, address_);
    if (!done)
      return done.error();
    return step{done->up_to.at, done->up_to.at, {}, true};
  }

  const log_reader& log_;
  std::string address_;
  std::unique_ptr<projections::postgres::follower> follower_;
};

class sqlite_file final : public target {
public:
  sqlite_file(const log_reader& log, const options& x)
    : log_{log}, file_{x.to} {}

  expected<step> advance() override {
    if (at_ == log_.last() && known_)
      return step{at_, 0, {}, false};
    auto done = projections::sqlite::follow(log_, file_);
    if (!done)
      return done.error();
    const auto before = known_ ? at_ : 0;
    at_ = done->up_to.at;
    known_ = true;
    return step{at_, at_ - std::min(before, at_), {}, done->rebuilt};
  }

  std::string name() const override {
    return file_;
  }

private:
  const log_reader& log_;
  std::string file_;
  events::position at_ = 0;
  bool known_ = false;
};

/// SIGINT and SIGTERM end the following between two transactions.
class ending {
public:
  ending() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }

  /// @returns true if one came within that time.
  bool within(std::chrono::milliseconds time) const {
    const timespec wait{time.count() / 1000, (time.count() % 1000) * 1'000'000};
    return sigtimedwait(&set_, nullptr, &wait) > 0;
  }

private:
  sigset_t set_{};
};

/// Says how far behind the tables are, a line a second at most.
class lag_report {
public:
  void say(const target& where, const step& x, events::position end) {
    records_ += x.records;
    const bool caught_up = x.up_to >= end;
    const auto now = clock::now();
    if (!x.rebuilt && now - said_ < std::chrono::seconds{1}
        && !(caught_up && first_))
      return;
    if (records_ == 0 && !first_)
      return;
    said_ = now;
    first_ = !caught_up && first_;
    std::cout << (x.rebuilt ? "rebuilt " : "followed ") << where.name()
              << " up to position " << x.up_to << ", "
              << human_count(end - std::min(end, x.up_to)) << " behind";
    if (x.newest != events::timestamp{})
      std::cout << ", the newest recorded "
                << human_time(std::chrono::duration<double>(
                                events::log::system_now() - x.newest)
                                .count())
                << " ago";
    std::cout << std::endl;
    records_ = 0;
  }

private:
  clock::time_point said_{};
  std::uint64_t records_ = 0;
  bool first_ = true;
};

/// Whether it may go better after a while, without anybody's help.
bool worth_another_try(const error& err) {
  const auto code = events::code_of(err);
  return events::is_transient(err) || code == ec::conflict
         || code == ec::already_in_use;
}

constexpr std::chrono::milliseconds look_again{10};
constexpr std::chrono::milliseconds longest_wait{30'000};

/// Follows until a signal, an error that waiting does not mend, or with
/// `once` the end of the log.
error keep_up(log_reader& log, target& to, bool once) {
  const ending signals;
  lag_report report;
  std::chrono::milliseconds wait{0};
  for (std::chrono::milliseconds again{1000};;) {
    if (signals.within(wait))
      return {};
    auto err = log.refresh();
    if (!err) {
      auto done = to.advance();
      if (done) {
        const auto end = log.last();
        report.say(to, *done, end);
        const bool caught_up = done->up_to >= end;
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
    std::cerr << "fcreplay: " << events::describe(err) << "; next try in "
              << again.count() / 1000 << " s\n";
    wait = again;
    again = std::min(again * 2, longest_wait);
  }
}

} // namespace

verdict follow(log_reader& log, const options& x) {
  std::unique_ptr<target> to;
  if (x.project == "supabase")
    to = std::make_unique<supabase>(log, x);
  else
    to = std::make_unique<sqlite_file>(log, x);
  if (auto err = keep_up(log, *to, x.once))
    return err;
  return true;
}

} // namespace fc::replay
