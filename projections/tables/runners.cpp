#include "projections/tables/runners.hpp"

#include "projections/tables/pull_request_row.hpp"

#include <algorithm>

namespace fc::projections {

namespace {

using enum column_type;

constexpr auto writing = source::writing;

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

struct progress_row {
  const run_status& status;
  std::string_view stage; ///< Empty for all of the run.
  stage_tally tally;

  template <class Part>
  const Part* part() const {
    if constexpr (std::is_same_v<Part, run_view>)
      return &status.run;
    else
      return &tally;
  }
};

constexpr auto progress_columns = columns_from<progress_row>({
  {"runner_id", text,
   [](const progress_row& x) {
     return make::text(runner_of(x.status.run.run, x.stage));
   },
   required, writing},
  {"runner_name", text,
   [](const progress_row& x) {
     return make::text(x.stage.empty() ? "fc-data" : x.stage);
   },
   writing},
  {"total", integer, as_is<&stage_tally::total>, writing},
  {"completed", integer, as_is<&stage_tally::completed>, writing},
  {"failed", integer, as_is<&stage_tally::failed>, writing},
  {"started_at", time, as_is<&run_view::started_at>, writing},
  {"updated_at", time, as_is<&run_view::last>, writing},
  {"finished", boolean,
   [](const run_view& x) { return make::flag(x.finished.has_value()); },
   writing},
});

struct failure_row {
  const event_context& context;
  const attempt_failed& failure;

  template <class Part>
  const Part* part() const {
    if constexpr (std::is_same_v<Part, record>)
      return &context.at;
    else
      return &failure;
  }
};

constexpr auto failure_columns = columns_from<failure_row>({
  {"id", bigint, as_is<&record::at>, required, writing,
   "the position of the event in the log"},
  {"runner_id", text,
   [](const failure_row& x) {
     return make::text(runner_of(x.context.at.run, x.failure.stage));
   },
   writing},
  {"item_id", text,
   [](const failure_row& x) {
     return make::text(x.context.pull_request->id.str());
   },
   writing},
  {"error_message", text, as_is<&attempt_failed::message>, writing},
  {"traceback", text, unrecorded, writing},
  {"created_at", time, as_is<&record::recorded_at>, writing},
  {"attempt_index", integer,
   [](const attempt_failed& x) {
     return make::integer(std::max(x.attempt, 1U) - 1);
   },
   writing},
  {"cause", text, or_null<&attempt_failed::cause>, writing},
  {"fingerprint", text, as_is<&attempt_failed::fingerprint>, writing},
});

constexpr index failure_indexes[] = {
  {"runner_id"},
};

struct error_row : pull_request_row {
  const build_attempt& attempt;
  std::size_t index = 0; ///< The first of a pull request is 0.

  template <class Part>
  const Part* part() const {
    if constexpr (std::is_same_v<Part, build_attempt>)
      return &attempt;
    else
      return pull_request_row::part<Part>();
  }
};

constexpr auto error_columns = columns_from<error_row>({
  {"id", bigint, as_is<&build_attempt::id>, required, writing},
  {"owner", text, owner_of, writing},
  {"repo", text, repo_of, writing},
  {"sha", text,
   [](const error_row& x) {
     const auto* facts = x.part<scraped>();
     return make::text(facts ? facts->merge : std::string{});
   },
   writing},
  {"issue_number", integer, number_of, writing},
  {"attempt_index", integer, as_is<&error_row::index>, writing},
  // No model writes the build, as with `--agent none`.
  {"agent_name", text, [](const build_attempt&) { return make::text("none"); },
   writing},
  {"success", boolean, as_is<&build_attempt::built>, writing},
  {"duration_s", real, computed<duration_of>, writing},
  {"failure_stage", text, computed<failure_stage>, writing},
  {"failure_return_code", integer, unrecorded, writing},
  {"error_message", text, computed<message_of>, writing},
  {"agent_output", text, unrecorded, writing},
  {"files_changed", document, unrecorded, writing},
  {"created_at", time, as_is<&build_attempt::at>, writing},
  {"resource_metrics", document, computed<resources_of>, writing},
  {"rate_limit_reset_at", time, unrecorded, writing},
});

constexpr index error_indexes[] = {
  {"owner, repo"},
  {"success"},
  {"failure_stage", "NOT success"},
};

} // namespace

const table runner_progress::rows
  = table_of(name, progress_columns, audience::staff);
const table runner_failures::rows
  = table_of(name, failure_columns, audience::staff, failure_indexes);
const table error_logs::rows
  = table_of(name, error_columns, audience::staff, error_indexes);

void runner_progress::put(const run_status& status) {
  const bool ended = status.run.finished.has_value();
  const auto x
    = ended && !status.run.stages.empty() ? finished(status) : status;
  const auto put_row = [&](std::string_view stage, const stage_tally& tally) {
    to.rows.upsert(rows, progress_columns.cells_of({x, stage, tally}));
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
  if (m.pull_request != nullptr)
    to.rows.upsert(rows, failure_columns.cells_of({m, x}));
}

void error_logs::put(const pull_request_view& x) {
  for (std::size_t i = 0; i < x.builds.size(); ++i)
    to.rows.upsert(rows, error_columns.cells_of({{x, to}, x.builds[i], i}));
}

} // namespace fc::projections
