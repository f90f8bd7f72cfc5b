#include "actors/build/synthesize_images.hpp"

#include "actors/build/sandbox_builder.hpp"

namespace fc::actors {

synthesize_images::synthesize_images(stage_context_ptr context)
  : context_(std::move(context)) {}

stage_result synthesize_images::perform(const work& job) {
  auto built = build_sandbox(*context_, *job.state, job.stop);
  if (!built)
    return failed(built.error());
  stage_result result;
  result.evidence.push_back(events::make_event(built->evidence));
  result.blobs = std::move(built->blobs);
  result.cost.cpu_seconds = built->cpu_seconds;
  return result;
}

} // namespace fc::actors
