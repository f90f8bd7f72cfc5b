#pragma once

#include "actors/core/messages.hpp"
#include "actors/core/pull_request.hpp"

#include "caf/typed_event_based_actor.hpp"

#include <deque>
#include <unordered_map>

namespace fc::actors {

/// Finds or wakes pull requests, and bounds how many are awake. All their
/// messages pass here, so that one that falls asleep loses none.
struct region_state {
  static inline constexpr const char* name = "region";

  /// Ends whoever is awake: CAF's clock may hold them alive for as long as
  /// their last request could have taken, and the program would wait for that.
  ~region_state();

  void resume(const events::stream_name& stream);
  void done(const work_ptr& job, const result_ptr& result);
  void asleep(const events::stream_name& stream);

  region_actor::pointer self = nullptr;
  std::shared_ptr<const pull_request_context> context;
  std::size_t most_awake = 0;

private:
  pull_request_actor wake(const events::stream_name& stream);

  std::unordered_map<events::stream_name, pull_request_actor> awake_;
  /// Wait for a place; oldest first.
  std::deque<events::stream_name> waiting_;
};

/// @param context `region` in it is filled in here.
/// @param most_awake Further pull requests wait until one falls asleep.
region_actor::behavior_type
region(region_actor::stateful_pointer<region_state> self,
       pull_request_context context, std::size_t most_awake);

} // namespace fc::actors
