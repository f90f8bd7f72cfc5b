#pragma once

#include "events/policy/rules/before_trial.hpp"
#include "events/policy/rules/from_trial.hpp"
#include "events/policy/rules/repository.hpp"

#include <array>
#include <span>

/// One row for each rule: its id, its meaning, and what can be done about it.
namespace fc::events::policy::rules {

/// All rows, in the order of `docs/rules.md`.
inline constexpr std::array<std::span<const rule* const>, 3> all{
  before_trial, from_trial, of_repositories};

/// Null for an id that only an older program knew.
constexpr const rule* find(std::string_view id) noexcept {
  for (const auto part : all)
    for (const auto* each : part)
      if (each->id == id)
        return each;
  return nullptr;
}

} // namespace fc::events::policy::rules
