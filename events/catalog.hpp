#pragma once

#include "events/environment.hpp"
#include "events/failures/service.hpp"
#include "events/judgement.hpp"
#include "events/measurement.hpp"
#include "events/policy_events.hpp"
#include "events/pull_request.hpp"
#include "events/record.hpp"
#include "events/repository.hpp"
#include "events/run.hpp"

#include <array>
#include <span>

namespace fc::events {

/// Every event there is.
using all_events
  = join_t<pull_request_events, judgement_events, environment_events,
           measurement_events, repository_events, policy_events, run_events,
           service_events>;

/// Name and number of an event, for listings.
struct event_info {
  std::uint16_t tag;
  std::uint8_t version;
  std::string_view name;
};

namespace detail {

template <class... Ts>
constexpr auto infos(list<Ts...>) {
  return std::array{event_info{Ts::tag, Ts::version, Ts::name}...};
}

template <event... Ts>
constexpr bool all_are_events(list<Ts...>) {
  return true;
}

constexpr bool unique(std::span<const event_info> all) {
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t j = i + 1; j < all.size(); ++j)
      if (all[i].tag == all[j].tag || all[i].name == all[j].name)
        return false;
  return true;
}

template <class Visitor, class... Ts>
error visit(const record& at, Visitor&& visitor, list<Ts...>) {
  error result;
  const auto visit_one = [&]<class T>(std::type_identity<T>) {
    auto x = event_in<T>(at);
    if (x)
      visitor(std::move(*x));
    else
      result = x.error();
  };
  // Stops at the event the tag names.
  const bool found
    = ((at.tag == Ts::tag && (visit_one(std::type_identity<Ts>{}), true))
       || ...);
  if (!found)
    return make_error(ec::too_new, "record " + std::to_string(at.at)
                                     + " holds an unknown event "
                                     + std::to_string(at.tag)
                                     + "; upgrade this program");
  return result;
}

} // namespace detail

inline constexpr auto catalog = detail::infos(all_events{});
static_assert(detail::unique(catalog), "tags and names are never reused");
static_assert(detail::all_are_events(all_events{}));

/// Calls `visitor` with the decoded event of a record, which it may keep.
/// @returns an error for an unknown tag or a damaged payload.
template <class Visitor>
error visit(const record& at, Visitor&& visitor) {
  return detail::visit(at, visitor, all_events{});
}

/// Wire name of a tag, or "unknown".
constexpr std::string_view name_of(std::uint16_t tag) {
  for (const auto& info : catalog)
    if (info.tag == tag)
      return info.name;
  return "unknown";
}

} // namespace fc::events
