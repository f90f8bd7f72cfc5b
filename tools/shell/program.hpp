#pragma once

#include "events/error.hpp"

#include <functional>
#include <string>

/// The beginning and the end of a program.
namespace fc::shell {

/// One line on standard error, without credentials, and with what a terminal
/// would obey as escapes.
void complain(const std::string& program, std::string text);

/// What an error says, without credentials and without the name of its code,
/// which is for programs.
std::string words_of(const events::error& x);

/// Standard output cannot be written: the disk is full, or it was closed.
/// Whoever reads it no longer is not told; ask `end_of`.
bool output_is_lost();

/// Runs a program from its first line to its last: opens what the shell left
/// closed of the standard files, so that no file of ours takes its place, shows
/// what others wrote as escapes, turns what is thrown into one line, and does
/// not end well when output is lost.
/// @param body Returns the exit code.
/// @returns the exit code; 1 if something was thrown or output is lost. Where
/// the reader of a pipe is gone the program ends by SIGPIPE, as is usual.
int run(const std::string& program, const std::function<int()>& body);

} // namespace fc::shell
