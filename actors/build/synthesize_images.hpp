#pragma once

#include "actors/build/stage_context.hpp"
#include "actors/core/stage_port.hpp"

namespace fc::actors {

/// Stage 6 without containers: both sides built from source in a local sandbox.
class synthesize_images : public stage_performer {
public:
  explicit synthesize_images(stage_context_ptr context);

  stage_result perform(const work& job) override;

private:
  stage_context_ptr context_;
};

} // namespace fc::actors
