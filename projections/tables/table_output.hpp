#pragma once

#include "events/log/event_log.hpp"
#include "projections/projection.hpp"

namespace fc::projections {

/// Where a table's rows go, and the log that the texts of blobs come from.
struct table_output {
  row_sink& rows;
  const events::log::log_reader& log;

  /// The text of a blob; null where there is none. A blob that cannot be read
  /// fails the sink: a table never says less than the log.
  cell text_of(const events::blob_ref& x) const;
};

} // namespace fc::projections
