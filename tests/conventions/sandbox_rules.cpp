#include "tests/conventions/text_rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace fc::conventions {

namespace {

/// Folders whose code works on folders that sandboxed code could write.
constexpr std::array<std::string_view, 4> watched{
  "actors/build", "actors/verify", "actors/services/python",
  "actors/services/sandbox"};

/// What follows links, waits for pipes, reads without bound, or stops at a
/// folder without permissions.
constexpr std::array<std::string_view, 13> forbidden{
  "ifstream",  "ofstream",         "directory_iterator",
  "fs::copy",  "filesystem::copy", "remove_all",
  "file_size", "fopen(",           "::open(",
  "::openat(", "::stat(",          "read_symlink",
  "canonical("};

/// A file that may do so, and why.
struct exception {
  std::string_view file;
  std::string_view word;
  std::string_view why;
};

constexpr std::array<exception, 9> allowed{{
  {"actors/services/sandbox/sandbox_files.cpp", "::open(", "the helper"},
  {"actors/services/sandbox/sandbox_files.cpp", "::openat(", "the helper"},
  {"actors/services/sandbox/remove_tree.cpp", "::open(", "the helper"},
  {"actors/services/sandbox/remove_tree.cpp", "::openat(", "the helper"},
  {"actors/services/sandbox/system_view.cpp", "directory_iterator",
   "/etc and /proc of this machine"},
  {"actors/services/sandbox/system_view.cpp", "read_symlink",
   "links like /bin of this machine"},
  {"actors/verify/harbor_healthcheck.cpp", "ifstream", "/proc/cpuinfo"},
  {"actors/build/instrument.cpp", "directory_iterator",
   "the interpreter's packages and the harness"},
  {"actors/build/instrument.cpp", "ifstream", "the harness"},
}};

bool is_allowed(std::string_view file, std::string_view word) {
  return std::ranges::any_of(allowed, [&](const exception& each) {
    return each.file == file && each.word == word;
  });
}

/// A function of the system, not a member like `sandbox_files::open(`.
bool stands_alone(const std::string& line, std::size_t at) {
  return at == 0
         || (std::isalnum(static_cast<unsigned char>(line[at - 1])) == 0
             && line[at - 1] != '_');
}

bool has(const std::string& line, std::string_view word) {
  for (auto at = line.find(word); at != std::string::npos;
       at = line.find(word, at + 1))
    if (!word.starts_with("::") || stands_alone(line, at))
      return true;
  return false;
}

} // namespace

breaches check_sandbox_reads(const source_tree& tree) {
  breaches found;
  for (const auto& [path, file] : tree.files) {
    if ((!file.is_source() && !file.is_header())
        || std::ranges::none_of(
          watched, [&](std::string_view each) { return file.below(each); }))
      continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto code = file.lines[i].substr(0, file.lines[i].find("//"));
      for (const auto word : forbidden)
        if (has(code, word) && !is_allowed(path, word))
          found.push_back(
            {path, i + 1, "sandbox.read",
             std::string{word}
               + ": a sandbox may have written there; use sandbox_files or "
                 "remove_tree of actors/services/sandbox"});
    }
  }
  return found;
}

} // namespace fc::conventions
