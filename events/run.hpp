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

  using fields
    = members<&stage_count::stage, &stage_count::done, &stage_count::rejected,
              &stage_count::failed, &stage_count::deferred>;
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

  using fields
    = members<&run_started::run, &run_started::configuration, &run_started::id,
              &run_started::start, &run_started::end, &run_started::control>;
  bool operator==(const run_started&) const = default;
};

/// The run ended; what remained undone is counted.
struct run_finished {
  static constexpr std::uint16_t tag = 701;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "RunFinished";

  std::vector<stage_count> stages;
  std::uint32_t published = 0;
  std::uint32_t failed = 0;

  using fields = members<&run_finished::stages, &run_finished::published,
                         &run_finished::failed>;
  bool operator==(const run_finished&) const = default;
};

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

  using fields
    = members<&spent::stage, &spent::wall_seconds, &spent::cpu_seconds,
              &spent::bytes, &spent::tokens, &spent::cost_usd, &spent::calls>;
  bool operator==(const spent&) const = default;
};

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

  using fields
    = members<&program_died::stream, &program_died::stage, &program_died::cause,
              &program_died::blamed, &program_died::program>;
  bool operator==(const program_died&) const = default;
};

using run_events = list<run_started, run_finished, spent, program_died>;

} // namespace fc::events
