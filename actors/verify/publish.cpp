#include "actors/verify/publish.hpp"

#include "projections/parquet/row.hpp"

namespace fc::actors {

publish::publish(std::shared_ptr<const events::log::log_reader> log)
  : log_(std::move(log)) {}

stage_result publish::perform(const work& job) {
  projections::parquet::row_reader rows{*log_};
  auto row = rows.read(job.stream);
  if (!row)
    return failed(row.error());
  stage_result result;
  result.row = projections::parquet::row_digest(*row);
  return result;
}

} // namespace fc::actors
