#pragma once

#include "projections/replay.hpp"
#include "projections/reports/scope.hpp"

#include <string>
#include <vector>

namespace fc::projections {

/// Where a pull request stood at some point of the log.
struct standing {
  bool known = false; ///< False: the log did not have it yet.
  events::outcome ends = events::outcome::open;
  /// The stage that comes next while open, else the last one reached.
  std::string stage;
  std::string rule; ///< Of its end; empty while open or published.

  auto operator<=>(const standing&) const = default;
};

standing standing_of(const events::pull_request_state& x);

/// A pull request that did not stand where it had, and the event that put it
/// where it is now.
struct pull_request_move {
  events::pull_request_id id;
  std::size_t from = 0; ///< Index of `move_report::standings`.
  std::size_t to = 0;
  events::position at = 0;
  std::uint16_t tag = 0;
  events::digest policy; ///< None on evidence.
  std::string explanation;
};

/// Who moved, and between which standings.
struct move_report {
  std::vector<standing> standings;
  /// By repository and number.
  std::vector<pull_request_move> moves;
};

/// What moved after position `from` up to the end of the log. Reads only what
/// lies between, and the streams it belongs to; keeps about 200 bytes for each
/// pull request that has a record there.
/// @pre `from` is at most the log's last position.
events::expected<move_report>
moves_since(const events::log::log_reader& log, events::position from,
            const scope& about = {});

} // namespace fc::projections
