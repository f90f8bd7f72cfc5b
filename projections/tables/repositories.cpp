#include "projections/tables/repositories.hpp"

#include "projections/json_text.hpp"

namespace fc::projections {

namespace {

using enum column_type;

constexpr column repository_columns[] = {
  {"owner", text},
  {"repo", text},
  {"url", text},
  {"language", text},
  {"stars", integer},
  {"topics", document},
  {"description", text},
  {"last_scraped", time, source::writing},
  {"ingest_enabled", boolean},
  {"ingest_excluded_reason", text},
  {"head_sha", text},
  {"suite_config", text},
  {"suite_dir", text},
  {"note", text},
  {"ingest_excluded_rule", text},
  {"node_id", text},
  {"renamed_to", text},
  {"fork", boolean},
  {"archived", boolean},
  {"created_at", time},
  {"pushed_at", time},
  {"default_branch", text},
  {"requires_python", text},
  {"found_by", text},
};

constexpr index repository_indexes[] = {
  {"owner, repo", "NOT ingest_enabled"},
};

constexpr column window_columns[] = {
  {"owner", text},        {"repo", text},
  {"window_start", time}, {"window_end", time},
  {"counted", integer},   {"stored", integer},
  {"missing", document},  {"note", text},
  {"method", text},       {"calls", integer},
  {"points", integer},    {"git_operations", integer},
  {"audited", integer},   {"audit_mismatches", integer},
};

constexpr column code_columns[] = {
  {"owner", text},
  {"repo", text},
  {"benchmark_without_params", text},
  {"source", text},
  {"setup_source", text},
  {"last_scraped", time, source::writing},
  {"last_scraped_sha", text},
};

constexpr index code_indexes[] = {
  {"owner, repo"},
};

} // namespace

const table repositories::rows{name, 2, repository_columns, audience::everyone,
                               repository_indexes};
const table windows::rows{name, 4, window_columns, audience::everyone};
const table benchmark_codes::rows{name, 3, code_columns, audience::everyone,
                                  code_indexes};

void repositories::put(const repository_view& x) {
  if (!x.seen && !x.excluded && !x.renamed_to && !x.renamed_from)
    return;
  const repository_seen seen = x.seen.value_or(repository_seen{});
  const bool served = !seen.node_id.empty();
  const auto now = x.renamed_to ? x.renamed_to->to : x.repo;
  row cells;
  cells.reserve(std::size(repository_columns));
  add(cells, make::text(x.repo.owner()), make::text(x.repo.name()),
      served ? make::text("https://github.com/" + now.str())
             : make::text_or_null(seen.source),
      make::text_or_null(seen.language),
      served ? make::integer(seen.stars) : cell{},
      served ? make::document(as_json(seen.topics)) : cell{},
      make::text_or_null(seen.description), make::time_of(x.last_seen),
      make::flag(!x.excluded),
      x.excluded ? make::text(x.excluded->reason) : cell{},
      make::text_or_null(seen.head), make::text_or_null(seen.suite_config),
      make::text_or_null(seen.suite_dir), make::text_or_null(seen.note));
  add(cells, x.excluded ? make::text_or_null(x.excluded->rule) : cell{},
      make::text_or_null(seen.node_id),
      x.renamed_to ? make::text(now.str()) : cell{},
      served ? make::flag(seen.fork) : cell{},
      served ? make::flag(seen.archived) : cell{},
      make::time_of(seen.created_at), make::time_of(seen.pushed_at),
      make::text_or_null(seen.branch), make::text_or_null(seen.requires_python),
      make::text_or_null(seen.found_by));
  to.rows.upsert(rows, std::move(cells));
}

void windows::put(const repository_view& x) {
  for (const auto& [when, each] : x.windows)
    to.rows.upsert(rows, {
                           make::text(x.repo.owner()),
                           make::text(x.repo.name()),
                           make::instant(each.start),
                           make::instant(each.end),
                           make::integer(each.counted),
                           make::integer(each.stored),
                           make::document(as_json(each.missing)),
                           make::text_or_null(each.note),
                           make::text_or_null(each.method),
                           make::integer(each.calls),
                           make::integer(each.points),
                           make::integer(each.git_operations),
                           make::integer(each.audited),
                           make::integer(each.audit_mismatches),
                         });
}

} // namespace fc::projections
