#pragma once

#include "actors/build/stage_context.hpp"
#include "actors/core/stage_port.hpp"

namespace fc::actors {

/// Stage 7 in the local sandbox: paired trials of base and patched. A sandbox
/// that is not whole is made again first.
class harbor_healthcheck : public stage_performer {
public:
  explicit harbor_healthcheck(stage_context_ptr context);

  stage_result perform(const work& job) override;

private:
  stage_result measure(const work& job, const workspace& space);

  stage_context_ptr context_;
};

} // namespace fc::actors
