#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Settings that come from around the program rather than its command line.
namespace fc::shell {

/// A variable that something here reads.
struct known_variable {
  std::string_view name;
  /// The option that says the same; empty where there is none, as for keys.
  std::string_view option;
  std::string_view reader; ///< "fc-data", "fcreplay" or "tests".
};

/// All of `FC_…`, in the order of their names.
std::span<const known_variable> known_variables() noexcept;

/// Something that looks like a setting and that nothing reads.
struct ignored_setting {
  std::string name;
  std::string instead; ///< What to use, half a sentence.
  /// It says which model judges, as another program was told.
  bool names_model = false;
};

/// "FC_WROK is set, but nothing reads it; did you mean FC_WORK?"
std::string to_string(const ignored_setting& x);

/// What nothing reads: `FC_…` that is in no table, and what the older Python
/// pipeline was told by. Values are not looked at, but for being empty.
/// @param environment As `environ`.
/// @param folder Where a `tokens.env` may lie: the working folder.
std::vector<ignored_setting>
ignored_settings(const char* const* environment,
                 const std::filesystem::path& folder);

/// The same of this process.
std::vector<ignored_setting> ignored_settings();

/// Says each on standard error, a line each.
void warn_ignored(const std::string& program,
                  const std::vector<ignored_setting>& all);

} // namespace fc::shell
