#pragma once

#include "events/log/event_log.hpp"
#include "projections/row_sink.hpp"

#include <memory>
#include <string>

/// The public tables in Postgres. Addresses are libpq's.
namespace fc::projections::postgres {

/// What following came to.
struct follow_report {
  checkpoint up_to;
  std::uint64_t records = 0;  ///< Applied by this call.
  std::uint64_t rows = 0;     ///< Written by this call.
  events::timestamp newest{}; ///< When the last of them was recorded.
};

/// Keeps the tables up with a log: rows and checkpoint in one transaction, so
/// each record is applied once, whoever is killed.
class follower {
public:
  /// Connects, and checks that the tables are as they were left.
  /// @param log Must outlive it; the caller refreshes it.
  /// @returns `ec::not_found` where the tables must be rebuilt first (none yet,
  /// or made by older versions), `ec::refused` for those of another log,
  /// `ec::too_new`, else as `rebuild`.
  static events::expected<std::unique_ptr<follower>>
  open(const events::log::log_reader& log, const std::string& address);
  ~follower();

  /// Applies the records after the checkpoint, as the log is now.
  /// After an error the follower must be opened again; what was committed is
  /// then known.
  events::expected<follow_report> advance();

private:
  struct state;
  explicit follower(std::unique_ptr<state> x);
  std::unique_ptr<state> state_;
};

} // namespace fc::projections::postgres
