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
};

constexpr index repository_indexes[] = {
  {"owner, repo", "NOT ingest_enabled"},
};

constexpr column window_columns[] = {
  {"owner", text},       {"repo", text},       {"window_start", time},
  {"window_end", time},  {"counted", integer}, {"stored", integer},
  {"missing", document}, {"note", text},
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
  if (!x.seen && !x.excluded)
    return;
  const repository_seen seen = x.seen.value_or(repository_seen{});
  to.rows.upsert(rows, {
                         make::text(x.repo.owner()),
                         make::text(x.repo.name()),
                         make::text_or_null(seen.source),
                         cell{},
                         cell{},
                         cell{},
                         cell{},
                         make::time_of(x.last_seen),
                         make::flag(!x.excluded),
                         x.excluded ? make::text(x.excluded->reason) : cell{},
                         make::text_or_null(seen.head),
                         make::text_or_null(seen.suite_config),
                         make::text_or_null(seen.suite_dir),
                         make::text_or_null(seen.note),
                       });
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
                         });
}

} // namespace fc::projections
