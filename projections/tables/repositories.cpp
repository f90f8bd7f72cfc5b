#include "projections/tables/repositories.hpp"

#include "projections/event_json.hpp"

namespace fc::projections {

namespace {

using enum column_type;

constexpr column repository_columns[] = {
  {"owner", text},
  {"repo", text},
  {"url", text},
  {"head_sha", text},
  {"suite_config", text},
  {"suite_dir", text},
  {"note", text},
  {"ingest_enabled", boolean},
  {"ingest_excluded_reason", text},
};

constexpr column window_columns[] = {
  {"owner", text},       {"repo", text},       {"window_start", time},
  {"window_end", time},  {"counted", integer}, {"stored", integer},
  {"missing", document}, {"note", text},
};

} // namespace

const table repositories::rows{name, 2, repository_columns};
const table windows::rows{name, 4, window_columns};

void repositories::put(const repository_view& x) {
  const repository_seen seen = x.seen.value_or(repository_seen{});
  out.upsert(rows, {
                     make::text(x.repo.owner()),
                     make::text(x.repo.name()),
                     make::text_or_null(seen.source),
                     make::text_or_null(seen.head),
                     make::text_or_null(seen.suite_config),
                     make::text_or_null(seen.suite_dir),
                     make::text_or_null(seen.note),
                     make::flag(!x.excluded),
                     x.excluded ? make::text(x.excluded->reason) : cell{},
                   });
}

void windows::apply(const moment&, const window_reconciled& x) {
  out.upsert(rows, {
                     make::text(x.repo.owner()),
                     make::text(x.repo.name()),
                     cell{x.start},
                     cell{x.end},
                     make::integer(x.counted),
                     make::integer(x.stored),
                     make::document(as_json(x.missing)),
                     make::text_or_null(x.note),
                   });
}

} // namespace fc::projections
