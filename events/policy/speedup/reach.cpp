#include "events/policy/speedup/reach.hpp"

#include <algorithm>
#include <array>

namespace fc::events::policy::speedup {

namespace {

/// In the order of `reach`.
constexpr std::array<std::string_view, 5> names{
  "function", "module", "extension", "loaded", "unknown"};
static_assert(names.size() == static_cast<std::size_t>(reach::none));

} // namespace

reach reach_from(std::string_view text) noexcept {
  return static_cast<reach>(std::ranges::find(names, text) - names.begin());
}

} // namespace fc::events::policy::speedup
