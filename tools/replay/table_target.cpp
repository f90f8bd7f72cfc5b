#include "tools/replay/table_target.hpp"

#include "projections/folder/target.hpp"
#include "projections/postgres/target.hpp"
#include "projections/sqlite/target.hpp"

namespace fc::replay {

std::unique_ptr<projections::table_target>
open_target(const events::log::log_reader& log, const options& x) {
  using projections::folder::format;
  if (x.project == "supabase")
    return projections::postgres::open_target(log, x.database, {x.replace});
  if (x.project == "sqlite")
    return projections::sqlite::open_target(log, x.to);
  return projections::folder::open_target(
    log, x.to, x.project == "jsonl" ? format::jsonl : format::parquet);
}

} // namespace fc::replay
