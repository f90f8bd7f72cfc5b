#pragma once

#include "events/event.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::events {

/// A service refused for a limit. A restart finds here until when it is to
/// wait. Never holds a token, only a name for it.
struct limit_met {
  static constexpr std::uint16_t tag = 800;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "LimitMet";

  std::string service;  ///< "github"; no other is recorded so far.
  std::string resource; ///< "graphql", "core", "search", ... or a model.
  std::string token;    ///< Start of the token's SHA-256.
  std::string kind;     ///< "primary", "secondary", "abuse".
  std::uint32_t status = 0;
  timestamp until{}; ///< After clamping; nothing is asked before.
  std::string request;
  std::vector<std::string> headers; ///< `name: value`, those about limits.
  std::string excerpt;              ///< Start of the body.

  bool operator==(const limit_met&) const = default;
};

bytes encode(const limit_met& x);
expected<limit_met>
decode(byte_view raw, std::uint8_t version, std::type_identity<limit_met>);

using service_events = list<limit_met>;

} // namespace fc::events
