#pragma once

#include "events/log/event_log.hpp"
#include "tools/replay/options.hpp"

/// One function a command; each writes its answer to standard output.
namespace fc::replay {

using events::error;
using events::log::log_reader;

/// What a command came to: an error if it could not run, else whether all is
/// well.
using verdict = events::expected<bool>;

verdict project(const log_reader& log, const options& x);
/// SIGINT and SIGTERM wait until `follow` looks for them. Before any thread is
/// started: others would take them.
void hold_signals();
/// Keeps tables up with the log until a signal or `once`.
/// @pre `hold_signals` was called.
verdict follow(log_reader& log, const options& x);
verdict audit(const log_reader& log, const options& x);
verdict verify(const log_reader& log);
verdict show_funnel(const log_reader& log, const options& x);
verdict show_failures(const log_reader& log, const options& x);
verdict show_spend(const log_reader& log, const options& x);
verdict show_windows(const log_reader& log, const options& x);
verdict show_repositories(const log_reader& log, const options& x);
verdict show_diff(const log_reader& log, const options& x);
verdict what_if(const log_reader& log, const options& x);
verdict dump(const log_reader& log, const options& x);
verdict catalogue(const options& x);

// These open the log by themselves, and change it or its folder.
verdict repair(const options& x);
verdict back_up(const options& x);
verdict restore(const options& x);
verdict collect_garbage(const options& x);
verdict commit_what_if(const options& x);

} // namespace fc::replay
