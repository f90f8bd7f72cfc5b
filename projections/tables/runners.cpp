#include "projections/tables/runners.hpp"

#include "projections/json_text.hpp"

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

/// What both kinds of attempt say of themselves.
struct attempt {
  std::uint64_t index = 0;
  bool success = false;
  cell seconds;
  cell stage;
  cell message;
};

void put_attempt(row_sink& to, const moment& m, attempt x) {
  const auto& facts = m.pull_request->state.facts;
  const auto& id = m.pull_request->id;
  to.upsert(error_logs::rows,
            {
              make::integer(m.at.at),
              make::text(id.repo.owner()),
              make::text(id.repo.name()),
              make::text(facts ? facts->merge : std::string{}),
              make::integer(id.number),
              make::integer(x.index),
              make::text("build"),
              make::flag(x.success),
              std::move(x.seconds),
              std::move(x.stage),
              cell{},
              std::move(x.message),
              cell{},
              cell{},
              make::time_of(m.at.recorded_at),
              cell{},
              cell{},
            });
}

} // namespace

const table runner_progress::rows{name, 1, progress_columns, audience::staff};
const table runner_failures::rows{name, 1, failure_columns, audience::staff,
                                  failure_indexes};
const table error_logs::rows{name, 1, error_columns, audience::staff,
                             error_indexes};

void runner_progress::put(const run_view& x) {
  const auto put_row = [&](std::string_view stage, std::uint64_t total,
                           std::uint64_t completed, std::uint64_t failed) {
    to.rows.upsert(rows, {
                           make::text(runner_of(x.run, stage)),
                           make::text(stage.empty() ? "fc-data" : stage),
                           make::integer(total),
                           make::integer(completed),
                           make::integer(failed),
                           make::time_of(x.started_at),
                           make::time_of(x.last),
                           make::flag(x.finished.has_value()),
                         });
  };
  if (!x.finished) {
    put_row("", 0, 0, 0);
    return;
  }
  put_row("", x.finished->published + x.finished->failed, x.finished->published,
          x.finished->failed);
  for (const auto& [stage, each] : x.stages)
    put_row(stage, each.done + each.rejected + each.failed + each.deferred,
            each.done + each.rejected, each.failed);
}

void runner_failures::apply(const moment& m, const events::attempt_failed& x) {
  if (m.pull_request == nullptr)
    return;
  to.rows.upsert(rows, {
                         make::integer(m.at.at),
                         make::text(runner_of(m.at.run, x.stage)),
                         make::text(m.pull_request->id.str()),
                         make::text(x.message),
                         cell{},
                         make::time_of(m.at.recorded_at),
                         make::integer(x.attempt),
                         make::text_or_null(x.cause),
                         make::hex(x.fingerprint),
                       });
}

void error_logs::apply(const moment& m, const events::attempt_failed& x) {
  if (m.pull_request == nullptr
      || x.stage != to_string(events::stage::synthesize))
    return;
  put_attempt(to.rows, m,
              {x.attempt, false, cell{}, make::text(x.stage),
               make::text(x.cause + ": " + x.message)});
}

void error_logs::apply(const moment& m, const events::synthesized& x) {
  if (m.pull_request == nullptr)
    return;
  attempt told{1, true, cell{}, cell{}, cell{}};
  const auto& before = m.pull_request->state.failures;
  if (const auto found = before.find(events::stage::synthesize);
      found != before.end())
    told.index += found->second.size();
  double seconds = 0;
  for (const auto& side : x.sides) {
    seconds += side.seconds;
    if (side.ok || !told.success)
      continue;
    told.success = false;
    told.stage = make::text(side.side);
    told.message = make::text(side.error);
  }
  told.seconds = make::real(seconds);
  put_attempt(to.rows, m, std::move(told));
}

} // namespace fc::projections
