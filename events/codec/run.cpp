#include "events/run.hpp"

#include "events/codec/codec.hpp"
#include "schemas/run_generated.h"

namespace fc::events {

fbs::RunStartedV1 table_of(std::type_identity<run_started>);
fbs::RunFinishedV1 table_of(std::type_identity<run_finished>);
fbs::SpentV1 table_of(std::type_identity<spent>);
fbs::ProgramDiedV1 table_of(std::type_identity<program_died>);

template struct codec<run_started>;
template struct codec<run_finished>;
template struct codec<spent>;
template struct codec<program_died>;

} // namespace fc::events
