#pragma once

#include "actors/build/workspace.hpp"
#include "actors/services/git/git_repository.hpp"
#include "actors/services/python/declared_package.hpp"
#include "actors/services/python/package_index.hpp"
#include "events/policy/policy.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace fc::actors {

/// Places and choices of a run, as the program was told.
struct stage_context_options {
  std::filesystem::path work; ///< Sandboxes go below it.
  std::filesystem::path interpreter;
  /// Holds `bench/fcbench` and `python/fcmeta.py`.
  std::filesystem::path data;
  std::string index; ///< "none", an address, or empty: what is configured.
  std::string pip_index_url;
  bool control = false; ///< A/A: the patched side is base again.
  bool keep_sandboxes = false;
  int cpu = -1; ///< Processor for trials, -1 for any.
  /// Where the git repository of each repository lies.
  std::map<events::repo_name, std::filesystem::path> repositories;
};

/// What the stages that build and measure share: the sandbox, the interpreter,
/// the index and where things lie. Safe from several threads.
class stage_context {
public:
  /// @returns an error when there is no usable interpreter or no harness.
  static events::expected<std::shared_ptr<stage_context>>
  open(stage_context_options options,
       std::shared_ptr<const events::policy::policy> policy);

  const stage_context_options& options() const noexcept {
    return options_;
  }
  const events::policy::policy& policy() const noexcept {
    return *policy_;
  }
  const services::python_tools& tools() const noexcept {
    return *tools_;
  }
  services::sandbox& sandbox() noexcept {
    return *sandbox_;
  }
  services::package_index& index() noexcept {
    return *index_;
  }
  std::filesystem::path harness() const {
    return options_.data / "bench";
  }
  workspace space(const events::pull_request_id& id) const;

  /// Removes what is no longer needed: a sandbox, or a folder in one, and the
  /// sandbox with it if nothing else is in there. What cannot be removed is
  /// logged and counted: it costs disk, not a verdict.
  void tidy_up(const workspace& space);
  void tidy_up(const workspace& space, const std::filesystem::path& folder);
  /// How many sandboxes were left behind.
  std::uint32_t left_behind() const noexcept {
    return left_behind_;
  }

  /// One more repository, before the first stage asks for any.
  void add_repository(const events::repo_name& name,
                      const std::filesystem::path& path) {
    options_.repositories.insert_or_assign(name, path);
  }

  /// A reader of its own for the caller's thread. Where the clone has no
  /// contents, those of `commits` are brought first, in one operation.
  events::expected<std::unique_ptr<services::git_repository>>
  repository(const events::repo_name& name,
             const std::vector<std::string>& commits,
             const services::stop_flag& stop) const;

private:
  stage_context() = default;

  stage_context_options options_;
  std::shared_ptr<const events::policy::policy> policy_;
  std::unique_ptr<services::sandbox> sandbox_;
  std::unique_ptr<services::python_tools> tools_;
  std::unique_ptr<services::package_index> index_;
  std::atomic<std::uint32_t> left_behind_ = 0;
};

using stage_context_ptr = std::shared_ptr<stage_context>;

} // namespace fc::actors
