#pragma once

#include "actors/services/http/client.hpp"

#include <cstdint>
#include <string>

namespace fc::actors::services {

/// What a server answered.
struct http_answer {
  long status = 0;
  std::string body; ///< At most as much as was asked for.
  bool cut = false; ///< There was more.
};

/// Asks once, over http or https, and follows up to five redirects. Blocks.
/// Errors name the host, never the whole address: it may hold a password.
/// @returns any status; `ec::unavailable` when nobody answered, `ec::timeout`
/// after `timeout_s` seconds, `ec::invalid_argument` for a bad address.
events::expected<http_answer> http_get(const std::string& url, double timeout_s,
                                       std::uint64_t max_bytes = 1 << 20);

} // namespace fc::actors::services
