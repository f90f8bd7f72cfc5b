#pragma once

#include "actors/services/github/tokens.hpp"
#include "actors/services/http/client.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::actors::services {

/// What a token has left of one resource.
struct resource_left {
  std::string resource; ///< "core", "graphql", "search", "code_search".
  std::uint64_t limit = 0;
  std::uint64_t remaining = 0;
  events::timestamp reset{};
};

/// Asks GitHub what a token has left, which costs nothing.
/// @returns `ec::refused` for a token that is not valid, `ec::unavailable`,
/// `ec::malformed` for what is not GitHub. No error has the token.
expected<std::vector<resource_left>>
check_token(const std::string& api, http_client& http, token_source& tokens,
            std::size_t index, const stop_flag& stop);

} // namespace fc::actors::services
