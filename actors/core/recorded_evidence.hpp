#pragma once

#include "actors/core/stage_port.hpp"

namespace fc::actors {

/// Gives the evidence that another log already holds, instead of paying for it
/// again; only what is missing there is performed. Verdicts are made anew.
class recorded_evidence : public stage_performer {
public:
  recorded_evidence(std::shared_ptr<const events::log::log_reader> recorded,
                    std::shared_ptr<stage_performer> otherwise);

  stage_result perform(const work& job) override;

private:
  /// Brings the blobs of an event along.
  events::error bring(const events::record& at, stage_result& into) const;
  std::shared_ptr<const events::log::log_reader> recorded_;
  std::shared_ptr<stage_performer> otherwise_;
};

} // namespace fc::actors
