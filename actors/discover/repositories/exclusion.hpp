#pragma once

#include "events/ids.hpp"

#include <string>

namespace fc::actors {

/// What a person asks for.
struct exclusion_order {
  events::repo_name repo;
  std::string reason;
  bool readmit = false;
};

} // namespace fc::actors
