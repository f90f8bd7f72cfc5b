#include "events/judgement.hpp"

#include "events/codec/codec.hpp"
#include "schemas/judgement_generated.h"

namespace fc::events {

fbs::AnsweredV1 table_of(std::type_identity<answered>);
fbs::ClassifiedV1 table_of(std::type_identity<classified>);
fbs::ModelAnsweredV1 table_of(std::type_identity<model_answered>);

template struct codec<answered>;
template struct codec<classified>;
template struct codec<model_answered>;

} // namespace fc::events
