#pragma once

#include "actors/services/bigquery/client.hpp"
#include "actors/services/github/client.hpp"
#include "tools/fc-data/repositories/options.hpp"

#include <memory>

namespace fc::tools {

/// Whose tokens GitHub is asked with: personal ones and those of an App.
/// @returns `ec::invalid_argument` for a key file that cannot be read; no
/// error where there are no tokens.
events::expected<std::shared_ptr<actors::services::token_source>>
github_tokens(const repository_options& settings);

/// GitHub as the options name it. `ec::invalid_argument` where there is no
/// token.
events::expected<std::shared_ptr<actors::services::github_client>>
open_github(const repository_options& settings);

/// BigQuery as the options name it. `ec::invalid_argument` where nothing says
/// who asks.
events::expected<std::shared_ptr<actors::services::bigquery_client>>
open_bigquery(const repository_options& settings);

} // namespace fc::tools
