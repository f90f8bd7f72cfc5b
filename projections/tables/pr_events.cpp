#include "projections/tables/pr_events.hpp"

#include "projections/tables/pull_request_row.hpp"

namespace fc::projections {

namespace {

using enum column_type;

constexpr auto writing = source::writing;

/// Moves a cell that was made with the event into its row.
template <cell event_row::*Member>
constexpr auto taken = [](event_row& x) {
  return std::move(x.*Member);
};

constexpr auto columns = columns_from<event_row>({
  {"owner", text, owner_of, required},
  {"repo", text, repo_of, required},
  {"issue_number", integer, number_of, required},
  {"sequence", integer, as_is<&record::seq>, required},
  {"event", text,
   [](const event_row& x) {
     return cell{std::string{x.event}};
   }},
  {"event_version", integer, as_is<&record::version>},
  {"policy", text, as_is<&record::policy>},
  {"stage", text, taken<&event_row::stage>},
  {"rule", text, taken<&event_row::rule>},
  {"explanation", text, taken<&event_row::explanation>},
  {"details", document, taken<&event_row::details>},
  {"recorded_at", time, as_is<&record::recorded_at>, writing},
  {"position", bigint, as_is<&record::at>, writing},
});

constexpr index indexes[] = {
  {"position"},
};

} // namespace

const table pr_events::rows = table_of(name, columns, audience::staff, indexes);

void pr_events::put(event_row x) {
  to.rows.upsert(rows, columns.cells_of(std::move(x)));
}

} // namespace fc::projections
