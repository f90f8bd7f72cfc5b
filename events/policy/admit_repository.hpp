#pragma once

#include "events/policy/policy.hpp"
#include "events/repository.hpp"

#include <optional>
#include <variant>

namespace fc::events::policy {

/// A repository may be read.
struct admitted {
  bool operator==(const admitted&) const = default;
};

using admission = std::variant<admitted, repository_excluded>;

/// Whether the policy lets a repository be read, or the first rule against it:
/// `never`, `fork`, `archived`, `stars`, `inactive`, `python`. A rule whose
/// facts nobody knows does not apply.
/// @param at End of the window, or now where there is none.
admission
admit_repository(const repository_seen& x, timestamp at, const policy& p);

/// What follows for a repository that stood as `before` says: excluded for a
/// new reason, readmitted, or nothing new. What a person excluded stays so.
std::variant<std::monostate, repository_excluded, repository_readmitted>
follow_admission(const repository_seen& x,
                 const std::optional<repository_excluded>& before, timestamp at,
                 const policy& p);

/// Whether a `requires-python`, as PEP 440 or Poetry write it, allows some
/// version from `least` ("3.8") on. What cannot be read is taken to allow it.
bool allows_python(std::string_view requires_python, std::string_view least);

} // namespace fc::events::policy
