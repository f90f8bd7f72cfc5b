#include "events/policy_events.hpp"

#include "events/codec/codec.hpp"
#include "schemas/policy_events_generated.h"

namespace fc::events {

fbs::PolicyAdoptedV1 table_of(std::type_identity<policy_adopted>);

template struct codec<policy_adopted>;

} // namespace fc::events
