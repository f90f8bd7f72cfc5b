#pragma once

#include "actors/discover/repositories/exclusion.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace fc::tools {

/// Which repositories are read from GitHub, and as whom it is asked. Tokens
/// come from the environment alone: a command line is seen by everybody on the
/// machine.
struct repository_options {
  /// `list:FILE`, `jsonl:FILE`, `parquet:FILE`, `code-search`, `bigquery`, or
  /// names; checked.
  std::vector<std::string> sources;
  std::vector<actors::exclusion_order> orders; ///< In the order given.

  std::string api = "https://api.github.com";
  std::string git_url = "https://github.com/{name}.git";
  std::vector<std::string> tokens; ///< GH_TOKENS, or GH_TOKEN.
  std::string app;                 ///< Id of a GitHub App; empty: none.
  std::filesystem::path app_key;
  std::vector<std::string> installations;
  std::uint32_t at_once = 4; ///< Repositories read at the same time.
  double audit_share = 0.01; ///< Of diffs, compared with GitHub's.

  std::string bigquery_api = "https://bigquery.googleapis.com";
  std::string bigquery_project;
  std::string bigquery_location = "US";
  std::uint64_t bigquery_max_bytes = 100'000'000'000;
  std::filesystem::path bigquery_key; ///< Of a service account.
  std::string bigquery_token;         ///< Made by somebody else.

  /// As the user wrote them; `finish_repository_options` reads them.
  std::vector<std::string> exclude;
  std::vector<std::string> readmit;

  bool any() const {
    return !sources.empty();
  }
  bool asks(const std::string& source) const;
};

/// Adds the options to a command line.
void add_repository_options(CLI::App& app, repository_options& x);

/// Reads the tokens, and checks what was given.
/// @returns one clear mistake of the user, if there is one.
events::error finish_repository_options(repository_options& x);

/// What a restart must have in common, as JSON; without tokens. Empty where
/// nothing is read from GitHub.
std::string repository_configuration(const repository_options& x);

} // namespace fc::tools
