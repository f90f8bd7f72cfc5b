#pragma once

#include "actors/core/deaths/in_motion.hpp"
#include "actors/core/stage_port.hpp"

#include <map>

namespace fc::actors {

/// What the log says this very program died over. Does not change while a run
/// goes on.
class death_book {
public:
  /// Appends what an earlier process died over, and reads all there is.
  /// @param program Digest of the executable: deaths of others do not count.
  static events::expected<std::shared_ptr<const death_book>>
  keep(events::log::event_log& log, const std::optional<process_death>& found,
       const events::digest& program, const std::string& run);

  /// It was under way at a death: worked on while nothing else is, so that it
  /// is known next time whether it was to blame.
  bool suspect(const events::stream_name& stream) const;

  /// Why it is left open: it was under way at two deaths and to blame for one
  /// at least. Empty where it is not.
  std::string why_left_alone(const events::stream_name& stream) const;

private:
  struct entry {
    int deaths = 0;
    int blamed = 0;
    std::string last; ///< Cause and stage.
  };

  std::map<events::stream_name, entry> entries_;
};

using death_book_ptr = std::shared_ptr<const death_book>;

/// Digest of the executable of this process.
events::expected<events::digest> own_program();

/// Notes that a step is under way, and does not perform what killed the
/// program: the pull request is left open, with the cause.
class death_guard : public stage_performer {
public:
  death_guard(in_motion_ptr motion, death_book_ptr book,
              std::shared_ptr<stage_performer> otherwise);
  stage_result perform(const work& job) override;

private:
  in_motion_ptr motion_;
  death_book_ptr book_;
  std::shared_ptr<stage_performer> otherwise_;
};

} // namespace fc::actors
