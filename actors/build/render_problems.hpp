#pragma once

#include "actors/core/stage_port.hpp"

namespace fc::actors {

/// Stage 5: the problem statement, by template from the record.
class render_problems : public stage_performer {
public:
  explicit render_problems(std::shared_ptr<const events::log::log_reader> log);

  stage_result perform(const work& job) override;

private:
  std::shared_ptr<const events::log::log_reader> log_;
};

} // namespace fc::actors
