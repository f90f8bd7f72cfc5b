#pragma once

#include "events/common/utf8.hpp"

namespace fc::actors::services {

using events::common::utf8_prefix;

} // namespace fc::actors::services
