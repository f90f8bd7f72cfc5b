#pragma once

#include "actors/services/llm/model_port.hpp"

#include <memory>
#include <set>

namespace fc::actors::services {

/// Asks the first model, and the second where the first failed in one of these
/// ways; never for what an answer says or declines to say. The cost of both is
/// the reply's.
std::shared_ptr<model_port>
make_fallback_model(std::shared_ptr<model_port> first,
                    std::shared_ptr<model_port> second,
                    std::set<events::ec> on);

} // namespace fc::actors::services
