#pragma once

#include "events/event.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::events {

/// From here on verdicts use this policy.
struct policy_adopted {
  static constexpr std::uint16_t tag = 600;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "PolicyAdopted";

  std::string text; ///< The whole file.
  digest id;        ///< SHA-256 of the text.
  std::string path;

  bool operator==(const policy_adopted&) const = default;
};

bytes encode(const policy_adopted& x);
expected<policy_adopted>
decode(byte_view raw, std::uint8_t version, std::type_identity<policy_adopted>);

using policy_events = list<policy_adopted>;

} // namespace fc::events
