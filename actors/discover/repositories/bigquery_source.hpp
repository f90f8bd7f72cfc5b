#pragma once

#include "actors/discover/repositories/repository_source.hpp"
#include "actors/services/bigquery/client.hpp"

#include <memory>

namespace fc::actors {

/// The question of stage 1 to BigQuery's copy of GitHub.
services::bigquery_query find_repositories_query();

/// Repositories with a configuration of ASV by BigQuery's copy of GitHub, which
/// holds those with a free licence and is not of today.
/// @param client Outlives the source.
std::unique_ptr<repository_source>
bigquery_source(services::bigquery_client& client);

} // namespace fc::actors
