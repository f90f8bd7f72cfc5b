#pragma once

#include "actors/build/workshop.hpp"
#include "actors/core/stage_port.hpp"

namespace fc::actors {

/// Stage 4: what the merge commit declares that it needs, what of it is there,
/// and where its benchmark suite is. Never a gate but for the suite.
class resolve_packages : public stage_performer {
public:
  explicit resolve_packages(workshop_ptr shop);

  stage_result perform(const work& job) override;

private:
  workshop_ptr shop_;
};

} // namespace fc::actors
