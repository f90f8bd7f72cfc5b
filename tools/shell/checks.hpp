#pragma once

#include <CLI/CLI.hpp>

#include <string>

/// What holds for the options of both programs.
namespace fc::shell {

/// A number that can be compared and added: not `nan`, not `inf`.
extern const CLI::Validator finite_number;

/// Every option that takes a value refuses an empty one. Call it when all
/// options are there.
void refuse_empty_values(CLI::App& app);

/// The option that was given no value by `--option=`, which CLI11 would take
/// from the next word; empty if there is none.
std::string option_without_value(int argc, const char* const* argv);

} // namespace fc::shell
