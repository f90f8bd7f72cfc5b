#pragma once

#include <string>
#include <string_view>

namespace fc::events::policy::rules {

/// A rule that a verdict can name. Its id is on disk and never changes;
/// `docs/rules.md` and the audit say the rest.
struct rule {
  std::string_view id;
  std::string_view meaning;
  std::string_view remedy; ///< What an operator can do about it.

  operator std::string() const {
    return std::string{id};
  }
  friend constexpr bool operator==(std::string_view a, const rule& b) {
    return a == b.id;
  }
};

} // namespace fc::events::policy::rules
