#include "tools/fc-data/repositories/options.hpp"

#include "actors/discover/repositories/listed_names.hpp"
#include "events/common/address.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace fc::tools {

namespace {

using events::ec;
using events::error;
using events::make_error;

constexpr auto heading = "Repositories of GitHub";

error mistake(std::string text) {
  return make_error(ec::invalid_argument, std::move(text));
}

std::string environment(const char* name) {
  const char* const set = std::getenv(name);
  return set == nullptr ? "" : set;
}

/// Parts between commas, without spaces and empty ones.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> result;
  std::stringstream in{text};
  for (std::string part; std::getline(in, part, ',');)
    if (CLI::detail::trim(part); !part.empty())
      result.push_back(part);
  return result;
}

error check_source(const std::string& text) {
  if (text == "code-search" || text == "bigquery")
    return {};
  for (const auto* kind : {"list:", "jsonl:"})
    if (text.starts_with(kind))
      return text.size() > std::string_view{kind}.size()
               ? error{}
               : mistake("--repositories " + text + " names no file");
  if (text.starts_with("parquet:"))
    return mistake("--repositories " + text
                   + ": Parquet files are written here but not read; make "
                     "JSON lines of it, e.g. duckdb -c \"COPY (SELECT DISTINCT "
                     "repo_name FROM 'x.parquet') TO 'x.jsonl'\", and give "
                     "jsonl:x.jsonl");
  if (text.find('/') == std::string::npos)
    return mistake("--repositories " + text
                   + " is not one of list:FILE, jsonl:FILE, code-search, "
                     "bigquery and owner/name,owner/name");
  for (const auto& each : parts_of(text))
    if (auto repo = actors::parse_repository(each); !repo)
      return repo.error();
  return {};
}

/// "owner/name=REASON"
error read_order(const std::string& option, const std::string& text,
                 bool readmit, std::vector<actors::exclusion_order>& to) {
  const auto at = text.find('=');
  const auto repo = actors::parse_repository(text.substr(0, at));
  std::string reason = at == std::string::npos ? "" : text.substr(at + 1);
  CLI::detail::trim(reason);
  if (!repo || reason.empty())
    return mistake(option + " needs owner/name=REASON, found '" + text + "'");
  for (const auto& each : to)
    if (each.repo == *repo)
      return mistake(repo->str() + " is excluded or readmitted twice");
  to.push_back({*repo, reason, readmit});
  return {};
}

error check_app(const repository_options& x) {
  const bool some
    = !x.app.empty() || !x.app_key.empty() || !x.installations.empty();
  const bool all
    = !x.app.empty() && !x.app_key.empty() && !x.installations.empty();
  if (some && !all)
    return mistake("a GitHub App needs --github-app, --github-app-key and "
                   "--github-installation");
  return {};
}

bool is_address(const std::string& x) {
  return x.starts_with("http://") || x.starts_with("https://");
}

} // namespace

bool repository_options::asks(const std::string& source) const {
  return std::ranges::find(sources, source) != sources.end();
}

void add_repository_options(CLI::App& app, repository_options& x) {
  const auto add = [&](const char* name, auto& to, const char* what) {
    return app.add_option(name, to, what)->group(heading);
  };
  add("--repositories", x.sources,
      "Which: list:FILE, jsonl:FILE, code-search, bigquery, or "
      "owner/name,owner/name; may be repeated");
  add("--exclude", x.exclude,
      "owner/name=REASON: stop reading it; recorded, may be repeated");
  add("--readmit", x.readmit, "owner/name=REASON: end an exclusion");
  add("--github-api", x.api, "Address of the API; tokens: GH_TOKENS=a,b")
    ->envname("FC_GITHUB_API");
  add("--github-git", x.git_url, "Address of git; {name} is owner/name")
    ->envname("FC_GITHUB_GIT");
  add("--github-app", x.app, "Id of a GitHub App")->envname("FC_GITHUB_APP");
  add("--github-app-key", x.app_key, "Its private key, a PEM file")
    ->envname("FC_GITHUB_APP_KEY");
  add("--github-installation", x.installations,
      "Number of an installation; may be repeated")
    ->envname("FC_GITHUB_INSTALLATION");
  add("--github-at-once", x.at_once, "Repositories read at the same time [4]")
    ->check(CLI::Range(1, 64));
  add("--github-audit", x.audit_share,
      "Share of diffs compared with GitHub's [0.01]")
    ->check(CLI::Range(0.0, 1.0));
  add("--bigquery-project", x.bigquery_project,
      "Project that is billed [the account's own]")
    ->envname("FC_BIGQUERY_PROJECT");
  add("--bigquery-key", x.bigquery_key,
      "Key file of a service account; or a token in FC_BIGQUERY_TOKEN")
    ->envname("GOOGLE_APPLICATION_CREDENTIALS");
  add("--bigquery-max-bytes", x.bigquery_max_bytes,
      "Refuse a query that would read more [100000000000]")
    ->envname("FC_BIGQUERY_MAX_BYTES");
  add("--bigquery-location", x.bigquery_location, "Location of the data [US]");
  add("--bigquery-api", x.bigquery_api, "Address of BigQuery")
    ->envname("FC_BIGQUERY_API");
}

error finish_repository_options(repository_options& x) {
  for (const auto& each : x.sources)
    if (auto err = check_source(each))
      return err;
  for (const auto& each : x.exclude)
    if (auto err = read_order("--exclude", each, false, x.orders))
      return err;
  for (const auto& each : x.readmit)
    if (auto err = read_order("--readmit", each, true, x.orders))
      return err;
  if (auto err = check_app(x))
    return err;
  if (!is_address(x.api) || !is_address(x.bigquery_api))
    return mistake("--github-api and --bigquery-api are http or https "
                   "addresses");
  if (x.git_url.find("{name}") == std::string::npos)
    return mistake("--github-git "
                   + events::common::without_credentials(x.git_url)
                   + " lacks {name}");
  auto tokens = environment("GH_TOKENS");
  if (tokens.empty())
    tokens = environment("GH_TOKEN");
  x.tokens = parts_of(tokens);
  x.bigquery_token = environment("FC_BIGQUERY_TOKEN");
  return {};
}

std::string repository_configuration(const repository_options& x) {
  if (!x.any())
    return {};
  auto sources = x.sources;
  std::ranges::sort(sources);
  return nlohmann::json{{"sources", sources}, {"api", x.api}}.dump();
}

} // namespace fc::tools
