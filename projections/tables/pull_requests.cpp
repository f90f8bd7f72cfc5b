#include "projections/tables/pull_requests.hpp"

#include "projections/event_json.hpp"

namespace fc::projections {

namespace {

using enum column_type;

constexpr column pull_request_columns[] = {
  {"owner", text},
  {"repo", text},
  {"issue_number", integer},
  {"title", text},
  {"body", text},
  {"merged_at", time},
  {"merge_commit_sha", text},
  {"base_sha", text},
  {"merge_kind", text},
  {"changed_files", integer},
  {"additions", integer},
  {"deletions", integer},
  {"file_changes", document},
  {"missing_objects", document},
  {"text_repaired", boolean},
  {"patch_sha256", text},
  {"is_performance_commit_symbolic", boolean},
  {"is_performance_commit", boolean},
  {"classification", text},
  {"difficulty", text},
  {"judge", text},
  {"problem_sha256", text},
  {"container_name", text},
  {"stage_reached", text},
  {"stage_next", text},
  {"outcome", text},
  {"rule", text},
  {"explanation", text},
  {"policy", text},
};

constexpr column package_columns[] = {
  {"owner", text},
  {"repo", text},
  {"issue_number", integer},
  {"sha", text},
  {"package_name", text},
  {"package_version", text},
  {"python_version", text},
  {"interpreter_source", text},
  {"requires_python", text},
  {"primary_root", text},
  {"build_backend", text},
  {"build_requires", document},
  {"env_payload", document},
  {"dropped_requirements", document},
  {"missing_requirements", document},
  {"suite_config", text},
  {"suite_dir", text},
  {"resolver_version", text},
  {"package_index", text},
  {"probe_status", text},
  {"explanation", text},
};

void add_facts(row& to, const scraped& x) {
  to.insert(to.end(), {
                        make::text(x.title),
                        make::text(x.body),
                        make::time_of(x.merged_at),
                        make::text_or_null(x.merge),
                        make::text_or_null(x.base),
                        make::text_or_null(x.merge_kind),
                        make::integer(x.changed_files),
                        make::integer(x.additions),
                        make::integer(x.deletions),
                        make::document(as_json(x.files)),
                        make::document(as_json(x.missing_objects)),
                        make::flag(x.text_repaired),
                        make::hex(x.diff.id),
                      });
}

void add_verdicts(row& to, const pull_request_state& x) {
  const auto& judged = x.judgement;
  const auto next = x.next();
  const bool known = x.symbolic || x.passed;
  to.insert(to.end(),
            {
              known ? make::flag(!x.symbolic) : cell{},
              judged ? make::flag(judged->performance) : cell{},
              judged ? make::text_or_null(judged->category) : cell{},
              judged ? make::text_or_null(judged->difficulty) : cell{},
              judged ? make::text_or_null(judged->judge) : cell{},
              x.problem ? make::hex(x.problem->statement.id) : cell{},
              x.image ? make::text_or_null(x.image->image) : cell{},
              make::text(stage_reached(x)),
              next ? make::text(to_string(*next)) : cell{},
              make::text(to_text(x.ends())),
              make::text_or_null(x.rule()),
              make::text_or_null(x.explanation()),
              make::hex(x.policy),
            });
}

} // namespace

const table pull_requests::rows{name, 3, pull_request_columns};
const table packages::rows{name, 3, package_columns};

void pull_requests::put(const pull_request_view& x) {
  auto cells = make::key(x.id);
  if (x.state.facts)
    add_facts(cells, *x.state.facts);
  else
    cells.resize(cells.size() + 13); // Nothing is known but verdicts.
  add_verdicts(cells, x.state);
  out.upsert(rows, std::move(cells));
}

void packages::put(const pull_request_view& x) {
  const auto found = x.state.resolution.value_or(resolved{});
  const auto& verdict = x.state.environment;
  auto cells = make::key(x.id);
  cells.insert(
    cells.end(),
    {
      x.state.facts ? make::text_or_null(x.state.facts->merge) : cell{},
      make::text_or_null(found.package),
      make::text_or_null(found.package_version),
      make::text_or_null(verdict ? verdict->python_version
                                 : found.python_version),
      make::text_or_null(found.interpreter_source),
      make::text_or_null(found.requires_python),
      make::text_or_null(found.package_root),
      make::text_or_null(found.build_backend),
      make::document(as_json(found.build_requires)),
      make::document(as_json(found.requirements)),
      make::document(as_json(found.dropped)),
      make::document(as_json(found.missing)),
      make::text_or_null(found.suite_config),
      make::text_or_null(found.suite_dir),
      make::text_or_null(found.installer),
      make::text_or_null(found.index),
      verdict ? make::text_or_null(verdict->probe) : cell{},
      verdict ? make::text_or_null(verdict->explanation) : cell{},
    });
  out.upsert(rows, std::move(cells));
}

std::string_view to_text(outcome x) noexcept {
  switch (x) {
  case outcome::open:
    return "open";
  case outcome::rejected:
    return "rejected";
  case outcome::failed:
    return "failed";
  case outcome::published:
    return "published";
  }
  return "unknown";
}

std::string stage_reached(const pull_request_state& x) {
  if (const auto end = x.ended_by(); end && !end->stage.empty())
    return std::string{end->stage};
  if (x.publication)
    return std::string{to_string(stage::publish)};
  if (x.trial || x.speedup)
    return std::string{to_string(stage::trial)};
  if (x.synthesis || x.image)
    return std::string{to_string(stage::synthesize)};
  if (x.problem)
    return std::string{to_string(stage::render)};
  if (x.resolution || x.environment)
    return std::string{to_string(stage::resolve)};
  if (x.answer || x.judgement)
    return std::string{to_string(stage::classify)};
  return "scrape_commits";
}

} // namespace fc::projections
