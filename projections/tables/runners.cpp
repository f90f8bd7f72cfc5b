#include "projections/tables/runners.hpp"

#include "projections/json_text.hpp"

#include <algorithm>

namespace fc::projections {

namespace {

using enum column_type;

constexpr auto writing = source::writing;

constexpr column progress_columns[] = {
  {"runner_id", text, writing},  {"runner_name", text, writing},
  {"total", integer, writing},   {"completed", integer, writing},
  {"failed", integer, writing},  {"started_at", time, writing},
  {"updated_at", time, writing}, {"finished", boolean, writing},
};

// `id` is the event's position in the log.
constexpr column failure_columns[] = {
  {"id", bigint, writing},
  {"runner_id", text, writing},
  {"item_id", text, writing},
  {"error_message", text, writing},
  {"traceback", text, writing},
  {"created_at", time, writing},
  {"attempt_index", integer, writing},
  {"cause", text, writing},
  {"fingerprint", text, writing},
};

constexpr index failure_indexes[] = {
  {"runner_id"},
};

constexpr column error_columns[] = {
  {"id", bigint, writing},
  {"owner", text, writing},
  {"repo", text, writing},
  {"sha", text, writing},
  {"issue_number", integer, writing},
  {"attempt_index", integer, writing},
  {"agent_name", text, writing},
  {"success", boolean, writing},
  {"duration_s", real, writing},
  {"failure_stage", text, writing},
  {"failure_return_code", integer, writing},
  {"error_message", text, writing},
  {"agent_output", text, writing},
  {"files_changed", document, writing},
  {"created_at", time, writing},
  {"resource_metrics", document, writing},
  {"rate_limit_reset_at", time, writing},
};

constexpr index error_indexes[] = {
  {"owner, repo"},
  {"success"},
  {"failure_stage", "NOT success"},
};

std::string runner_of(std::string_view run, std::string_view stage) {
  std::string result{run};
  if (!stage.empty())
    result += "/" + std::string{stage};
  return result;
}

/// In the words of existing readers: the environment ("env") or the package
/// itself ("pkg").
cell failure_stage(const build_attempt& x) {
  if (x.built)
    return {};
  return make::text(x.side.empty() ? "env" : "pkg");
}

cell message_of(const build_attempt& x) {
  if (x.built)
    return {};
  return make::text(x.side.empty() ? x.trouble : x.side + ": " + x.trouble);
}

/// All of the attempt where its cost is known, else the sides alone.
cell duration_of(const build_attempt& x) {
  if (x.cost)
    return make::real(x.cost->wall_seconds);
  return x.side_seconds > 0 ? make::real(x.side_seconds) : cell{};
}

cell resources_of(const build_attempt& x) {
  auto result = json::object();
  if (x.side_seconds > 0)
    result["build_duration_s"] = x.side_seconds;
  if (x.cost && x.cost->cpu_seconds > 0)
    result["cpu_s"] = x.cost->cpu_seconds;
  return result.empty() ? cell{} : make::document(result);
}

} // namespace

const table runner_progress::rows{name, 1, progress_columns, audience::staff};
const table runner_failures::rows{name, 1, failure_columns, audience::staff,
                                  failure_indexes};
const table error_logs::rows{name, 1, error_columns, audience::staff,
                             error_indexes};

namespace {

stage_tally tally_of(const events::stage_count& x) {
  const auto completed = x.done + std::uint64_t{x.rejected};
  return {completed + x.failed + x.deferred, completed, x.failed};
}

/// What the run itself counted when it ended.
run_status finished(run_status x) {
  const auto& end = *x.run.finished;
  x.all
    = {end.published + std::uint64_t{end.failed}, end.published, end.failed};
  for (const auto& [name, each] : x.run.stages) {
    x.all.total += each.rejected + std::uint64_t{each.deferred};
    x.all.completed += each.rejected;
    if (const auto stage = events::stage_from(name))
      x.stages[static_cast<std::size_t>(*stage)] = tally_of(each);
  }
  return x;
}

} // namespace

void runner_progress::put(const run_status& status) {
  const bool ended = status.run.finished.has_value();
  const auto x
    = ended && !status.run.stages.empty() ? finished(status) : status;
  const auto put_row = [&](std::string_view stage, const stage_tally& tally) {
    to.rows.upsert(rows, {
                           make::text(runner_of(x.run.run, stage)),
                           make::text(stage.empty() ? "fc-data" : stage),
                           make::integer(tally.total),
                           make::integer(tally.completed),
                           make::integer(tally.failed),
                           make::time_of(x.run.started_at),
                           make::time_of(x.run.last),
                           make::flag(ended),
                         });
  };
  put_row("", x.all);
  for (std::size_t i = 0; i < x.stages.size(); ++i)
    put_row(to_string(static_cast<events::stage>(i)), x.stages[i]);
  // Stages of an older or a newer program.
  for (const auto& [stage, each] : x.run.stages)
    if (!events::stage_from(stage))
      put_row(stage, tally_of(each));
}

void runner_failures::apply(const event_context& m,
                            const events::attempt_failed& x) {
  if (m.pull_request == nullptr)
    return;
  to.rows.upsert(rows, {
                         make::integer(m.at.at),
                         make::text(runner_of(m.at.run, x.stage)),
                         make::text(m.pull_request->id.str()),
                         make::text(x.message),
                         cell{},
                         make::time_of(m.at.recorded_at),
                         make::integer(std::max(x.attempt, 1U) - 1),
                         make::text_or_null(x.cause),
                         make::hex(x.fingerprint),
                       });
}

void error_logs::put(const pull_request_view& x) {
  const auto& facts = x.state.facts;
  for (std::size_t i = 0; i < x.builds.size(); ++i) {
    const auto& each = x.builds[i];
    to.rows.upsert(rows, {
                           make::integer(each.id),
                           make::text(x.id.repo.owner()),
                           make::text(x.id.repo.name()),
                           make::text(facts ? facts->merge : std::string{}),
                           make::integer(x.id.number),
                           make::integer(i),
                           // No model writes the build, as with `--agent none`.
                           make::text("none"),
                           make::flag(each.built),
                           duration_of(each),
                           failure_stage(each),
                           cell{},
                           message_of(each),
                           cell{},
                           cell{},
                           make::time_of(each.at),
                           resources_of(each),
                           cell{},
                         });
  }
}

} // namespace fc::projections
