#include "events/common/assert.hpp"

#include "events/common/shown.hpp"

#include <cstdio>
#include <cstdlib>

namespace fc::events::common {

void assertion_failed(const assertion& what, std::string_view names,
                      const std::string& values) noexcept {
  auto line = std::string{what.file} + ":" + std::to_string(what.line)
              + ": this must hold and does not: " + std::string{what.condition};
  if (!values.empty())
    line += " (" + std::string{names} + " = " + values + ")";
  line = shown(line) + "\n";
  std::fputs(line.c_str(), stderr);
  std::abort();
}

} // namespace fc::events::common
