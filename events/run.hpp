#pragma once

#include "events/event.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::events {

/// How a stage ended for the pull requests of a run.
struct stage_count {
  std::string stage;
  std::uint32_t done = 0;
  std::uint32_t rejected = 0;
  std::uint32_t failed = 0;
  std::uint32_t deferred = 0;

  bool operator==(const stage_count&) const = default;
};

/// A run of the pipeline began.
struct run_started {
  static constexpr std::uint16_t tag = 700;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "RunStarted";

  std::string run;
  std::string configuration; ///< JSON of source, window and stages.
  digest id; ///< Of the configuration: a restart finds its run by it.
  timestamp start{};
  timestamp end{};
  bool control = false;

  bool operator==(const run_started&) const = default;
};

bytes encode(const run_started& x);
expected<run_started>
decode(byte_view raw, std::uint8_t version, std::type_identity<run_started>);

/// The run ended; what remained undone is counted.
struct run_finished {
  static constexpr std::uint16_t tag = 701;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "RunFinished";

  std::vector<stage_count> stages;
  std::uint32_t published = 0;
  std::uint32_t failed = 0;

  bool operator==(const run_finished&) const = default;
};

bytes encode(const run_finished& x);
expected<run_finished>
decode(byte_view raw, std::uint8_t version, std::type_identity<run_finished>);

/// What a step cost.
struct spent {
  static constexpr std::uint16_t tag = 702;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Spent";

  std::string stage;
  double wall_seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t bytes = 0;
  std::uint64_t tokens = 0;
  double cost_usd = 0;
  std::uint32_t calls = 0;

  bool operator==(const spent&) const = default;
};

bytes encode(const spent& x);
expected<spent>
decode(byte_view raw, std::uint8_t version, std::type_identity<spent>);

/// The program died while a step was under way; found and written by the next
/// start. No verdict, and nothing of it is in the pull request's own stream.
struct program_died {
  static constexpr std::uint16_t tag = 703;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "ProgramDied";

  std::string stream; ///< Of the pull request.
  std::string stage;
  std::string cause;
  /// The step's own thread met the fault, or it was the only step under way.
  bool blamed = false;
  digest program; ///< Of the executable: a mended one begins anew.

  bool operator==(const program_died&) const = default;
};

bytes encode(const program_died& x);
expected<program_died>
decode(byte_view raw, std::uint8_t version, std::type_identity<program_died>);

using run_events = list<run_started, run_finished, spent, program_died>;

} // namespace fc::events
