#pragma once

#include "events/error.hpp"
#include "events/ids.hpp"
#include "tools/fc-data/judge_options.hpp"
#include "tools/fc-data/repositories/options.hpp"
#include "tools/shell/environment.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fc::tools {

/// A pull request named by the user: `owner/name#12`, with
/// `owner/name#12@BASE..MERGE` where the history does not name it.
struct task_option {
  events::pull_request_id id;
  std::string base;
  std::string merge;
};

/// All settings of fc-data, read once from flags and `FC_…` variables.
struct options {
  std::vector<std::string> sources; ///< Local repositories or URLs.
  std::string repo;                 ///< `owner/name` of a single source.
  std::string head = "HEAD";
  std::optional<events::timestamp> start;
  std::optional<events::timestamp> end; ///< Exclusive.
  std::vector<task_option> tasks;
  std::filesystem::path work = "fc-data-work";
  std::filesystem::path policy;  ///< Empty: the shipped one.
  std::filesystem::path dataset; ///< Empty: below `work`.
  std::filesystem::path interpreter = "/usr/bin/python3";
  std::filesystem::path data;          ///< Folder of `bench/` and `python/`.
  std::string index = "auto";          ///< "auto", "none" or a URL.
  std::string pip_index_url;           ///< PIP_INDEX_URL, as pip reads it.
  std::filesystem::path evidence_from; ///< Another log.
  bool control = false;                ///< A/A: base against base.
  bool keep_sandboxes = false;
  bool plain = false; ///< No live lines, even on a terminal.
  std::string log_level = "warn";
  bool preflight = false; ///< Check what a run would need, and run nothing.
  bool json = false;      ///< Of the preflight.
  judge_options judge;
  repository_options repositories;
  std::vector<shell::ignored_setting> ignored; ///< That somebody set.
  bool names_no_judge = false; ///< Neither a model nor who judges.

  /// Nothing is to be run: exclusions are recorded, and that is all.
  bool only_orders() const {
    return sources.empty() && !repositories.any()
           && !repositories.orders.empty();
  }
};

/// How the program ended; documented in the README.
enum class exit_code : int {
  done = 0,
  could_not_run = 1,
  usage = 2,
  some_failed = 3,
  interrupted = 130,
};

/// What the command line asks for.
struct parsed_options {
  options values;
  /// Set when there is nothing to run: help was printed, or usage was wrong.
  std::optional<exit_code> exit;
};

/// Reads the command line; prints help or one clear line itself.
parsed_options parse_options(int argc, char** argv);

/// Reads `a/b#1,a/b#2@BASE..MERGE`, or one such spec a line from `@FILE`.
events::expected<std::vector<task_option>> parse_tasks(const std::string& text);

} // namespace fc::tools
