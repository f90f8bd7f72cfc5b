#include "tools/fc-data/repositories/github.hpp"

#include "actors/services/github/app_tokens.hpp"
#include "events/common/bounded_file.hpp"

#include <random>

namespace fc::tools {

namespace services = actors::services;

using events::ec;
using events::expected;
using events::make_error;

namespace {

/// Uniform in [0, 1).
double jitter() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return std::uniform_real_distribution<double>{0, 1}(engine);
}

expected<std::string> read_key(const std::filesystem::path& path) {
  constexpr std::uint64_t max_bytes = 1 << 20;
  return events::common::read_file(path.string(), "the key file", max_bytes);
}

} // namespace

expected<std::shared_ptr<services::token_source>>
github_tokens(const repository_options& settings) {
  std::vector<std::shared_ptr<services::token_source>> all{
    services::fixed_tokens(settings.tokens)};
  if (!settings.app.empty()) {
    auto text = read_key(settings.app_key);
    if (!text)
      return text.error();
    auto key = services::signing_key::read(*text, settings.app_key.string());
    if (!key)
      return key.error();
    all.push_back(services::app_tokens(
      {settings.api, settings.app, settings.installations}, std::move(*key),
      services::make_http_client(), services::system_clock()));
  }
  return services::joined_tokens(std::move(all));
}

expected<std::shared_ptr<services::github_client>>
open_github(const repository_options& settings) {
  auto tokens = github_tokens(settings);
  if (!tokens)
    return tokens.error();
  if ((*tokens)->size() == 0)
    return make_error(ec::invalid_argument,
                      "GitHub needs a token: set GH_TOKENS to one or several, "
                      "with commas between, or name a GitHub App with "
                      "--github-app");
  services::github_settings where;
  where.api = settings.api;
  return std::make_shared<services::github_client>(
    where, services::make_http_client(), std::move(*tokens),
    services::system_clock(), jitter);
}

expected<std::shared_ptr<services::bigquery_client>>
open_bigquery(const repository_options& settings) {
  const auto http = services::make_http_client();
  const auto time = services::system_clock();
  std::shared_ptr<services::google_access> access;
  if (!settings.bigquery_token.empty()) {
    access = services::ready_access(settings.bigquery_token);
  } else if (!settings.bigquery_key.empty()) {
    auto text = read_key(settings.bigquery_key);
    if (!text)
      return text.error();
    auto account = services::service_account(
      *text, settings.bigquery_key.string(), http, time);
    if (!account)
      return account.error();
    access = std::move(*account);
  } else {
    return make_error(ec::invalid_argument,
                      "BigQuery needs an account: give --bigquery-key FILE, or "
                      "a token in FC_BIGQUERY_TOKEN");
  }
  services::bigquery_settings where;
  where.api = settings.bigquery_api;
  where.project = settings.bigquery_project;
  where.location = settings.bigquery_location;
  where.max_bytes = settings.bigquery_max_bytes;
  return std::make_shared<services::bigquery_client>(where, http, access, time,
                                                     jitter);
}

} // namespace fc::tools
