#pragma once

#include "events/judgement.hpp"
#include "events/policy/policy.hpp"
#include "events/pull_request_state.hpp"

#include <optional>
#include <string>
#include <variant>

namespace fc::events::policy {

/// What an answer means.
classified classify(const answered& x, const policy& p);

/// The environment that was resolved. This is no gate: the probe only says
/// which work comes first.
env_resolved read_resolution(const resolved& x);

/// Ready to be measured, or why not: a side that does not build, or compiled
/// sources changed and artefacts did not.
std::variant<image_built, dropped>
read_synthesis(const synthesized& x, const policy& p);

/// What the build of base needs and is not to be had here, e.g. "the package
/// numpy"; empty where it builds, or fails for another reason. Another pull
/// request with the same requirements lacks it as well.
std::string missing_for(const synthesized& x, std::string_view own_package);

/// Published, or why not.
std::variant<published, dropped>
admit(const pull_request_state& x, const digest& row, const policy& p);

/// After a step that was not tried because it fails in this repository.
dropped give_up(const known_failure_avoided& x);

/// After failed attempts at a stage: drop the pull request, wait so many
/// seconds, or leave it open until someone has helped. Attempts from before it
/// was last left open do not count. `jitter` in [0, 1) comes from the caller,
/// so that this stays pure.
std::variant<dropped, double, deferred>
after_failure(const pull_request_state& x, stage at, double jitter,
              const policy& p);

} // namespace fc::events::policy
