#pragma once

#include "actors/discover/repositories/exclusion.hpp"
#include "events/log/event_log.hpp"
#include "projections/views.hpp"

#include <functional>
#include <map>
#include <string>

namespace fc::actors {

/// What the log says of one repository, and how long its stream is.
struct known_repository {
  projections::repository_view view;
  events::sequence seq = 0;
};

/// All repositories of the log, by the name of their stream.
class known_repositories {
public:
  static events::expected<known_repositories>
  read(const events::log::log_reader& log);

  /// Of this very name, or null.
  const known_repository* find(const events::repo_name& repo) const;
  /// The stream that a service's identity was first stored in, or null.
  const known_repository* by_node_id(const std::string& id) const;
  /// Of this name in any case, or null.
  const known_repository* by_folded_name(const events::repo_name& repo) const;
  /// Those that are excluded, by name.
  std::vector<const projections::repository_view*> excluded() const;

private:
  std::map<events::repo_name, known_repository> all_;
  std::map<std::string, events::repo_name, std::less<>> ids_;
  std::map<std::string, events::repo_name, std::less<>> names_;
};

/// Records what a person excludes and readmits; what already stands so is
/// recorded once. @returns one line an order that says what came of it.
/// `ec::invalid_argument` for a readmission of what a person did not exclude
/// but a rule did.
events::expected<std::vector<std::string>>
record_exclusions(events::log::event_log& log,
                  const std::vector<exclusion_order>& orders,
                  const std::string& run);

} // namespace fc::actors
