#pragma once

#include "actors/services/process/process.hpp"
#include "events/error.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace fc::actors {

/// What a run may spend on its judge; none: as much as it takes.
struct judge_budget {
  std::optional<double> usd;
  std::optional<std::uint64_t> tokens;
};

/// Money and tokens.
struct amount {
  double usd = 0;
  std::uint64_t tokens = 0;

  amount& operator+=(const amount& x) {
    usd += x.usd;
    tokens += x.tokens;
    return *this;
  }
};

/// What the judge of a run has spent and may still spend, shared by all who ask
/// for it. Each call reserves the most it can cost before it is made, so that
/// what is spent never exceeds the budget. Once a call does not fit, or the
/// service wants no more to do with us, nothing further is asked. Thread-safe.
class judge_ledger {
public:
  explicit judge_ledger(const judge_budget& budget);
  ~judge_ledger();

  /// Before the first call: what the run spent before it was started again.
  void add_spent(const amount& x);

  /// Waits while only calls under way stand between this one and the budget.
  /// @returns `ec::over_budget` where it does not fit, and from then on for
  /// every call; `ec::cancelled` when `stop` was set.
  events::error reserve(const amount& max, const services::stop_flag& stop);
  /// In place of what was reserved.
  void settle(const amount& reserved, const amount& spent);

  /// Input is measured in bytes before a call and counted after it: the largest
  /// ratio seen so far, at least 1, makes later reservations larger.
  void learn(std::uint64_t guessed, std::uint64_t counted);
  double input_factor() const;

  /// Nothing is asked any more. @param cause E.g. "budget" or "no_money".
  void close(const std::string& cause);
  /// Why nothing is asked any more; empty while it is.
  std::string closed() const;
  amount spent() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace fc::actors
