#pragma once

#include "events/measurement.hpp"

#include <cstdint>
#include <string_view>

/// How near a benchmark comes to the change.
namespace fc::events::policy::speedup {

/// The nearest comes first. Up to `extension` a benchmark surely runs changed
/// code; behind it it may.
enum class reach : std::uint8_t {
  function,  ///< A changed function ran.
  module,    ///< Changed code of a module ran.
  extension, ///< A changed extension was called.
  loaded,    ///< Changed code is loaded.
  unknown,   ///< It cannot be known.
  none,
};

/// `none` for any other text.
reach reach_from(std::string_view text) noexcept;

inline reach reach_of(const benchmark_trial& x) noexcept {
  return reach_from(x.reach);
}

/// Whether a benchmark's code comes near the change at all.
inline bool is_reached(const benchmark_trial& x) noexcept {
  return reach_of(x) != reach::none;
}

/// Whether it was seen to run changed code.
inline bool surely_reached(const benchmark_trial& x) noexcept {
  return reach_of(x) <= reach::extension;
}

} // namespace fc::events::policy::speedup
