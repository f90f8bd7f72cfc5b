#pragma once

#include "actors/discover/asv_config.hpp"
#include "actors/services/git/git_repository.hpp"
#include "events/repository.hpp"

#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace fc::actors {

/// An ASV benchmark suite as its configuration in the tree describes it.
struct asv_suite {
  std::string config; ///< Path of the configuration in the tree.
  std::string folder; ///< Path of the benchmark folder in the tree.
  std::vector<std::string> pythons;
  /// Requirement to the versions asked for; an empty version means any. Of
  /// both forms of `matrix`: plain, and below `req`.
  std::map<std::string, std::vector<std::string>> requirements;
  /// What was passed over on the way, e.g. an unusable configuration.
  std::string note;
  suite_settings settings;

  bool operator==(const asv_suite&) const = default;
};

/// Why a commit has no usable suite; one line.
struct no_suite {
  std::string reason;

  bool operator==(const no_suite&) const = default;
};

using suite_answer = std::variant<asv_suite, no_suite>;

/// Finds benchmark suites in the trees of one repository. What it learned of a
/// tree or file is kept by object id, so a further commit that has the same
/// configuration and folders costs one read of its top.
class suite_finder {
public:
  /// @param git Outlives the finder.
  explicit suite_finder(services::git_repository& git);
  ~suite_finder();
  suite_finder(suite_finder&&) noexcept;

  /// The usable configuration with the shallowest path, `asv.conf.json` before
  /// other names, then by name. An error means that git could not tell.
  events::expected<suite_answer> find(const std::string& commit);

  /// Ids of all configurations in the tree, by trees alone.
  events::expected<std::vector<std::string>> configs(const std::string& commit);

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Looks for a suite at these commits in turn, and states what it found as part
/// of `seen`: the first commit is its head.
events::error find_suite(services::git_repository& git,
                         const std::vector<std::string>& commits,
                         events::repository_seen& seen);

/// Ids of the configurations that the tree of a commit holds, whether or not
/// their contents are here.
events::expected<std::vector<std::string>>
suite_config_ids(services::git_repository& git, const std::string& commit);

/// One question to a fresh finder.
events::expected<suite_answer>
find_suite(services::git_repository& git, const std::string& commit);

} // namespace fc::actors
