#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace fc::tools {

/// Lines of the logger go to standard error: one line each, with what a
/// terminal would obey as escapes and without credentials.
void begin_diagnostics(const std::string& level, std::ostream* to = nullptr);

/// A text of others in one line of output, without credentials.
std::string printable_line(std::string_view text);

} // namespace fc::tools
