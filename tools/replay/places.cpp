#include "tools/replay/places.hpp"

#include "projections/folder/place.hpp"
#include "projections/postgres/place.hpp"
#include "projections/sqlite/place.hpp"

namespace fc::replay {

std::unique_ptr<projections::table_place>
place_of(const events::log::log_reader& log, const options& x) {
  using projections::folder::format;
  if (x.project == "supabase")
    return projections::postgres::place_in(log, x.database, {x.replace});
  if (x.project == "sqlite")
    return projections::sqlite::place_in(log, x.to);
  return projections::folder::place_in(
    log, x.to, x.project == "jsonl" ? format::jsonl : format::parquet);
}

} // namespace fc::replay
