#pragma once

#include "actors/core/stage_port.hpp"

namespace fc::actors {

/// Stage 8: the row of a task, whose digest its publication carries. The files
/// themselves are a projection of the log, written when the run ends.
class publish : public stage_performer {
public:
  explicit publish(std::shared_ptr<const events::log::log_reader> log);

  stage_result perform(const work& job) override;

private:
  std::shared_ptr<const events::log::log_reader> log_;
};

} // namespace fc::actors
