#include "projections/tables/pull_requests.hpp"

#include "projections/tables/pull_request_row.hpp"

namespace fc::projections {

namespace {

using enum column_type;

constexpr auto writing = source::writing;

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

/// Whether a service told of it: git alone knows no labels and no issues.
bool served(const scraped& x) {
  return !x.node_id.empty();
}

/// Only a service knows when it was opened; merging it closed it.
cell closed_at(const scraped& x) {
  return make::time_of(x.closed_at == events::timestamp{} ? x.merged_at
                                                          : x.closed_at);
}

// Names and types of existing readers first, then what only we know.
constexpr auto columns = columns_from<pull_request_row>({
  {"owner", text, owner_of, required},
  {"repo", text, repo_of, required},
  {"issue_number", integer, number_of, required},
  {"title", text, as_is<&scraped::title>},
  {"body", text, as_is<&scraped::body>},
  {"state", text,
   [](const scraped&) {
     return make::text("closed");
   }},
  {"created_at", time, as_is<&scraped::created_at>},
  {"merged_at", time, as_is<&scraped::merged_at>},
  {"closed_at", time, computed<closed_at>},
  {"merge_commit_sha", text, or_null<&scraped::merge>},
  {"base_sha", text, or_null<&scraped::base>},
  {"head_sha", text, or_null<&scraped::head>},
  {"labels", document,
   [](const scraped& x) {
     return served(x) ? make::document(as_json(x.labels)) : cell{};
   }},
  {"file_changes", document,
   [](const scraped& x) {
     return file_changes(x.files);
   }},
  {"is_performance_commit_symbolic", boolean,
   [](const pull_request_state& x) {
     return x.symbolic || x.passed ? make::flag(!x.symbolic) : cell{};
   }},
  {"is_performance_commit", boolean, as_is<&classified::performance>},
  {"classification", text, or_null<&classified::category>},
  {"difficulty", text, or_null<&classified::difficulty>},
  {"container_name", text, or_null<&image_built::image>},
  {"published_at", time,
   [](const pull_request_view& x) {
     return x.state.publication ? make::time_of(x.times.published) : cell{};
   },
   writing},
  {"problem_description", text,
   [](const pull_request_state& x) {
     return x.facts && x.passed ? make::text(description(*x.facts)) : cell{};
   },
   "what a judge is shown"},
  {"rendered_problem", text,
   [](const pull_request_row& x) {
     const auto* problem = x.part<problem_rendered>();
     return problem ? x.to.text_of(problem->statement) : cell{};
   },
   "what a solver is asked"},
  {"patch", text,
   [](const pull_request_row& x) {
     const auto* facts = x.part<scraped>();
     return facts ? x.to.text_of(facts->diff) : cell{};
   }},
  {"merge_kind", text, or_null<&scraped::merge_kind>},
  {"changed_files", integer, as_is<&scraped::changed_files>},
  {"additions", integer, as_is<&scraped::additions>},
  {"deletions", integer, as_is<&scraped::deletions>},
  {"missing_objects", document, as_is<&scraped::missing_objects>},
  {"text_repaired", boolean, as_is<&scraped::text_repaired>,
   "bytes that are not UTF-8 were replaced before it was recorded"},
  {"patch_sha256", text,
   [](const scraped& x) {
     return make::hex(x.diff.id);
   }},
  {"node_id", text, or_null<&scraped::node_id>},
  {"author", text, or_null<&scraped::author>},
  {"author_kind", text, or_null<&scraped::author_kind>},
  {"base_branch", text, or_null<&scraped::base_branch>},
  {"linked_issues", document,
   [](const scraped& x) {
     return served(x) ? linked_issues(x.issues) : cell{};
   }},
  {"note", text, or_null<&scraped::note>},
  {"problem_sha256", text,
   [](const problem_rendered& x) {
     return make::hex(x.statement.id);
   }},
  {"judge", text, or_null<&classified::judge>},
  {"stage_reached", text,
   [](const pull_request_state& x) {
     return make::text(stage_reached(x));
   }},
  {"stage_next", text,
   [](const pull_request_state& x) {
     const auto next = x.next();
     return next ? make::text(to_string(*next)) : cell{};
   }},
  {"outcome", text,
   [](const pull_request_state& x) {
     return make::text(to_text(x.ends()));
   }},
  {"rule", text,
   [](const pull_request_state& x) {
     return make::text_or_null(x.rule());
   }},
  {"explanation", text,
   [](const pull_request_state& x) {
     return make::text_or_null(x.explanation());
   }},
  {"policy", text, as_is<&pull_request_state::policy>,
   "the digest of the newest verdict's"},
});

constexpr index pull_request_indexes[] = {
  {"merged_at"},
  {"owner, repo, merged_at"},
};

} // namespace

const table pull_requests::rows
  = table_of(name, columns, audience::everyone, pull_request_indexes);

void pull_requests::put(const pull_request_view& x) {
  to.rows.upsert(rows, columns.cells_of({x, to}));
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
