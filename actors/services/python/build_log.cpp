#include "actors/services/python/build_log.hpp"

#include "events/common/utf8.hpp"

#include <algorithm>
#include <cctype>

namespace fc::actors::services {

namespace {

/// Longer lines are cut: they go into an event.
constexpr std::size_t max_line_bytes = 500;

std::string_view trimmed(std::string_view line) {
  auto start = line.find_first_not_of(" \t\r|");
  if (start == std::string_view::npos)
    return {};
  return line.substr(start, line.find_last_not_of(" \t\r") - start + 1);
}

bool has(std::string_view line, std::string_view part) {
  return line.find(part) != std::string_view::npos;
}

/// What pip says about a failure of something else.
bool is_wrapper(std::string_view line) {
  for (std::string_view start : {"error: subprocess-exited-with-error",
                                 "error: metadata-generation",
                                 "error: legacy-install-failure",
                                 "ERROR: Failed building wheel",
                                 "ERROR: Could not build wheels",
                                 "ERROR: Failed to build",
                                 "note: ",
                                 "hint: ",
                                 "× ",
                                 "╰─>",
                                 "[end of output]",
                                 "---",
                                 "Encountered error while",
                                 "See above for output",
                                 "exit code: ",
                                 "subprocess.CalledProcessError: ",
                                 "WARNING: ",
                                 "[notice]",
                                 "$ ",
                                 "ninja: build stopped",
                                 "make: *** ",
                                 "gmake: *** "})
    if (line.starts_with(start))
      return true;
  // Carets below a line of a traceback, or of a compiler's.
  return line.find_first_not_of("^~-=_ ") == std::string_view::npos;
}

/// What a tool that gives up names as the reason. Whoever called it raises a
/// CalledProcessError, which says nothing.
bool is_fatal(std::string_view line) {
  return line.starts_with("fatal: ") || has(line, "CMake Error: ")
         || (has(line, "meson.build:") && has(line, "ERROR: "))
         || has(line, "unable to execute '")
         || (line.starts_with("error: command '")
             && has(line, "No such file or directory"))
         || has(line, "command not found")
         || has(line, "setuptools-scm was unable to detect version")
         || has(line, "No CMAKE_CXX_COMPILER could be found")
         || has(line, "No CMAKE_C_COMPILER could be found")
         || line.starts_with("ERROR: Could not find a version that satisfies");
}

bool is_compiler_error(std::string_view line) {
  return has(line, ": error: ") || has(line, ": fatal error: ")
         || has(line, "undefined reference to ")
         || has(line, ": cannot find -l") || line.starts_with("error[E")
         || line.starts_with("Error compiling Cython file");
}

/// `some.module.NameError: text`.
bool is_exception(std::string_view line) {
  auto name = line.substr(0, line.find(':'));
  if (name.empty() || std::isalpha(static_cast<unsigned char>(name[0])) == 0)
    return false;
  auto plain = std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_';
  });
  auto last = name.substr(name.rfind('.') + 1);
  return plain && name != "ERROR"
         && (last.ends_with("Error") || last.ends_with("Exception")
             || last.ends_with("Unavailable"));
}

bool is_error(std::string_view line) {
  return line.starts_with("error: ") || line.starts_with("ERROR: ");
}

/// Events and tables hold UTF-8 only; what a compiler prints may be anything.
std::string as_utf8(std::string_view line) {
  return events::common::clean_utf8(line.substr(0, max_line_bytes));
}

} // namespace

std::string significant_line(std::string_view log) {
  std::string_view fatal;
  std::string_view compiler;
  std::string_view exception;
  std::string_view error;
  std::string_view last;
  while (!log.empty()) {
    auto end = std::min(log.find('\n'), log.size());
    auto line = trimmed(log.substr(0, end));
    log.remove_prefix(std::min(end + 1, log.size()));
    if (line.empty() || is_wrapper(line))
      continue;
    last = line;
    if (is_fatal(line))
      fatal = line;
    else if (is_compiler_error(line))
      compiler = line;
    else if (is_exception(line))
      exception = line;
    else if (is_error(line))
      error = line;
  }
  for (auto line : {compiler, exception, fatal, error, last})
    if (!line.empty())
      return as_utf8(line);
  return {};
}

bool asks_git(std::string_view log) {
  for (std::string_view phrase :
       {"not a git repository", "git describe", "'git', 'describe'",
        "'git', 'rev-parse'", "InvalidGitRepositoryError", "NotVCSError",
        "No names found, cannot describe anything", "unable to detect version",
        "cannot find .git", "No git repository"})
    if (has(log, phrase))
      return true;
  return false;
}

} // namespace fc::actors::services
