#pragma once

#include "events/log/event_log.hpp"
#include "tools/replay/options.hpp"

/// One function a command; each writes its answer to standard output.
namespace fc::replay {

using events::error;
using events::log::log_reader;

/// What a command came to: an error if it could not run, else whether all is
/// well.
using command_result = events::expected<bool>;

command_result project(const log_reader& log, const options& x);
/// SIGINT and SIGTERM wait until `follow` looks for them. Before any thread is
/// started: others would take them.
void hold_signals();
/// Keeps tables up with the log until a signal or `once`.
/// @pre `hold_signals` was called.
command_result follow(log_reader& log, const options& x);
command_result audit(const log_reader& log, const options& x);
command_result verify(const log_reader& log);
command_result show_funnel(const log_reader& log, const options& x);
command_result show_failures(const log_reader& log, const options& x);
command_result show_spend(const log_reader& log, const options& x);
command_result show_windows(const log_reader& log, const options& x);
command_result show_repositories(const log_reader& log, const options& x);
command_result show_diff(const log_reader& log, const options& x);
command_result what_if(const log_reader& log, const options& x);
command_result dump(const log_reader& log, const options& x);
command_result catalogue(const options& x);

// These open the log by themselves, and change it or its folder.
command_result repair(const options& x);
command_result back_up(const options& x);
command_result restore(const options& x);
command_result collect_garbage(const options& x);
command_result commit_what_if(const options& x);

} // namespace fc::replay
