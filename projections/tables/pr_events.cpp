#include "projections/tables/pr_events.hpp"

namespace fc::projections {

namespace {

constexpr column columns[] = {
  {"owner", column_type::text},
  {"repo", column_type::text},
  {"issue_number", column_type::integer},
  {"sequence", column_type::integer},
  {"event", column_type::text},
  {"event_version", column_type::integer},
  {"policy", column_type::text},
  {"stage", column_type::text},
  {"rule", column_type::text},
  {"explanation", column_type::text},
  {"details", column_type::document},
};

/// The text under a key, or null.
cell text_at(const json& x, const char* key) {
  const auto found = x.find(key);
  return found != x.end() && found->is_string()
           ? make::text_or_null(found->get_ref<const std::string&>())
           : cell{};
}

} // namespace

const table pr_events::rows{name, 4, columns};

void pr_events::put(const moment& m, std::string_view event, json content) {
  const auto details = table_json(m.at.tag, std::move(content));
  auto cells = make::key(m.pull_request->id);
  cells.insert(cells.end(), {
                              make::integer(m.at.seq),
                              make::text(event),
                              make::integer(m.at.version),
                              make::hex(m.at.policy),
                              text_at(details, "stage"),
                              text_at(details, "rule"),
                              text_at(details, "explanation"),
                              make::document(details),
                            });
  out.upsert(rows, std::move(cells));
}

} // namespace fc::projections
