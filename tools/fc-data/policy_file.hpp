#pragma once

#include "events/policy/policy.hpp"
#include "tools/fc-data/options.hpp"

#include <memory>

namespace fc::tools {

/// The policy of the options, or the shipped one.
events::expected<std::shared_ptr<const events::policy::policy>>
load_policy(const options& settings);

} // namespace fc::tools
