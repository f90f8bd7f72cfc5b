#include "actors/services/github/client.hpp"

#include <algorithm>
#include <chrono>
#include <set>

namespace fc::actors::services {

using events::ec;
using events::error;
using events::make_error;
using events::timestamp;
using nlohmann::json;

namespace {

/// Source: docs.github.com, "Rate limits for the REST API" and "Rate limits
/// and query limits for the GraphQL API": 60 s of response time a minute for
/// GraphQL, 90 s for both, so one GraphQL request at a time.
void set_rules(rate_limiter& limiter) {
  limiter.set_rules("graphql", {.in_flight = 1,
                                .spacing_s = 0.5,
                                .jitter = 0.3,
                                .starts_per_minute = 1800,
                                .busy_s_per_minute = 60});
  limiter.set_rules("core", {.in_flight = 1,
                             .spacing_s = 0.1,
                             .jitter = 0.3,
                             .starts_per_minute = 800,
                             .busy_s_per_minute = 28});
  limiter.set_rules(
    "search",
    {.in_flight = 1, .spacing_s = 2.1, .jitter = 0.1, .starts_per_minute = 28});
  limiter.set_rules(
    "code_search",
    {.in_flight = 1, .spacing_s = 6.1, .jitter = 0.1, .starts_per_minute = 9});
}

/// Points that a query took; 0 where its answer does not say.
std::uint32_t cost_of(const json& data) {
  const auto limit = data.find("rateLimit");
  if (limit == data.end() || !limit->is_object())
    return 0;
  const auto cost = limit->find("cost");
  if (cost == limit->end() || !cost->is_number_unsigned())
    return 0;
  constexpr std::uint64_t most = 1'000'000;
  return static_cast<std::uint32_t>(std::min(cost->get<std::uint64_t>(), most));
}

bool same_host(const std::string& url, const std::string& api) {
  const auto host = [](const std::string& x) {
    const auto start = x.find("://");
    return start == std::string::npos ? std::string{}
                                      : x.substr(0, x.find('/', start + 3));
  };
  return host(url) == host(api);
}

} // namespace

/// One question, however often it is asked.
struct github_client::exchange {
  http_request request;
  std::string what;
  std::string resource;
  reader read;
  const std::vector<long>* fine = nullptr;
  http_response answer;
  github_reading reading;
  std::uint32_t outages = 0;
  std::uint32_t limits_met = 0;
  std::set<std::size_t> renewed; ///< Tokens, once each.
  bool smallest = false;         ///< Nothing less can be asked for.
};

github_client::github_client(github_settings settings,
                             std::shared_ptr<http_client> http,
                             std::shared_ptr<token_source> tokens,
                             std::shared_ptr<wait_clock> time,
                             std::function<double()> jitter)
  : settings_(std::move(settings)), http_(std::move(http)),
    tokens_(std::move(tokens)), time_(std::move(time)),
    jitter_(std::move(jitter)), limiter_(tokens_->size(), time_, jitter_) {
  while (settings_.api.ends_with('/'))
    settings_.api.pop_back();
  if (settings_.graphql.empty())
    settings_.graphql = settings_.api + "/graphql";
  set_rules(limiter_);
}

void github_client::restore(const events::limit_met& x) {
  for (std::size_t i = 0; i < tokens_->size(); ++i)
    if (tokens_->name(i) == x.token)
      limiter_.pause(x.resource, i, x.until);
}

expected<http_response>
github_client::ask_once(exchange& x, std::size_t token, const stop_flag& stop) {
  auto secret = tokens_->token(token, stop);
  if (!secret)
    return secret.error();
  auto request = x.request;
  request.headers.emplace_back("Authorization", "Bearer " + *secret);
  return http_->send(request, stop);
}

void github_client::report_limit(const exchange& x, std::size_t token,
                                 timestamp until,
                                 const limit_listener& listener) {
  if (!listener)
    return;
  events::limit_met met;
  met.service = "github";
  met.resource = x.resource;
  met.token = tokens_->name(token);
  met.kind = x.reading.kind;
  met.status = static_cast<std::uint32_t>(x.answer.status);
  met.until = until;
  met.request = x.what;
  met.headers = limit_headers(x.answer);
  met.excerpt = excerpt_of(x.answer.body);
  listener(met);
}

bool github_client::wait(exchange& x, const stop_flag& stop) {
  const auto doubled
    = settings_.backoff_s * static_cast<double>(1u << std::min(x.outages, 6u));
  const std::chrono::duration<double> pause{doubled * (1 + 0.3 * jitter_())};
  return time_->sleep_until(
    time_->now() + std::chrono::duration_cast<timestamp::duration>(pause),
    stop);
}

error github_client::no_answer(exchange& x, std::size_t token, const error& why,
                               const stop_flag& stop) {
  const auto code = events::code_of(why);
  const bool outage = code == ec::unavailable || code == ec::timeout;
  if (outage && ++x.outages < settings_.tries)
    return wait(x, stop) ? error{}
                         : make_error(ec::cancelled, x.what + ": stopped");
  // Only who makes tokens refuses: one that is not to be had leaves others.
  if (code == ec::refused) {
    limiter_.retire(token);
    if (limiter_.usable())
      return {};
  }
  return make_error(code, x.what + ": " + events::describe(why));
}

std::optional<error>
github_client::after(exchange& x, const permit& used, const stop_flag& stop) {
  const auto& reading = x.reading;
  const auto about = x.what + ": GitHub answers "
                     + std::to_string(x.answer.status)
                     + (reading.text.empty() ? "" : " '" + reading.text + "'");
  switch (reading.outcome) {
  case github_outcome::fine:
    return error{};
  case github_outcome::limited:
    return ++x.limits_met < settings_.max_limits_met
             ? std::optional<error>{}
             : make_error(ec::rate_limited, about + ", "
                                              + std::to_string(x.limits_met)
                                              + " times; try later");
  case github_outcome::too_heavy:
    if (!x.smallest)
      return error{};
    [[fallthrough]];
  case github_outcome::outage:
    if (++x.outages >= settings_.tries)
      return make_error(ec::unavailable, about + ", "
                                           + std::to_string(x.outages)
                                           + " times; try later");
    if (!wait(x, stop))
      return make_error(ec::cancelled, x.what + ": stopped");
    return std::nullopt;
  case github_outcome::bad_token:
    if (x.renewed.insert(used.token).second && tokens_->renew(used.token))
      return std::nullopt;
    limiter_.retire(used.token);
    if (limiter_.usable())
      return std::nullopt;
    return make_error(ec::refused,
                      about + ": the token " + tokens_->name(used.token)
                        + " is not valid and there is no other; set GH_TOKENS");
  case github_outcome::not_allowed:
    return make_error(ec::refused, about + ": the token "
                                     + tokens_->name(used.token)
                                     + " may not read it");
  case github_outcome::gone:
    return make_error(ec::not_found, about + ": gone, or private");
  case github_outcome::our_mistake:
    break;
  }
  return make_error(ec::internal, about);
}

expected<github_reading>
github_client::run(exchange& x, github_usage& used, const stop_flag& stop) {
  if (tokens_->size() == 0)
    return make_error(ec::refused, x.what
                                     + ": GitHub needs a token and there is "
                                       "none; set GH_TOKENS");
  limit_answer no_word;
  no_word.silent = true;
  for (;;) {
    auto permit = limiter_.acquire(x.resource, stop);
    if (!permit)
      return permit.error();
    auto answer = ask_once(x, permit->token, stop);
    ++used.calls;
    if (!answer) {
      limiter_.release(x.resource, *permit, no_word);
      if (auto err = no_answer(x, permit->token, answer.error(), stop))
        return err;
      continue;
    }
    x.answer = std::move(*answer);
    x.reading = x.read(x.answer, time_->now());
    if (x.fine != nullptr
        && std::ranges::find(*x.fine, x.answer.status) != x.fine->end())
      x.reading.outcome = github_outcome::fine;
    x.reading.limit.silent = x.reading.outcome == github_outcome::outage
                             || x.reading.outcome == github_outcome::too_heavy;
    if (const auto until
        = limiter_.release(x.resource, *permit, x.reading.limit))
      report_limit(x, permit->token, *until, used.on_limit);
    if (auto end = after(x, *permit, stop)) {
      if (*end)
        return *end;
      return std::move(x.reading);
    }
  }
}

expected<graphql_answer>
github_client::query(const std::string& what, const std::string& text,
                     const json& variables, github_usage& used,
                     const stop_flag& stop, bool smallest) {
  exchange x;
  x.what = what;
  x.smallest = smallest;
  x.resource = "graphql";
  x.read = read_graphql;
  x.request.method = "POST";
  x.request.url = settings_.graphql;
  x.request.timeout_s = settings_.timeout_s;
  x.request.headers
    = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
  x.request.body = json{{"query", text}, {"variables", variables}}.dump(
    -1, ' ', false, json::error_handler_t::replace);
  auto read = run(x, used, stop);
  if (!read)
    return read.error();
  graphql_answer out;
  out.too_heavy = read->outcome == github_outcome::too_heavy;
  if (out.too_heavy)
    return out;
  out.data = std::move(read->body["data"]);
  out.errors = std::move(read->errors);
  used.points += cost_of(out.data);
  return out;
}

expected<http_response>
github_client::rest(http_request request, const std::string& resource,
                    github_usage& used, const stop_flag& stop,
                    const std::vector<long>& fine) {
  if (request.url.starts_with('/'))
    request.url = settings_.api + request.url;
  if (!same_host(request.url, settings_.api))
    return make_error(ec::refused, "the answer points to another host than "
                                     + settings_.api + "; not followed");
  exchange x;
  x.what
    = request.method + " "
      + request.url.substr(std::min(settings_.api.size(), request.url.size()));
  x.resource = resource;
  x.read = read_rest;
  x.fine = &fine;
  x.request = std::move(request);
  x.request.timeout_s = settings_.timeout_s;
  x.request.headers.emplace_back("X-GitHub-Api-Version", "2022-11-28");
  auto read = run(x, used, stop);
  if (!read)
    return read.error();
  return std::move(x.answer);
}

} // namespace fc::actors::services
