#pragma once

#include <string>
#include <string_view>

namespace fc::actors::services {

/// The line of a build's log that says best why it failed: the last error of a
/// compiler, else the last Python exception, else what a tool named as fatal
/// (git, CMake, Meson), else the last line that begins with "error", else the
/// last line. pip's own summary lines and walls of carets say nothing.
std::string significant_line(std::string_view log);

/// Whether the build failed because it asked git about its tree, which is no
/// repository.
bool asks_git(std::string_view log);

} // namespace fc::actors::services
