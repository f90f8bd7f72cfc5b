#pragma once

#include "events/pull_request_state.hpp"

namespace fc::events {

/// Whether an attempt that failed with this cause fails again however often it
/// is repeated. Other causes may be the moment's: a full disk, a lost network.
bool is_lasting(std::string_view cause) noexcept;

/// What a step works on, as far as other pull requests of the repository may
/// have the same: for a build the interpreter, the requirements and how they
/// are installed. None where the step has only what is its own.
digest subject_of(const pull_request_state& x, stage at);

} // namespace fc::events
