#pragma once

#include "actors/core/deaths/death_book.hpp"
#include "actors/pipeline.hpp"
#include "tools/fc-data/options.hpp"
#include "tools/fc-data/stages.hpp"

#include <memory>
#include <string>

namespace fc::tools {

/// What earlier processes died over, noted before anything is worked on.
struct deaths {
  actors::in_motion_ptr motion;
  actors::death_book_ptr book;

  /// A run notes what is in motion, and keeps suspects alone.
  void watch(actors::pipeline_parts& parts) const;
};

/// Reads what an earlier start left in motion, records its death and tells it;
/// the performers of `stages` note from then on what they work on.
events::expected<deaths>
look_at_deaths(const options& settings,
               const std::shared_ptr<events::log::event_log>& log,
               const std::string& run, stage_set& stages);

} // namespace fc::tools
