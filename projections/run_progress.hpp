#pragma once

#include "projections/replay.hpp"

#include <array>

namespace fc::projections {

/// How many pull requests of a run came into a stage, and what became of them.
/// What is neither completed nor failed is still there.
struct stage_tally {
  std::uint64_t total = 0;
  std::uint64_t completed = 0; ///< It was done, or a verdict ended it there.
  std::uint64_t failed = 0;    ///< It ended there without a verdict.
};

/// A run up to a record, also while it is going on.
struct run_status {
  run_view run;
  stage_tally all; ///< Pull requests; one is completed when it has an end.
  /// By stage; counts the stages that the run did, not those that an earlier
  /// run had done before.
  std::array<stage_tally, events::stage_total> stages{};
};

/// How runs go on, from the events as they come: those of pull requests name
/// the run that appended them. A pull request belongs to a run from the first
/// event on that the run appends to it and that finds it at a stage, or leaves
/// it there. Keeps a few bytes for each pull request of a run without end.
class run_progress_views {
public:
  /// @param first Where the replay begins: of runs that began before, the past
  /// is read from the log when they are met.
  explicit run_progress_views(const events::log::log_reader& log,
                              events::position first = 1)
    : log_{log}, first_{first} {}

  /// Takes a record before its stream's view does.
  events::error before(const events::record& at, const stream_view& view);

  /// Takes the same record when the view has it.
  void after(const events::record& at, const stream_view& view);

  /// Calls `f` with every run that changed since the last call.
  template <class F>
  void take_changed(F&& f) {
    for (auto* each : changed_) {
      each->changed = false;
      f(each->status);
    }
    changed_.clear();
  }

private:
  /// The stages that a pull request came into in a run: all from `first` to
  /// before `end`; the last one failed, or is still to be done, or neither.
  struct path {
    std::uint8_t first = 0;
    std::uint8_t end = 0;
    bool failed = false;
    bool open = false;
  };

  struct entry {
    run_status status;
    bool started = false;
    bool changed = false;
    std::unordered_map<events::stream_name, path> paths;
  };

  events::error enter(std::string_view name);
  events::error read_past(std::string_view name);
  void note(const events::record& at, const pull_request_view& view);

  const events::log::log_reader& log_;
  events::position first_;
  std::unordered_map<std::string, entry> runs_;
  std::vector<entry*> changed_;
  /// Of the record that was taken last.
  std::string name_;
  entry* now_ = nullptr;
  std::optional<events::stage> next_before_;
};

} // namespace fc::projections
