#include "actors/build/synthesize_images.hpp"

#include "actors/build/sandbox_builder.hpp"

namespace fc::actors {

synthesize_images::synthesize_images(workshop_ptr shop)
  : shop_(std::move(shop)) {}

stage_result synthesize_images::perform(const work& job) {
  auto built = build_sandbox(*shop_, *job.state, job.stop);
  if (!built)
    return failed(built.error());
  stage_result result;
  result.evidence.push_back(events::make_event(built->evidence));
  result.blobs = std::move(built->blobs);
  result.cost.cpu_seconds = built->cpu_seconds;
  return result;
}

} // namespace fc::actors
