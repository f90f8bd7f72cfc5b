#pragma once

#include <string>
#include <string_view>

namespace fc::actors::services {

/// The line of a build's log that says best why it failed: the last error of a
/// compiler, else the last Python exception, else the last line that begins
/// with "error", else the last line. pip's own summary lines say nothing.
std::string telling_line(std::string_view log);

} // namespace fc::actors::services
