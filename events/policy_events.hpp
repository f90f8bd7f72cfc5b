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

  using fields = members<&policy_adopted::text, &policy_adopted::id,
                         &policy_adopted::path>;
  bool operator==(const policy_adopted&) const = default;
};

using policy_events = list<policy_adopted>;

} // namespace fc::events
