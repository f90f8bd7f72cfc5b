#include "actors/discover/repositories/bigquery_source.hpp"
#include "actors/discover/repositories/listed_names.hpp"
#include "actors/services/github/token_check.hpp"
#include "events/common/address.hpp"
#include "projections/postgres/reachable.hpp"
#include "tools/fc-data/judge.hpp"
#include "tools/fc-data/policy_file.hpp"
#include "tools/fc-data/preflight/preflight.hpp"
#include "tools/fc-data/repositories/github.hpp"
#include "tools/shell/program.hpp"

#include <cstdlib>
#include <iomanip>
#include <sstream>

namespace fc::tools {

namespace services = actors::services;
using shell::words_of;

namespace {

std::string usd(double x) {
  std::ostringstream out;
  out << '$' << std::fixed << std::setprecision(x < 0.01 ? 6 : 2) << x;
  return out.str();
}

/// "core 4990 of 5000, graphql 12 of 5000 until 12:30Z"
std::string left_text(const std::vector<services::resource_left>& all) {
  std::string text;
  for (const auto& each : all) {
    text += (text.empty() ? "" : ", ") + each.resource + " "
            + std::to_string(each.remaining) + " of "
            + std::to_string(each.limit);
    if (each.remaining < each.limit)
      text += " until " + events::to_iso8601(each.reset).substr(11, 5) + "Z";
  }
  return text + (text.empty() ? "" : " left");
}

bool used_up(const std::vector<services::resource_left>& all) {
  for (const auto& each : all)
    if (each.resource == "graphql" && each.remaining == 0)
      return true;
  return false;
}

} // namespace

std::vector<check> check_github(const options& settings) {
  const bool needed = settings.repositories.any();
  const auto tokens = github_tokens(settings.repositories);
  if (!tokens)
    return {{"GitHub", state_of(false, needed), words_of(tokens.error()), {}}};
  if ((*tokens)->size() == 0)
    return {{"GitHub",
             needed ? check_state::failed : check_state::skipped,
             needed ? "no token: set GH_TOKENS, or name an App with "
                      "--github-app"
                    : "not asked by this run; no token is set",
             {}}};
  const auto http = services::make_http_client();
  std::vector<check> all;
  bool any = false;
  for (std::size_t i = 0; i < (*tokens)->size(); ++i) {
    const auto left = services::check_token(settings.repositories.api, *http,
                                            **tokens, i, nullptr);
    const auto name = "GitHub " + (*tokens)->name(i);
    if (!left) {
      // One token of several that is bad holds nothing up.
      all.push_back({name, check_state::noted, words_of(left.error()), {}});
      continue;
    }
    any = true;
    all.push_back({name, used_up(*left) ? check_state::noted : check_state::ok,
                   left_text(*left), "about 1 point a page of 49 PRs"});
  }
  if (!any && needed)
    for (auto& each : all)
      each.state = check_state::failed;
  return all;
}

std::vector<check> check_bigquery(const options& settings) {
  const auto& x = settings.repositories;
  const bool needed = x.asks("bigquery");
  if (!needed && x.bigquery_key.empty() && x.bigquery_token.empty())
    return {{"BigQuery", check_state::skipped, "not asked by this run", {}}};
  const auto client = open_bigquery(x);
  if (!client)
    return {
      {"BigQuery", state_of(false, needed), words_of(client.error()), {}}};
  const auto bytes
    = (*client)->dry_run(actors::find_repositories_query(), nullptr);
  if (!bytes)
    return {{"BigQuery", state_of(false, needed), words_of(bytes.error()), {}}};
  const bool fine = *bytes <= x.bigquery_max_bytes;
  return {{"BigQuery", state_of(fine, needed),
           "the query would read " + std::to_string(*bytes) + " bytes"
             + (fine ? ""
                     : "; allowed are " + std::to_string(x.bigquery_max_bytes)
                         + ", raise --bigquery-max-bytes"),
           usd(services::bigquery_cost_usd(*bytes)) + " a run"}};
}

std::vector<check> check_lists(const options& settings) {
  std::vector<check> all;
  for (const auto& text : settings.repositories.sources) {
    const auto colon = text.find(':');
    if (text == "code-search" || text == "bigquery")
      continue;
    const auto file = colon == std::string::npos ? "" : text.substr(colon + 1);
    const auto source = text.starts_with("list:") ? actors::list_file(file)
                        : text.starts_with("jsonl:")
                          ? actors::json_lines(file)
                          : actors::given_names(text);
    const auto found = source->list(nullptr);
    all.push_back({"repositories",
                   state_of(bool{found}, true),
                   found ? std::to_string(found->found.size()) + " named by "
                             + source->name()
                         : words_of(found.error()),
                   {}});
  }
  return all;
}

std::vector<check> check_the_judge(const options& settings) {
  const auto policy = load_policy(settings);
  if (!policy)
    return {{"policy", check_state::failed, words_of(policy.error()), {}}};
  std::vector<check> all{
    {"policy",
     check_state::ok,
     (*policy)->id.hex().substr(0, 12) + ", "
       + (settings.policy.empty() ? "the shipped one"
                                  : settings.policy.string()),
     {}}};
  if (!settings.judge.by_model()) {
    all.push_back({"model",
                   check_state::skipped,
                   "the rules judge, no model is asked",
                   {}});
    return all;
  }
  const auto facts = check_judge(settings.judge, **policy, nullptr, true);
  if (!facts) {
    all.push_back({"model", check_state::failed, words_of(facts.error()), {}});
    return all;
  }
  for (const auto& each : *facts)
    all.push_back(
      {"model", each.failure ? check_state::noted : check_state::ok,
       each.failure
         ? words_of(each.failure) + "; the other model stands in"
         : each.model
             + (each.served_by.empty() ? "" : ", answers as " + each.served_by)
             + ", at most " + std::to_string(each.tokens_at_most)
             + " tokens a question",
       each.usd_at_most ? usd(*each.usd_at_most) + " a question at most"
                        : "no prices given"});
  return all;
}

std::vector<check> check_database(const options&) {
  const char* const address = std::getenv("SUPABASE_DB_URL");
  if (address == nullptr || *address == '\0')
    return {{"database",
             check_state::skipped,
             "SUPABASE_DB_URL is not set; fc-data itself needs none",
             {}}};
  const auto says = projections::postgres::reachable(address);
  return {{"database",
           state_of(bool{says}, false),
           says ? *says : words_of(says.error()),
           {}}};
}

} // namespace fc::tools
