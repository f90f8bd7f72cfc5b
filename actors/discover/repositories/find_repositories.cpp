#include "actors/discover/repositories/find_repositories.hpp"

#include "events/catalog.hpp"

#include <algorithm>
#include <chrono>
#include <map>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;

namespace {

constexpr std::string_view stage_name = "scrape_repos";

template <class Event>
error append_one(events::log::event_log& log, const events::stream_name& stream,
                 const Event& x, const std::string& run) {
  const auto event = events::make_event(x);
  for (;;) {
    auto at = log.stream_version(stream);
    if (!at)
      return at.error();
    auto done = log.append({{stream, *at, {event}}}, {}, {run, {}});
    if (!done)
      return done.error();
    const auto& failure = done->front().failure;
    if (events::code_of(failure) != ec::conflict)
      return failure;
  }
}

/// Only those the user asks for.
void restrict_to(named_repositories& to,
                 const std::vector<events::repo_name>& xs) {
  if (xs.empty())
    return;
  std::erase_if(to.all, [&](const named_repository& x) {
    return std::ranges::none_of(
      xs, [&](const auto& each) { return folded(each) == folded(x.repo); });
  });
}

error record_cost(const repository_search& search,
                  const repository_search_result& result, double seconds) {
  events::spent x;
  x.stage = stage_name;
  x.wall_seconds = seconds;
  x.calls = result.used.calls;
  for (const auto& each : result.named.sources) {
    x.calls += each.calls;
    x.bytes += each.bytes;
    x.cost_usd += each.cost_usd;
  }
  return append_one(*search.log, events::run_stream(search.run), x, search.run);
}

} // namespace

expected<repository_search_result>
find_repositories(repository_search search, const services::stop_flag& stop) {
  const auto begun = std::chrono::steady_clock::now();
  auto named = collect_named_repositories(search.sources, stop);
  if (!named)
    return named.error();
  repository_search_result result;
  result.named = std::move(*named);
  restrict_to(result.named, search.only);
  std::vector<events::repo_name> names;
  for (const auto& each : result.named.all)
    names.push_back(each.repo);
  error limit_failure;
  result.used.on_limit = [&](const events::limit_met& x) {
    if (auto err = record_limit(*search.log, x, search.run))
      limit_failure = err;
  };
  auto cards
    = read_cards(*search.github, names, search.window, result.used, stop);
  result.used.on_limit = {};
  // What the sources cost is spent, whatever comes of it.
  const std::chrono::duration<double> took
    = std::chrono::steady_clock::now() - begun;
  if (auto err = record_cost(search, result, took.count()))
    return err;
  if (!cards)
    return cards.error();
  if (limit_failure)
    return limit_failure;
  const auto at
    = search.window ? search.window->end : search.github->time().now();
  auto found = settle_repositories(*search.log, *search.policy,
                                   result.named.all, *cards, at, search.run);
  if (!found)
    return found.error();
  result.found = std::move(*found);
  return result;
}

error record_limit(events::log::event_log& log, const events::limit_met& x,
                   const std::string& run) {
  return append_one(log, events::service_stream(x.service), x, run);
}

expected<std::vector<events::limit_met>>
standing_limits(const events::log::log_reader& log, const std::string& service,
                events::timestamp now) {
  auto records = log.read_stream(events::service_stream(service));
  if (!records)
    return records.error();
  std::map<std::pair<std::string, std::string>, events::limit_met> newest;
  for (const auto& at : *records) {
    if (at.tag != events::limit_met::tag)
      continue;
    auto x = events::event_in<events::limit_met>(at);
    if (!x)
      return x.error();
    newest.insert_or_assign({x->resource, x->token}, std::move(*x));
  }
  std::vector<events::limit_met> result;
  for (auto& [key, x] : newest)
    if (x.until > now)
      result.push_back(std::move(x));
  return result;
}

expected<std::uint32_t> last_page_size(const events::log::log_reader& log,
                                       const events::repo_name& repo) {
  auto records = log.read_stream(events::stream_of(repo));
  if (!records)
    return records.error();
  std::uint32_t size = 0;
  for (const auto& at : *records) {
    if (at.tag != events::window_reconciled::tag)
      continue;
    auto x = events::event_in<events::window_reconciled>(at);
    if (!x)
      return x.error();
    if (x->page_size > 0)
      size = x->page_size;
  }
  return size;
}

} // namespace fc::actors
