#pragma once

#include "actors/build/workshop.hpp"
#include "actors/core/stage_port.hpp"

namespace fc::actors {

/// Stage 6 without containers: both sides built from source in a local sandbox.
class synthesize_images : public stage_performer {
public:
  explicit synthesize_images(workshop_ptr shop);

  stage_result perform(const work& job) override;

private:
  workshop_ptr shop_;
};

} // namespace fc::actors
