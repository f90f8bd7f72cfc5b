#pragma once

#include "actors/services/github/tokens.hpp"
#include "actors/services/http/client.hpp"
#include "actors/services/jwt/jwt.hpp"
#include "actors/services/limits/clock.hpp"

#include <memory>
#include <string>
#include <vector>

namespace fc::actors::services {

/// A GitHub App and where it is installed.
struct github_app {
  std::string api = "https://api.github.com";
  std::string id; ///< Of the app, or its client id.
  std::vector<std::string> installations;
};

/// Tokens of an app's installations, one each: made when first asked for, kept
/// until shortly before they expire (after an hour), then made anew. They have
/// no fixed length.
std::shared_ptr<token_source>
app_tokens(github_app app, signing_key key, std::shared_ptr<http_client> http,
           std::shared_ptr<wait_clock> time);

/// Tokens of several sources as one.
std::shared_ptr<token_source>
joined_tokens(std::vector<std::shared_ptr<token_source>> all);

} // namespace fc::actors::services
