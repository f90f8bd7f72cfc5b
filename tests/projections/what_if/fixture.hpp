#pragma once

#include "projections/what_if/commit.hpp"
#include "tests/support/corpus/corpus.hpp"

#include <gmock/gmock.h>

#include <map>

namespace fc::projections::what_if {

using namespace events;

/// A piece of the shipped policy and what stands there instead.
using exchange = std::pair<std::string, std::string>;

/// The shipped policy's text with some pieces exchanged.
inline std::string text_with(const std::vector<exchange>& pieces) {
  std::string text{policy::shipped_policy()};
  for (const auto& [from, to] : pieces) {
    const auto at = text.find(from);
    if (at == std::string::npos)
      ADD_FAILURE() << "the shipped policy has no '" << from << "'";
    else
      text.replace(at, from.size(), to);
  }
  return text;
}

inline policy::policy parsed(const std::string& text) {
  auto result = policy::parse_policy(text, "test.toml");
  if (!result)
    ADD_FAILURE() << describe(result.error());
  return std::move(*result);
}

inline policy::policy policy_with(const std::vector<exchange>& pieces) {
  return parsed(text_with(pieces));
}

/// A corpus of made-up pull requests, judged under a policy.
inline std::unique_ptr<log::event_log>
corpus_log(const std::string& policy_text, std::size_t pull_requests,
           std::uint64_t seed = 1) {
  auto log = log::make_memory_log();
  support::corpus_options options;
  options.pull_requests = pull_requests;
  options.seed = seed;
  options.policy = policy_text;
  const auto done = support::write_corpus(*log, options);
  if (!done)
    ADD_FAILURE() << describe(done.error());
  return log;
}

/// Asks and commits, as the program does.
inline commit_result commit_all(log::event_log& log, const policy::policy& p) {
  std::vector<stream_name> differing;
  const auto found
    = ask(log, p, {}, [&](const stream_name& x) { differing.push_back(x); });
  if (!found)
    ADD_FAILURE() << describe(found.error());
  auto done = commit(log, p, "test.toml", differing);
  if (!done)
    ADD_FAILURE() << describe(done.error());
  return *done;
}

/// Each pull request as the fold of its stream.
inline std::map<stream_name, recorded_stream>
all_of(const log::log_reader& log) {
  std::map<stream_name, recorded_stream> result;
  const auto err = log.scan(1, [&](const record& at) {
    if (at.stream.starts_with("pr/")) {
      EXPECT_FALSE(fold(result[at.stream], at));
    }
    return true;
  });
  EXPECT_FALSE(err);
  return result;
}

} // namespace fc::projections::what_if
