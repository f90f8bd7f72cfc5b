#pragma once

#include "events/catalog.hpp"

#include <type_traits>
#include <vector>

namespace fc::events::log {

template <described T, class Visitor>
void for_each_blob(const std::vector<T>& xs, Visitor&& visitor);

/// Calls `visitor` with every blob reference of an event, and of its parts;
/// most have none.
template <class T, class Visitor>
void for_each_blob(const T& x, Visitor&& visitor) {
  if constexpr (std::is_same_v<T, blob_ref>)
    visitor(x);
  else if constexpr (described<T>)
    for_each_field<T>(
      [&](const auto& field) { for_each_blob(x.*field.member, visitor); });
}

template <described T, class Visitor>
void for_each_blob(const std::vector<T>& xs, Visitor&& visitor) {
  for (const auto& x : xs)
    for_each_blob(x, visitor);
}

} // namespace fc::events::log
