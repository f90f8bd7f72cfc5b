#pragma once

#include "actors/build/stage_context.hpp"
#include "actors/core/stage_port.hpp"

namespace fc::actors {

/// Stage 4: what the merge commit declares that it needs, what of it is there,
/// and where its benchmark suite is. Never a gate but for the suite.
class resolve_packages : public stage_performer {
public:
  explicit resolve_packages(stage_context_ptr context);

  stage_result perform(const work& job) override;

private:
  stage_context_ptr context_;
};

} // namespace fc::actors
