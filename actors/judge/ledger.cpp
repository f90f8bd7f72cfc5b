#include "actors/judge/ledger.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace fc::actors {

using events::ec;
using events::make_error;

struct judge_ledger::state {
  judge_budget budget;
  mutable std::mutex mutex;
  std::condition_variable changed;
  amount spent;
  amount reserved;
  std::uint32_t under_way = 0;
  double factor = 1;
  std::string closed;

  bool fits(const amount& more) const {
    return (!budget.usd || spent.usd + reserved.usd + more.usd <= *budget.usd)
           && (!budget.tokens
               || spent.tokens + reserved.tokens + more.tokens
                    <= *budget.tokens);
  }
};

judge_ledger::judge_ledger(const judge_budget& budget)
  : state_(std::make_unique<state>()) {
  state_->budget = budget;
}

judge_ledger::~judge_ledger() = default;

void judge_ledger::add_spent(const amount& x) {
  const std::lock_guard lock{state_->mutex};
  state_->spent += x;
}

events::error
judge_ledger::reserve(const amount& max, const services::stop_flag& stop) {
  auto& s = *state_;
  std::unique_lock lock{s.mutex};
  for (;;) {
    if (!s.closed.empty())
      return make_error(ec::over_budget,
                        "nothing further is asked: " + s.closed);
    if (stop && stop->load())
      return make_error(ec::cancelled, "stopped while waiting for the budget");
    if (s.fits(max))
      break;
    if (s.under_way == 0) {
      s.closed = "budget";
      s.changed.notify_all();
      continue;
    }
    // A flag that is set tells nobody.
    s.changed.wait_for(lock, std::chrono::milliseconds{200});
  }
  s.reserved += max;
  ++s.under_way;
  return {};
}

void judge_ledger::settle(const amount& reserved, const amount& spent) {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  s.spent += spent;
  s.reserved.usd -= reserved.usd;
  s.reserved.tokens -= reserved.tokens;
  // Sums of doubles leave crumbs.
  if (--s.under_way == 0)
    s.reserved = {};
  s.changed.notify_all();
}

void judge_ledger::learn(std::uint64_t guessed, std::uint64_t counted) {
  if (guessed == 0)
    return;
  const std::lock_guard lock{state_->mutex};
  state_->factor = std::max(state_->factor, static_cast<double>(counted)
                                              / static_cast<double>(guessed));
}

double judge_ledger::input_factor() const {
  const std::lock_guard lock{state_->mutex};
  return state_->factor;
}

void judge_ledger::close(const std::string& cause) {
  const std::lock_guard lock{state_->mutex};
  if (state_->closed.empty())
    state_->closed = cause;
  state_->changed.notify_all();
}

std::string judge_ledger::closed() const {
  const std::lock_guard lock{state_->mutex};
  return state_->closed;
}

amount judge_ledger::spent() const {
  const std::lock_guard lock{state_->mutex};
  return state_->spent;
}

} // namespace fc::actors
