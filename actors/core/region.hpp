#pragma once

#include "actors/core/messages.hpp"
#include "actors/core/pull_request.hpp"

#include "caf/typed_event_based_actor.hpp"

#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace fc::actors {

/// Finds or wakes pull requests, and bounds how many are awake. All their
/// messages pass here, so that one that falls asleep loses none. What there is
/// no room for is not kept: the log's index of streams is the list of it, read
/// in pages of names.
struct region_actor_state {
  static inline constexpr const char* name = "region";

  /// Ends whoever is awake: CAF's clock may hold them alive for as long as
  /// their last request could have taken, and the program would wait for that.
  ~region_actor_state();

  void resume(const events::stream_name& stream);
  void done(const work_ptr& job, const result_ptr& result);
  void asleep(const events::stream_name& stream);
  /// It is left open, and not woken again in this run.
  void set_aside(const events::stream_name& stream);
  void feed(backlog_ptr more);
  void go_on();

  region_actor::pointer self = nullptr;
  std::shared_ptr<const pull_request_context> context;
  std::size_t max_awake = 0;

private:
  /// Wakes open pull requests of the backlog while there is room.
  void fill();
  pull_request_actor wake(const events::stream_name& stream);
  void start(const events::stream_name& stream);
  /// Fills `page_` with the next names of the oldest backlog.
  events::error read_page();
  /// The next name of the oldest backlog; none at its end.
  events::expected<std::optional<events::stream_name>> next_name();
  /// Whether it is one of the oldest backlog's and still open.
  events::expected<bool> is_open(const events::stream_name& stream) const;

  std::unordered_map<events::stream_name, pull_request_actor> awake_;
  /// Open and not to be woken: only somebody's help brings them on.
  std::unordered_set<events::stream_name> set_aside_;
  std::deque<backlog_ptr> backlogs_; ///< Oldest first.
  std::deque<events::stream_name> page_;
  events::stream_name after_; ///< Where the next page begins; of the oldest.
  bool last_page_ = false;
  bool filling_ = false; ///< An own message to go on is under way.
};

/// @param context `region` in it is filled in here.
/// @param max_awake Further pull requests are left to the backlog.
region_actor::behavior_type
region(region_actor::stateful_pointer<region_actor_state> self,
       pull_request_context context, std::size_t max_awake);

} // namespace fc::actors
