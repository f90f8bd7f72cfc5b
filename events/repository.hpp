#pragma once

#include "events/event.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::events {

/// A source of pull requests was opened.
struct repository_seen {
  static constexpr std::uint16_t tag = 500;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "RepositorySeen";

  repo_name repo;
  std::string source;
  std::string head;
  std::string suite_config; ///< Empty: no usable benchmark suite.
  std::string suite_dir;
  std::string note;

  bool operator==(const repository_seen&) const = default;
};

bytes encode(const repository_seen& x);
expected<repository_seen> decode(byte_view raw, std::uint8_t version,
                                 std::type_identity<repository_seen>);

/// Nothing of this repository is built, for the reason given.
struct repository_excluded {
  static constexpr std::uint16_t tag = 501;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "RepositoryExcluded";

  repo_name repo;
  std::string reason;

  bool operator==(const repository_excluded&) const = default;
};

bytes encode(const repository_excluded& x);
expected<repository_excluded> decode(byte_view raw, std::uint8_t version,
                                     std::type_identity<repository_excluded>);

/// All pull requests of a window are stored, or how many are not.
struct window_reconciled {
  static constexpr std::uint16_t tag = 502;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "WindowReconciled";

  repo_name repo;
  timestamp start{};
  timestamp end{};
  std::uint32_t counted = 0; ///< By the source.
  std::uint32_t stored = 0;
  std::vector<std::string> missing;
  std::string note;

  bool operator==(const window_reconciled&) const = default;
};

bytes encode(const window_reconciled& x);
expected<window_reconciled> decode(byte_view raw, std::uint8_t version,
                                   std::type_identity<window_reconciled>);

/// A pull request met a failure that no repeat mends. Known to all pull
/// requests of the repository; the failure itself is in its own stream.
struct dead_end_met {
  static constexpr std::uint16_t tag = 503;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "DeadEndMet";

  std::string stage;
  digest subject; ///< What the step works on; none where only it has it.
  digest fingerprint;
  std::string cause;
  std::string message;
  stream_name stream; ///< Of the pull request.
  sequence seq = 0;   ///< Of its `AttemptFailed`.

  bool operator==(const dead_end_met&) const = default;
};

bytes encode(const dead_end_met& x);
expected<dead_end_met>
decode(byte_view raw, std::uint8_t version, std::type_identity<dead_end_met>);

using repository_events
  = list<repository_seen, repository_excluded, window_reconciled, dead_end_met>;

} // namespace fc::events
