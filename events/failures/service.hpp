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

  using fields
    = members<&limit_met::service, &limit_met::resource, &limit_met::token,
              &limit_met::kind, &limit_met::status, &limit_met::until,
              &limit_met::request, &limit_met::headers, &limit_met::excerpt>;
  bool operator==(const limit_met&) const = default;
};

using service_events = list<limit_met>;

} // namespace fc::events
