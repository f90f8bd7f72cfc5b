#include "events/failures/service.hpp"

#include "events/codec/codec.hpp"
#include "schemas/service_generated.h"

namespace fc::events {

fbs::LimitMetV1 table_of(std::type_identity<limit_met>);

template struct codec<limit_met>;

} // namespace fc::events
