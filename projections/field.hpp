#pragma once

#include "events/ids.hpp"

#include <string_view>
#include <tuple>
#include <type_traits>

namespace fc::projections {

/// A member and its name on the outside.
template <class Owner, class T>
struct field {
  std::string_view name;
  T Owner::*member;
};

template <class Owner, class T>
field(const char*, T Owner::*) -> field<Owner, T>;

template <class T>
using of = std::type_identity<T>;

/// Events are named without their namespace here, as they are all over
/// `event_fields.hpp` and `evidence_fields.hpp`.
using namespace events;

} // namespace fc::projections
