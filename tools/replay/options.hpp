#pragma once

#include "events/log/snapshot/log_snapshot.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fc::replay {

/// What the user wants done; exactly one of the commands is set.
struct options {
  std::string log = "./fc-data-work/log";

  /// Command: "supabase", "sqlite", "jsonl", "parquet-tables" or "parquet".
  std::string project;
  std::string to;
  std::string database; ///< Address, from SUPABASE_DB_URL only: has a password.
  bool follow = false;
  bool once = false;    ///< Of --follow: end where the log ends.
  bool replace = false; ///< Of --project supabase.

  std::string audit; ///< Command: a pull request, "owner/repo#12".
  bool verify = false;
  bool funnel = false;
  bool failures = false;
  bool spend = false;
  bool windows = false;
  bool repositories = false;
  std::vector<events::log::log_point> diff; ///< Command: two points.
  bool dump = false;
  bool catalogue = false;
  bool rules = false; ///< With `catalogue`: of rules, not of events.
  bool repair = false;
  std::string backup;  ///< Command: folder of backups to add to.
  std::string restore; ///< Command: folder of backups to read.
  bool collect_garbage = false;

  std::string what_if; ///< Command: file of a policy.
  bool commit = false; ///< Of --what-if.
  bool all = false;    ///< Of --what-if: name all that change.
  std::string since;   ///< Of --what-if; empty for all.

  std::string stream; ///< Of --dump; empty for all.
  std::string check;  ///< Of --catalogue: file to compare with.
  bool json = false;
  std::string html; ///< Of --audit: file to write.
  /// Of reports and --what-if: this repository only.
  std::optional<events::repo_name> repo;
  /// The log ends here; for every command that only reads it.
  std::optional<events::log::log_point> until;
  std::uint32_t number = 0; ///< Of --restore; 0 for the newest.
  bool remove = false;      ///< Of --collect-garbage.
};

/// Reads the command line and FC_LOG.
/// @param exit_code Set when there is nothing to do: 0 after help, 2 after a
/// usage error that was printed as one line.
std::optional<options> parse(int argc, char** argv, int& exit_code);

} // namespace fc::replay
