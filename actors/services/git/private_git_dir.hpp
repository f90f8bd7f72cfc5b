#pragma once

#include "actors/services/process/process.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace fc::actors::services {

/// A git folder of our own that borrows the objects of a repository. Git run
/// in it never sees the repository's settings, attributes, hooks, replacements
/// or remotes, cannot fetch, and has nothing of the repository to write to.
/// Holds no branches: commits are named by id there. Removed when it goes.
class private_git_dir {
public:
  /// @param path A bare or ordinary repository, its folder or its .git.
  /// @param stop Ends every git that is run here.
  /// @returns `ec::invalid_argument` when it is no repository.
  static expected<std::unique_ptr<private_git_dir>>
  open(const std::filesystem::path& path, const stop_flag& stop = {});

  private_git_dir(const private_git_dir&) = delete;
  private_git_dir& operator=(const private_git_dir&) = delete;
  ~private_git_dir();

  /// `git args...` on the borrowed objects.
  process_spec command(std::vector<std::string> args) const;

  /// `git args...` on the repository itself, for what only it knows: its
  /// branches and its origin.
  process_spec source_command(std::vector<std::string> args) const;

  /// Our own folder; a place for indexes.
  const std::filesystem::path& folder() const noexcept {
    return folder_;
  }

  const stop_flag& stop() const noexcept {
    return stop_;
  }

  /// Where the repository keeps its submodules' repositories.
  const std::filesystem::path& modules() const noexcept {
    return modules_;
  }

  /// Commits at which a shallow clone ends: their parents are not there.
  const std::vector<std::string>& shallow() const noexcept {
    return shallow_;
  }

private:
  private_git_dir() = default;
  events::error locate(const std::filesystem::path& path);
  events::error create();

  std::filesystem::path folder_;
  std::filesystem::path modules_;
  stop_flag stop_;
  std::string source_;  ///< The repository's git folder.
  std::string objects_; ///< Its object folder.
  std::string format_;  ///< "sha1" or "sha256".
  std::string shallow_text_;
  std::vector<std::string> shallow_;
};

/// The environment that every git gets; nothing else is inherited.
std::map<std::string, std::string> git_environment();

/// How a git that failed or could not go on is reported.
events::error git_failed(std::string_view what, const process_result& result);

} // namespace fc::actors::services
