#pragma once

#include "actors/services/process/process.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::actors {

/// A repository that a source names. What it is, is asked of the service.
struct named_repository {
  events::repo_name repo; ///< As the source spells it; may be an old name.
  std::string found_by;   ///< E.g. "code-search"; several joined by ", ".

  bool operator==(const named_repository&) const = default;
};

/// Something a source found and does not name, and why.
struct left_out {
  std::string what;
  std::string reason;

  bool operator==(const left_out&) const = default;
};

/// What a source found, and what that took.
struct repository_listing {
  std::vector<named_repository> found;
  std::vector<left_out> passed_over;
  std::uint32_t calls = 0; ///< Requests, repeated ones too.
  std::uint64_t bytes = 0; ///< That a query read.
  double cost_usd = 0;
  /// Why there may be more than was found; empty: it is all there is.
  std::string cut;
};

/// Where repositories are found. Blocks; called once.
class repository_source {
public:
  virtual ~repository_source() = default;
  /// As the user names it, e.g. "list:names.txt".
  virtual std::string name() const = 0;
  /// @returns what was found, in the source's order; an error that names the
  /// source, and the line where it is a file.
  virtual events::expected<repository_listing>
  list(const services::stop_flag& stop) = 0;
};

} // namespace fc::actors
