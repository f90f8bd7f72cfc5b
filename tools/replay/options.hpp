#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace fc::replay {

/// What the user wants done; exactly one of the commands is set.
struct options {
  std::string log = "./fc-data-work/log";

  std::string project; ///< Command: "sqlite" or "parquet".
  std::string to;
  bool follow = false;

  std::string audit; ///< Command: a pull request, "owner/repo#12".
  bool verify = false;
  bool funnel = false;
  bool dump = false;
  bool catalogue = false;
  bool repair = false;
  std::string backup;  ///< Command: folder of backups to add to.
  std::string restore; ///< Command: folder of backups to read.
  bool collect_garbage = false;

  std::string what_if; ///< Command: file of a policy.
  bool commit = false; ///< Of --what-if.
  bool all = false;    ///< Of --what-if: name all that change.
  std::string since;   ///< Of --what-if; empty for all.
  std::string repo;    ///< Of --what-if; empty for all.

  std::string stream; ///< Of --dump; empty for all.
  std::string check;  ///< Of --catalogue: file to compare with.
  bool json = false;
  std::uint32_t number = 0; ///< Of --restore; 0 for the newest.
  bool remove = false;      ///< Of --collect-garbage.
};

/// Reads the command line and FC_LOG.
/// @param exit_code Set when there is nothing to do: 0 after help, 2 after a
/// usage error that was printed as one line.
std::optional<options> parse(int argc, char** argv, int& exit_code);

} // namespace fc::replay
