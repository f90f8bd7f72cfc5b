#pragma once

#include "events/log/event_log.hpp"
#include "events/policy/policy.hpp"
#include "tests/support/corpus/evidence.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace fc::support {

/// What corpus to write.
struct corpus_options {
  std::size_t pull_requests = 250'000;
  /// About so many events in all, more waiting and cost being told of where the
  /// stages alone give fewer; 0 for what the stages give.
  std::size_t events = 0;
  std::uint64_t seed = 1;
  /// Folder with the rows of real pull requests; empty for made-up ones.
  std::filesystem::path rows;
  std::string policy; ///< Text; empty for the shipped one.
  /// Digest of a dataset row; none for a made-up one.
  row_function row;
};

/// What was written.
struct corpus_report {
  std::size_t repositories = 0;
  std::size_t pull_requests = 0;
  std::size_t events = 0;
  std::size_t passed = 0;   ///< The symbolic rules.
  std::size_t judged = 0;   ///< As performance work.
  std::size_t measured = 0; ///< With a trial.
  std::size_t published = 0;
  std::size_t failed = 0; ///< Ended without a verdict.
};

/// Writes a corpus into an empty log: the policy, repositories, all pull
/// requests with the symbolic verdict, windows by month, then the later stages
/// of each that passed, and one run round it all. The same options give the
/// same streams and events.
/// @returns `ec::invalid_argument` for a log with records, and what reading the
/// rows, the policy and the log said.
events::expected<corpus_report>
write_corpus(events::log::event_log& to, const corpus_options& options);

} // namespace fc::support
