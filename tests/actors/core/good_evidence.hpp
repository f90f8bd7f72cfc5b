#pragma once

#include "actors/core/stage_port.hpp"

namespace fc::actors::by_hand {

/// Good evidence for a stage: a pull request given it everywhere is published.
stage_result good(events::stage at);

} // namespace fc::actors::by_hand
