#pragma once

#include "actors/build/stage_context.hpp"
#include "actors/core/stage_port.hpp"
#include "events/environment.hpp"

namespace fc::actors {

/// A sandbox as built, and the blobs its evidence refers to.
struct built_sandbox {
  events::synthesized evidence;
  std::vector<events::log::blob> blobs;
  double cpu_seconds = 0;
};

/// Builds base, patched and base again from source, side by side and at the
/// same places inside; puts the merge commit's benchmark folder beside them and
/// seals the whole when all sides built. A side that does not build is
/// evidence, not an error.
events::expected<built_sandbox>
build_sandbox(stage_context& context, const events::pull_request_state& known,
              const services::stop_flag& stop);

/// Digest of the environment, none where it cannot be measured in.
events::digest environment_of(const events::synthesized& x,
                              const events::policy::policy& policy);

/// Whether any built file differs between base and patched.
bool artefacts_differ(const events::synthesized& x);

} // namespace fc::actors
