#pragma once

#include "actors/services/python/interpreter.hpp"

#include <mutex>
#include <string>

namespace fc::actors::services {

/// The package index of this run.
struct index_choice {
  std::string url;    ///< Empty: none. May hold a password.
  std::string shown;  ///< For events and logs: no password, or "none".
  std::string reason; ///< Why this one, or why none.
};

/// Finds out once whether a package index answers; safe from all threads.
class package_index {
public:
  /// @param wanted "none", an address, or empty to use what is configured.
  /// @param pip_index_url Value of PIP_INDEX_URL; may be empty.
  package_index(std::string wanted, std::string pip_index_url,
                const interpreter& python);

  /// Blocks for at most about six seconds, the first time.
  const index_choice& answer();

private:
  index_choice find() const;

  std::string wanted_;
  std::string pip_index_url_;
  std::string configured_;
  std::once_flag once_;
  index_choice choice_;
};

} // namespace fc::actors::services
