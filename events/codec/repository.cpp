#include "events/repository.hpp"

#include "events/codec/codec.hpp"
#include "schemas/repository_generated.h"

namespace fc::events {

fbs::RepositorySeenV1 table_of(std::type_identity<repository_seen>);
fbs::RepositoryExcludedV1 table_of(std::type_identity<repository_excluded>);
fbs::RepositoryReadmittedV1 table_of(std::type_identity<repository_readmitted>);
fbs::RepositoryRenamedV1 table_of(std::type_identity<repository_renamed>);
fbs::WindowReconciledV1 table_of(std::type_identity<window_reconciled>);
fbs::DeadEndMetV1 table_of(std::type_identity<known_failure_met>);

template struct codec<repository_seen>;
template struct codec<repository_excluded>;
template struct codec<repository_readmitted>;
template struct codec<repository_renamed>;
template struct codec<window_reconciled>;
template struct codec<known_failure_met>;

} // namespace fc::events
