#include "projections/reports/yields.hpp"

#include <algorithm>

namespace fc::projections {

std::size_t yield::mismatches() const {
  return static_cast<std::size_t>(
    std::ranges::count_if(repository.windows, [](const auto& x) {
      return x.second.counted != x.second.stored;
    }));
}

void yields::put(entry& to, const events::pull_request_state& x) {
  to.passed = x.passed && !x.symbolic;
  to.judged = x.judgement && x.judgement->performance;
  to.built = x.image.has_value();
  to.measured = x.trial.has_value();
  to.ends = x.ends();
}

std::map<std::string, yield> yields::all() const {
  std::map<std::string, yield> result;
  for (const auto& [which, each] : repositories_)
    result[which].repository = each;
  for (const auto& [id, x] : entries_) {
    auto& to = result[id.repo.str()];
    to.repository.repo = id.repo;
    ++to.stored;
    to.passed += x.passed ? 1 : 0;
    to.judged += x.judged ? 1 : 0;
    to.tried += x.attempts > 0 ? 1 : 0;
    to.built += x.built ? 1 : 0;
    to.measured += x.measured ? 1 : 0;
    to.published += x.ends == events::outcome::published ? 1 : 0;
    to.failed += x.ends == events::outcome::failed ? 1 : 0;
    to.open += x.ends == events::outcome::open ? 1 : 0;
    to.attempts += x.attempts;
  }
  return result;
}

} // namespace fc::projections
