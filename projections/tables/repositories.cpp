#include "projections/tables/repositories.hpp"

#include "projections/tables/table_columns.hpp"

namespace fc::projections {

namespace {

using enum column_type;

constexpr auto writing = source::writing;

struct repository_row {
  const repository_view& view;
  const repository_seen& seen; ///< Empty where it was never seen.

  template <class Part>
  const Part* part() const {
    if constexpr (std::is_same_v<Part, repository_seen>)
      return &seen;
    else if constexpr (std::is_same_v<Part, repository_excluded>)
      return view.excluded ? &*view.excluded : nullptr;
    else
      return view.renamed_to ? &*view.renamed_to : nullptr;
  }
};

/// Whether a service told of it: git alone knows no stars and no topics.
bool served(const repository_seen& x) {
  return !x.node_id.empty();
}

/// What only a service knows.
template <auto Member>
constexpr auto if_served = [](const repository_seen& x) {
  return served(x) ? as_is<Member>(x) : cell{};
};

cell url_of(const repository_row& x) {
  if (!served(x.seen))
    return make::text_or_null(x.seen.source);
  const auto& now = x.view.renamed_to ? x.view.renamed_to->to : x.view.repo;
  return make::text("https://github.com/" + now.str());
}

constexpr auto repository_columns = columns_from<repository_row>({
  {"owner", text,
   [](const repository_row& x) { return make::text(x.view.repo.owner()); },
   required},
  {"repo", text,
   [](const repository_row& x) { return make::text(x.view.repo.name()); },
   required},
  {"url", text, computed<url_of>},
  {"language", text, or_null<&repository_seen::language>},
  {"stars", integer, if_served<&repository_seen::stars>},
  {"topics", document, if_served<&repository_seen::topics>},
  {"description", text, or_null<&repository_seen::description>},
  {"last_scraped", time,
   [](const repository_row& x) { return make::time_of(x.view.last_seen); },
   writing},
  {"ingest_enabled", boolean,
   [](const repository_row& x) {
     return make::flag(!x.view.excluded);
   }},
  {"ingest_excluded_reason", text, as_is<&repository_excluded::reason>},
  {"head_sha", text, or_null<&repository_seen::head>},
  {"suite_config", text, or_null<&repository_seen::suite_config>},
  {"suite_dir", text, or_null<&repository_seen::suite_dir>},
  {"note", text, or_null<&repository_seen::note>},
  {"ingest_excluded_rule", text, or_null<&repository_excluded::rule>},
  {"node_id", text, or_null<&repository_seen::node_id>},
  {"renamed_to", text,
   [](const repository_renamed& x) {
     return make::text(x.to.str());
   }},
  {"fork", boolean, if_served<&repository_seen::fork>},
  {"archived", boolean, if_served<&repository_seen::archived>},
  {"created_at", time, as_is<&repository_seen::created_at>},
  {"pushed_at", time, as_is<&repository_seen::pushed_at>},
  {"default_branch", text, or_null<&repository_seen::branch>},
  {"requires_python", text, or_null<&repository_seen::requires_python>},
  {"found_by", text, or_null<&repository_seen::found_by>},
});

constexpr index repository_indexes[] = {
  {"owner, repo", "NOT ingest_enabled"},
};

struct window_row {
  const repository_view& repository;
  const window_reconciled& window;

  template <class Part>
  const Part* part() const {
    return &window;
  }
};

constexpr auto window_columns = columns_from<window_row>({
  {"owner", text,
   [](const window_row& x) { return make::text(x.repository.repo.owner()); },
   required},
  {"repo", text,
   [](const window_row& x) { return make::text(x.repository.repo.name()); },
   required},
  {"window_start", time,
   [](const window_reconciled& x) { return make::instant(x.start); }, required},
  {"window_end", time,
   [](const window_reconciled& x) { return make::instant(x.end); }, required},
  {"counted", integer, as_is<&window_reconciled::counted>},
  {"stored", integer, as_is<&window_reconciled::stored>},
  {"missing", document, as_is<&window_reconciled::missing>},
  {"note", text, or_null<&window_reconciled::note>},
  {"method", text, or_null<&window_reconciled::method>},
  {"calls", integer, as_is<&window_reconciled::calls>},
  {"points", integer, as_is<&window_reconciled::points>},
  {"git_operations", integer, as_is<&window_reconciled::git_operations>},
  {"audited", integer, as_is<&window_reconciled::audited>},
  {"audit_mismatches", integer, as_is<&window_reconciled::audit_mismatches>},
});

struct code_row {};

constexpr auto code_columns = columns_from<code_row>({
  {"owner", text, unrecorded, required},
  {"repo", text, unrecorded, required},
  {"benchmark_without_params", text, unrecorded, required},
  {"source", text, unrecorded},
  {"setup_source", text, unrecorded},
  {"last_scraped", time, unrecorded, writing},
  {"last_scraped_sha", text, unrecorded},
});

constexpr index code_indexes[] = {
  {"owner, repo"},
};

} // namespace

const table repositories::rows
  = table_of(name, repository_columns, audience::everyone, repository_indexes);
const table windows::rows = table_of(name, window_columns, audience::everyone);
const table benchmark_codes::rows
  = table_of(name, code_columns, audience::everyone, code_indexes);

void repositories::put(const repository_view& x) {
  static const repository_seen never;
  if (x.seen || x.excluded || x.renamed_to || x.renamed_from)
    to.rows.upsert(rows,
                   repository_columns.cells_of({x, x.seen ? *x.seen : never}));
}

void windows::put(const repository_view& x) {
  for (const auto& [when, each] : x.windows)
    to.rows.upsert(rows, window_columns.cells_of({x, each}));
}

} // namespace fc::projections
