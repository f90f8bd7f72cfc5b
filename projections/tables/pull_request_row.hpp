#pragma once

#include "projections/tables/table_columns.hpp"
#include "projections/tables/table_output.hpp"

namespace fc::projections {

/// Where a part lies, if it is there.
template <class Optional>
auto address_of(const Optional& x) {
  return x ? &*x : nullptr;
}

/// What a row about a pull request is made of.
struct pull_request_row {
  const pull_request_view& view;
  const table_output& to;

  template <class Part>
  const Part* part() const {
    const auto& state = view.state;
    if constexpr (std::is_same_v<Part, pull_request_id>)
      return &view.id;
    else if constexpr (std::is_same_v<Part, pull_request_view>)
      return &view;
    else if constexpr (std::is_same_v<Part, pull_request_state>)
      return &state;
    else if constexpr (std::is_same_v<Part, milestones>)
      return &view.times;
    else if constexpr (std::is_same_v<Part, scraped>)
      return address_of(state.facts);
    else if constexpr (std::is_same_v<Part, classified>)
      return address_of(state.judgement);
    else if constexpr (std::is_same_v<Part, resolved>)
      return address_of(state.resolution);
    else if constexpr (std::is_same_v<Part, env_resolved>)
      return address_of(state.environment);
    else if constexpr (std::is_same_v<Part, problem_rendered>)
      return address_of(state.problem);
    else if constexpr (std::is_same_v<Part, image_built>)
      return address_of(state.image);
    else if constexpr (std::is_same_v<Part, speedup_measured>)
      return address_of(state.speedup);
    else if constexpr (std::is_same_v<Part, published>)
      return address_of(view.release);
    else
      return address_of(state.withdrawal);
  }
};

inline constexpr auto owner_of = [](const pull_request_id& x) {
  return make::text(x.repo.owner());
};
inline constexpr auto repo_of = [](const pull_request_id& x) {
  return make::text(x.repo.name());
};
inline constexpr auto number_of = as_is<&pull_request_id::number>;

} // namespace fc::projections
