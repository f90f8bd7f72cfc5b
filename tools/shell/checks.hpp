#pragma once

#include <CLI/CLI.hpp>

#include <string>

/// What holds for the options of both programs.
namespace fc::shell {

/// Every option that takes a value refuses an empty one; one that takes a
/// number refuses `nan`, `inf`, and a whole one what would wrap around. No
/// number of ours is negative. Call it when all options are there.
void check_all_values(CLI::App& app);

/// The option that was given no value by `--option=`, which CLI11 would take
/// from the next word; empty if there is none.
std::string option_without_value(int argc, const char* const* argv);

/// What CLI11 found wrong. What was given to an option that is none is not
/// repeated: it may be a key.
std::string usage_error_text(const CLI::ParseError& err, const CLI::App& app);

} // namespace fc::shell
