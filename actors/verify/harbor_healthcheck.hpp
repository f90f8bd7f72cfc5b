#pragma once

#include "actors/build/workshop.hpp"
#include "actors/core/stage_port.hpp"

namespace fc::actors {

/// Stage 7 in the local sandbox: paired trials of base and patched. A sandbox
/// that is not whole is made again first.
class harbor_healthcheck : public stage_performer {
public:
  explicit harbor_healthcheck(workshop_ptr shop);

  stage_result perform(const work& job) override;

private:
  stage_result measure(const work& job, const workspace& space);

  workshop_ptr shop_;
};

} // namespace fc::actors
