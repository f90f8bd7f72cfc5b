#include "actors/discover/repositories/named_repositories.hpp"

#include <algorithm>
#include <unordered_map>

namespace fc::actors {

using events::ec;
using events::expected;

bool named_repositories::whole() const {
  return std::ranges::none_of(
    sources, [](const auto& x) { return x.failure || !x.cut.empty(); });
}

expected<named_repositories> collect_named_repositories(
  const std::vector<std::unique_ptr<repository_source>>& from,
  const services::stop_flag& stop) {
  named_repositories result;
  std::unordered_map<std::string, std::size_t> indices;
  events::error first;
  for (const auto& source : from) {
    if (stop && stop->load())
      return events::make_error(ec::cancelled,
                                "stopped while looking for repositories");
    source_account account;
    account.source = source->name();
    auto listing = source->list(stop);
    if (!listing) {
      if (events::code_of(listing.error()) == ec::cancelled)
        return listing.error();
      if (!first)
        first = listing.error();
      account.failure = listing.error();
      result.sources.push_back(std::move(account));
      continue;
    }
    for (auto& each : listing->found) {
      const auto [found, is_new]
        = indices.try_emplace(folded(each.repo), result.all.size());
      if (is_new) {
        result.all.push_back(std::move(each));
        continue;
      }
      auto& known = result.all[found->second].found_by;
      if (known.find(each.found_by) == std::string::npos)
        known += ", " + each.found_by;
    }
    account.found = listing->found.size();
    account.passed_over = std::move(listing->passed_over);
    account.calls = listing->calls;
    account.bytes = listing->bytes;
    account.cost_usd = listing->cost_usd;
    account.cut = std::move(listing->cut);
    result.sources.push_back(std::move(account));
  }
  if (result.all.empty() && first)
    return first;
  return result;
}

std::string folded(const events::repo_name& x) {
  std::string text = x.str();
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

} // namespace fc::actors
