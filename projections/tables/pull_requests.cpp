#include "projections/tables/pull_requests.hpp"

#include "projections/json_text.hpp"

namespace fc::projections {

namespace {

using enum column_type;

// Names and types of existing readers first, then what only we know.
constexpr column pull_request_columns[] = {
  {"owner", text},
  {"repo", text},
  {"issue_number", integer},
  {"title", text},
  {"body", text},
  {"state", text},
  {"created_at", time},
  {"merged_at", time},
  {"closed_at", time},
  {"merge_commit_sha", text},
  {"base_sha", text},
  {"head_sha", text},
  {"labels", document},
  {"file_changes", document},
  {"is_performance_commit_symbolic", boolean},
  {"is_performance_commit", boolean},
  {"classification", text},
  {"difficulty", text},
  {"container_name", text},
  {"published_at", time, source::writing},
  {"problem_description", text},
  {"rendered_problem", text},
  {"patch", text},
  {"merge_kind", text},
  {"changed_files", integer},
  {"additions", integer},
  {"deletions", integer},
  {"missing_objects", document},
  {"text_repaired", boolean},
  {"patch_sha256", text},
  {"node_id", text},
  {"author", text},
  {"author_kind", text},
  {"base_branch", text},
  {"linked_issues", document},
  {"note", text},
  {"problem_sha256", text},
  {"judge", text},
  {"stage_reached", text},
  {"stage_next", text},
  {"outcome", text},
  {"rule", text},
  {"explanation", text},
  {"policy", text},
};

constexpr index pull_request_indexes[] = {
  {"merged_at"},
  {"owner, repo, merged_at"},
};

/// Files as existing readers know them.
cell file_changes(const std::vector<events::file_change>& xs) {
  json_text result{"["};
  for (const auto& x : xs) {
    auto& to = result.text;
    to += to.size() > 1 ? ", " : "";
    to += "{\"filename\": ";
    append_json(to, std::string_view{x.path});
    to += ", \"additions\": ";
    append_json(to, std::uint64_t{x.additions});
    to += ", \"deletions\": ";
    append_json(to, std::uint64_t{x.deletions});
    to += '}';
  }
  result.text += ']';
  return result;
}

/// Issues it closes, as a service states them; keys in the order of Postgres.
cell linked_issues(const std::vector<events::linked_issue>& xs) {
  json_text result{"["};
  for (const auto& x : xs) {
    auto& to = result.text;
    to += to.size() > 1 ? ", " : "";
    to += "{\"title\": ";
    append_json(to, std::string_view{x.title});
    to += ", \"number\": ";
    append_json(to, std::uint64_t{x.number});
    to += ", \"comments\": ";
    append_json(to, std::uint64_t{x.comments});
    to += ", \"repository\": ";
    append_json(to, std::string_view{x.repo});
    to += '}';
  }
  result.text += ']';
  return result;
}

/// Title and body as a judge is shown them.
std::string description(const scraped& x) {
  return x.body.empty() ? x.title : x.title + "\n\n" + x.body;
}

void add_facts(row& to, const scraped& x) {
  const bool served = !x.node_id.empty();
  // Only a service knows when it was opened; merging it closed it.
  const auto closed
    = x.closed_at == events::timestamp{} ? x.merged_at : x.closed_at;
  add(to, make::text(x.title), make::text(x.body), cell{std::string{"closed"}},
      make::time_of(x.created_at), make::time_of(x.merged_at),
      make::time_of(closed), make::text_or_null(x.merge),
      make::text_or_null(x.base), make::text_or_null(x.head),
      served ? make::document(as_json(x.labels)) : cell{},
      file_changes(x.files));
}

void add_verdicts(row& to, const pull_request_view& view) {
  const auto& x = view.state;
  const auto& judged = x.judgement;
  const bool known = x.symbolic || x.passed;
  add(to, known ? make::flag(!x.symbolic) : cell{},
      judged ? make::flag(judged->performance) : cell{},
      judged ? make::text_or_null(judged->category) : cell{},
      judged ? make::text_or_null(judged->difficulty) : cell{},
      x.image ? make::text_or_null(x.image->image) : cell{},
      x.publication ? make::time_of(view.times.published) : cell{});
}

void add_details(row& to, const scraped& x) {
  add(to, make::text_or_null(x.merge_kind), make::integer(x.changed_files),
      make::integer(x.additions), make::integer(x.deletions),
      make::document(as_json(x.missing_objects)), make::flag(x.text_repaired),
      make::hex(x.diff.id));
  const bool served = !x.node_id.empty();
  add(to, make::text_or_null(x.node_id), make::text_or_null(x.author),
      make::text_or_null(x.author_kind), make::text_or_null(x.base_branch),
      served ? linked_issues(x.issues) : cell{}, make::text_or_null(x.note));
}

void add_end(row& to, const pull_request_state& x) {
  const auto next = x.next();
  add(to, x.problem ? make::hex(x.problem->statement.id) : cell{},
      x.judgement ? make::text_or_null(x.judgement->judge) : cell{},
      make::text(stage_reached(x)),
      next ? make::text(to_string(*next)) : cell{},
      make::text(to_text(x.ends())), make::text_or_null(x.rule()),
      make::text_or_null(x.explanation()), make::hex(x.policy));
}

/// Cells of what is not known.
void add_nulls(row& to, std::size_t count) {
  to.resize(to.size() + count);
}

} // namespace

const table pull_requests::rows{name, 3, pull_request_columns,
                                audience::everyone, pull_request_indexes};

void pull_requests::put(const pull_request_view& x) {
  const auto& facts = x.state.facts;
  const auto& problem = x.state.problem;
  auto cells = make::key(x.id);
  cells.reserve(std::size(pull_request_columns));
  if (facts)
    add_facts(cells, *facts);
  else
    add_nulls(cells, 11);
  add_verdicts(cells, x);
  cells.push_back(facts && x.state.passed ? make::text(description(*facts))
                                          : cell{});
  cells.push_back(problem ? to.text_of(problem->statement) : cell{});
  cells.push_back(facts ? to.text_of(facts->diff) : cell{});
  if (facts)
    add_details(cells, *facts);
  else
    add_nulls(cells, 13);
  add_end(cells, x.state);
  to.rows.upsert(rows, std::move(cells));
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

} // namespace fc::projections
