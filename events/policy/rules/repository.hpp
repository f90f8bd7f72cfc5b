#pragma once

#include "events/policy/rules/rule.hpp"

/// Rules that exclude a repository. A missing suite does, too: `no_suite`.
namespace fc::events::policy::rules {

inline constexpr rule never{
  "never",
  "The policy names the repository or its owner among those never read.",
  "Take it out of `repositories.never`."};
inline constexpr rule fork{"fork", "The repository is a fork.",
                           "Set `repositories.forks` to true."};
inline constexpr rule archived{"archived", "The repository is archived.",
                               "Set `repositories.archived` to true."};
inline constexpr rule stars{"stars", "The repository has too few stars.",
                            "Lower `repositories.min_stars`."};
inline constexpr rule inactive{
  "inactive", "Nothing was pushed to the repository for too long.",
  "Raise `repositories.active_within_days`."};
inline constexpr rule python{
  "python",
  "The repository supports only versions of Python older than the policy asks"
  " for.",
  "Lower `repositories.min_python`."};
inline constexpr rule user{"user", "A person excluded the repository.",
                           "Readmit it with `fc-data`."};
inline constexpr rule private_repository{
  "private", "The service says that the repository is private.",
  "Use a token that may read it."};
inline constexpr rule disabled{
  "disabled", "The service has disabled the repository.", "Nothing."};
inline constexpr rule gone{"gone", "The service does not find the repository.",
                           "Correct its name, or take it out of the list."};
inline constexpr rule closed{
  "closed", "The service does not let this token read the repository.",
  "Use a token that may read it."};
inline constexpr rule identity{
  "identity", "The name belongs to another repository now.",
  "Name the one before by its new name; use a new log for the other."};

/// In the order in which they are asked.
inline constexpr const rule* of_repositories[]{
  &never,    &fork,   &archived, &stars,
  &inactive, &python, &user,     &private_repository,
  &disabled, &gone,   &closed,   &identity};

} // namespace fc::events::policy::rules
