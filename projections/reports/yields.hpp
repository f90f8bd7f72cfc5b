#pragma once

#include "projections/reports/scope.hpp"

#include <map>
#include <string>

namespace fc::projections {

/// What came of one repository.
struct yield {
  repository_view repository; ///< Its facts, exclusion, names and windows.
  // Pull requests.
  std::uint64_t stored = 0;
  std::uint64_t passed = 0; ///< The symbolic rules.
  std::uint64_t judged = 0; ///< To be performance work.
  std::uint64_t tried = 0;  ///< To be built, at least once.
  std::uint64_t built = 0;
  std::uint64_t measured = 0;
  std::uint64_t published = 0;
  std::uint64_t failed = 0; ///< Ended without a verdict.
  std::uint64_t open = 0;
  std::uint64_t attempts = 0; ///< Builds, refused repeats not counted.

  /// So many pull requests were tried and none could be measured.
  static constexpr std::uint64_t enough_tried = 10;
  bool never_measured() const noexcept {
    return tried >= enough_tried && measured == 0;
  }
  /// Windows whose newest certificate does not match.
  std::size_t mismatches() const;
};

/// How many pull requests of each repository survived, and which repositories
/// were tried often and never measured. Keeps a few bytes for a pull request.
struct yields {
  static constexpr std::string_view name = "yields";
  static constexpr int version = 1;
  using handles
    = events::join_t<pull_request_stream, events::repository_events>;

  template <events::event E>
  void apply(const event_context& m, const E& x) {
    if (m.repository != nullptr && about.holds(m)) {
      auto& to = repositories_[m.repository->repo.str()];
      to.repo = m.repository->repo;
      to.apply(m.at, x);
    }
    if (m.pull_request == nullptr || !about.holds(m))
      return;
    auto& to = entries_[m.pull_request->id];
    if constexpr (std::is_same_v<E, events::synthesized>)
      ++to.attempts;
    if constexpr (std::is_same_v<E, events::attempt_failed>)
      if (x.stage == events::to_string(events::stage::synthesize))
        ++to.attempts;
    put(to, m.pull_request->state);
  }

  /// By name; also repositories of which nothing is stored.
  std::map<std::string, yield> all() const;

  scope about;

private:
  struct entry {
    std::uint32_t attempts = 0;
    bool passed = false;
    bool judged = false;
    bool built = false;
    bool measured = false;
    events::outcome ends = events::outcome::open;
  };

  static void put(entry& to, const events::pull_request_state& x);

  std::map<std::string, repository_view> repositories_;
  std::map<events::pull_request_id, entry> entries_;
};

} // namespace fc::projections
