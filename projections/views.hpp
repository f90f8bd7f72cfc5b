#pragma once

#include "events/pull_request_state.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// What streams amount to, for projections.
namespace fc::projections {

/// One time both sides were timed, and what the gate made of it.
struct measured_trial {
  events::sequence seq = 0; ///< Of the `Trialled`.
  events::timestamp at{};   ///< When it was recorded.
  std::string image;        ///< What it was measured in.
  events::trialled trial;
  std::optional<events::speedup_measured> verdict; ///< The newest on it.
};

/// When the newest events of some kinds were recorded; zero for none.
struct milestones {
  events::timestamp first{}; ///< Of the whole stream.
  events::timestamp last{};
  events::timestamp resolved{};
  events::timestamp rendered{};
  events::timestamp synthesized{};
  events::timestamp accepted{};
  events::timestamp published{};
  events::timestamp withdrawn{}; ///< Zero again once it is published again.
};

/// One attempt to build both sides, whatever came of it.
struct build_attempt {
  events::position id = 0; ///< Of the event that says how it ended.
  events::timestamp at{};  ///< When that was recorded.
  events::sequence seq = 0;
  bool built = false; ///< Every side that was tried was built.
  std::string side{}; ///< The first that was not, empty for none.
  std::string trouble{};
  double side_seconds = 0; ///< Of all sides; 0 where none was tried.
  std::optional<events::spent> cost{}; ///< Where it was recorded.
};

/// A pull request as its stream says up to a record.
struct pull_request_view {
  events::pull_request_id id;
  events::pull_request_state state;
  std::vector<measured_trial> trials; ///< In order.
  /// The newest publication, also after it was withdrawn.
  std::optional<events::published> release;
  milestones times;
  std::vector<build_attempt> builds; ///< In order.
  /// The newest image and what it was built from: a later build that failed, or
  /// a drop, takes nothing from it.
  std::optional<events::image_built> image;
  std::optional<events::synthesized> image_source;
  events::timestamp image_source_at{};

  template <class E>
  void apply(const events::record& at, E&& x) {
    note(at, x);
    state.apply(std::forward<E>(x));
    state.seq = at.seq;
    state.last = at.at;
    if (at.policy)
      state.policy = at.policy;
  }

private:
  template <events::event E>
  void note(const events::record& at, const E& x) {
    if (at.seq == 1)
      times.first = at.recorded_at;
    times.last = at.recorded_at;
    if constexpr (std::is_same_v<E, events::trialled>)
      trials.push_back({at.seq, at.recorded_at,
                        state.image ? state.image->image : std::string{}, x,
                        std::nullopt});
    if constexpr (std::is_same_v<E, events::speedup_measured>) {
      if (!trials.empty())
        trials.back().verdict = x;
      times.accepted = x.accepted ? at.recorded_at : events::timestamp{};
    }
    if constexpr (std::is_same_v<E, events::resolved>)
      times.resolved = at.recorded_at;
    if constexpr (std::is_same_v<E, events::problem_rendered>)
      times.rendered = at.recorded_at;
    if constexpr (std::is_same_v<E, events::synthesized>)
      times.synthesized = at.recorded_at;
    if constexpr (std::is_same_v<E, events::image_built>) {
      image = x;
      image_source = state.synthesis;
      image_source_at = times.synthesized;
    }
    if constexpr (
      std::is_same_v<
        E, events::attempt_failed> || std::is_same_v<E, events::synthesized>)
      note_build({at.at, at.recorded_at, at.seq}, x);
    if constexpr (std::is_same_v<E, events::spent>)
      note_cost(at, x);
    if constexpr (std::is_same_v<E, events::published>) {
      times.published = at.recorded_at;
      times.withdrawn = {};
      release = x;
    }
    if constexpr (std::is_same_v<E, events::withdrawn>)
      times.withdrawn = at.recorded_at;
  }

  void note_build(build_attempt end, const events::attempt_failed& x);
  void note_build(build_attempt end, const events::synthesized& x);
  void note_cost(const events::record& at, const events::spent& x);
};

/// A repository as its stream says up to a record.
struct repository_view {
  events::repo_name repo;
  events::timestamp last_seen{};
  std::optional<events::repository_seen> seen;
  /// Set while excluded. Being seen again lifts what the view of it excluded,
  /// not what a person or the policy did.
  std::optional<events::repository_excluded> excluded;
  /// The newest that gave it another name, and that gave it this one.
  std::optional<events::repository_renamed> renamed_to;
  std::optional<events::repository_renamed> renamed_from;
  /// The newest certificate of each window, by its start and end.
  std::map<std::pair<events::timestamp, events::timestamp>,
           events::window_reconciled>
    windows;

  template <events::event E>
  void apply(const events::record& at, const E& x) {
    if constexpr (std::is_same_v<E, events::repository_seen>)
      see(at, x);
    if constexpr (std::is_same_v<E, events::repository_excluded>)
      excluded = x;
    if constexpr (std::is_same_v<E, events::repository_readmitted>)
      excluded.reset();
    if constexpr (std::is_same_v<E, events::repository_renamed>)
      rename(x);
    if constexpr (std::is_same_v<E, events::window_reconciled>)
      windows.insert_or_assign({x.start, x.end}, x);
  }

private:
  /// Git and the service are looked at apart: what this look does not know
  /// stays as the last one that did found it.
  void see(const events::record& at, const events::repository_seen& x);
  void rename(const events::repository_renamed& x);
};

/// A run as its stream says up to a record.
struct run_view {
  std::string run;
  events::timestamp started_at{};
  events::timestamp last{};
  std::optional<events::run_finished> finished; ///< The newest.
  /// By stage, as it was last counted: a run may end more than once.
  std::map<std::string, events::stage_count> stages;

  template <events::event E>
  void apply(const events::record& at, const E& x) {
    last = at.recorded_at;
    if constexpr (std::is_same_v<E, events::run_started>)
      started_at = at.recorded_at;
    if constexpr (std::is_same_v<E, events::run_finished>) {
      finished = x;
      for (const auto& each : x.stages)
        stages.insert_or_assign(each.stage, each);
    }
  }
};

/// A stream up to its last record read; all parts are absent for streams that
/// are about none of them.
struct stream_view {
  events::sequence seq = 0;
  std::optional<pull_request_view> pull_request;
  std::optional<repository_view> repository;
  std::optional<run_view> run;

  template <class E>
  void apply(const events::record& at, E&& x) {
    seq = at.seq;
    if (repository)
      repository->apply(at, x);
    if (run)
      run->apply(at, x);
    if (pull_request)
      pull_request->apply(at, std::forward<E>(x));
  }

  /// Whether anything is folded: others need no past.
  bool tracked() const noexcept {
    return pull_request || repository || run;
  }
};

} // namespace fc::projections
