#pragma once

#include "actors/core/messages.hpp"

#include "caf/typed_event_based_actor.hpp"

#include <array>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace fc::actors {

/// How many pull requests of the run are where.
struct stage_progress {
  std::uint32_t queued = 0;
  std::uint32_t running = 0;
  std::uint32_t done = 0;
  std::uint32_t rejected = 0;
  std::uint32_t failed = 0;
  std::uint32_t deferred = 0; ///< Left open: somebody has to help first.
};

/// What a person sees while a run goes on.
struct run_progress {
  std::uint32_t windows = 0; ///< Repositories still being read.
  std::uint32_t discovered = 0;
  std::uint32_t symbolic_rejected = 0;
  std::array<stage_progress, events::stage_total> stages{};
  std::vector<std::string> running; ///< `owner/name#1 stage`, being worked on.
  std::uint32_t open = 0;
  std::uint32_t published = 0;
};

/// How a run ended.
struct run_result {
  run_progress progress;
  std::vector<window_report> windows;
  /// Pull requests that ended without a verdict, and windows not read.
  std::uint32_t failed = 0;
  /// Left open; the run is then not finished, and the next start goes on.
  std::uint32_t deferred = 0;
  /// How many of them were left open for which cause.
  std::map<std::string, std::uint32_t> open_for;
  events::error failure; ///< Why the run could not go on.
};

/// Where a run reports to; called from the run actor's thread.
class run_reporter {
public:
  virtual ~run_reporter() = default;
  /// Several times a second at most.
  virtual void show(const run_progress& at) = 0;
  /// A pull request or a window came to its end: one line.
  virtual void say(const std::string& line) = 0;
  /// Last call.
  virtual void finished(const run_result& result) = 0;
};

/// Counts, and ends the run when nothing is left to do.
struct run_actor_state {
  static inline constexpr const char* name = "run";

  void begin(const std::string& stream);
  void note(const pr_note& x);
  void window(window_report x);
  void fed();
  void halt(const caf::error& why);
  /// Appends the run's last event.
  void write(const append_permit_ptr& order);
  void tick();

  run_actor::pointer self = nullptr;
  events::stream_name stream; ///< The run's own.
  log_port appends;
  std::shared_ptr<const events::log::log_reader> log;
  std::shared_ptr<run_reporter> reporter;
  run_result result;
  std::uint32_t to_feed = 0; ///< Windows with a backlog.

private:
  struct entry {
    bool started = false;
    bool counted = false;
    bool any_done = false; ///< A stage of it was counted as done.
    events::stage at = events::stage::classify;
  };

  void uncount(entry& from);
  void window_failed(const window_report& x);
  void ended(const pr_note& x);
  void finish_if_done();
  void finish();
  void report();

  std::unordered_map<std::string, entry> open_; ///< Those awake.
  bool finishing_ = false;
  bool reported_ = false;
};

/// @param windows How many repositories will be discovered.
run_actor::behavior_type
run(run_actor::stateful_pointer<run_actor_state> self,
    events::stream_name stream, log_port appends,
    std::shared_ptr<const events::log::log_reader> log,
    std::shared_ptr<run_reporter> reporter, std::uint32_t windows);

} // namespace fc::actors
