#include "actors/services/github/token_check.hpp"

#include "actors/services/github/reading.hpp"
#include "actors/services/python/json.hpp"
#include "events/common/bounded_json.hpp"

namespace fc::actors::services {

using events::ec;
using events::make_error;
using nlohmann::json;

namespace {

std::uint64_t number(const json& x, const char* key) {
  const auto found = x.find(key);
  return found != x.end() && found->is_number_unsigned()
           ? found->get<std::uint64_t>()
           : 0;
}

/// Why there is no answer, in words of what is to be done.
events::error refusal(const std::string& name, const http_response& answer,
                      const github_reading& reading) {
  const auto about = "token " + name + ": GitHub answers "
                     + std::to_string(answer.status)
                     + (reading.text.empty() ? "" : " '" + reading.text + "'");
  switch (reading.outcome) {
  case github_outcome::bad_token:
    return make_error(ec::refused, about + "; it is not valid, make a new one");
  case github_outcome::limited:
    return make_error(ec::rate_limited, about + "; try later");
  case github_outcome::outage:
    return make_error(ec::unavailable, about + "; try later");
  default:
    return make_error(ec::refused, about);
  }
}

} // namespace

expected<std::vector<resource_left>>
check_token(const std::string& api, http_client& http, token_source& tokens,
            std::size_t index, const stop_flag& stop) {
  auto secret = tokens.token(index, stop);
  if (!secret)
    return secret.error();
  http_request request;
  request.url = api + (api.ends_with('/') ? "" : "/") + "rate_limit";
  request.headers = {{"Authorization", "Bearer " + *secret},
                     {"Accept", "application/vnd.github+json"},
                     {"X-GitHub-Api-Version", "2022-11-28"}};
  request.max_bytes = 1 << 20;
  auto answer = http.send(request, stop);
  if (!answer)
    return answer.error();
  const auto reading = read_rest(*answer, events::timestamp{});
  if (answer->status != 200)
    return refusal(tokens.name(index), *answer, reading);
  const auto body = events::common::read_json(answer->body);
  const auto all = body.is_object() ? body.find("resources") : body.end();
  if (!body.is_object() || all == body.end() || !all->is_object())
    return make_error(ec::malformed, "what answers for GitHub at " + api
                                       + " knows no rate limits");
  std::vector<resource_left> result;
  for (const auto* name : {"core", "graphql", "search", "code_search"}) {
    const auto found = all->find(name);
    if (found == all->end() || !found->is_object())
      continue;
    resource_left x;
    x.resource = name;
    x.limit = number(*found, "limit");
    x.remaining = number(*found, "remaining");
    x.reset = events::timestamp{
      std::chrono::seconds{static_cast<std::int64_t>(std::min<std::uint64_t>(
        number(*found, "reset"), 4'102'444'800))}}; // 2100
    result.push_back(std::move(x));
  }
  return result;
}

} // namespace fc::actors::services
