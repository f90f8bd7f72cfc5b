#include "events/measurement.hpp"

#include "events/codec/codec.hpp"
#include "schemas/measurement_generated.h"

namespace fc::events {

fbs::TrialledV1 table_of(std::type_identity<trialled>);
fbs::SpeedupMeasuredV1 table_of(std::type_identity<speedup_measured>);
fbs::PublishedV1 table_of(std::type_identity<published>);
fbs::WithdrawnV1 table_of(std::type_identity<withdrawn>);

template struct codec<trialled>;
template struct codec<speedup_measured>;
template struct codec<published>;
template struct codec<withdrawn>;

} // namespace fc::events
