#include "projections/tables/table_output.hpp"

namespace fc::projections {

cell table_output::text_of(const events::blob_ref& x) const {
  if (!x)
    return {};
  auto data = log.blob_of(x.id);
  if (!data) {
    rows.fail(data.error());
    return {};
  }
  return make::text(events::as_text(*data));
}

} // namespace fc::projections
