#include "events/policy/admit_repository.hpp"

#include "events/common/text.hpp"
#include "events/policy/rules.hpp"

#include <algorithm>
#include <charconv>

namespace fc::events::policy {

namespace {

using common::lower;

using numbers = std::vector<unsigned>;

/// A version may stand in quotes.
std::string_view unquoted(std::string_view x) {
  return common::trimmed(x, " \t\r\n\"'");
}

/// The leading numbers of a version: of "3.8rc1" or "3.8.*", 3 and 8.
numbers numbers_of(std::string_view x) {
  numbers result;
  while (!x.empty()) {
    unsigned value = 0;
    const auto [end, err]
      = std::from_chars(x.data(), x.data() + x.size(), value);
    if (err != std::errc{})
      break;
    result.push_back(value);
    x.remove_prefix(static_cast<std::size_t>(end - x.data()));
    if (!x.starts_with('.'))
      break;
    x.remove_prefix(1);
  }
  return result;
}

/// Of two versions the shorter one is filled up with zeros.
std::strong_ordering compare(numbers a, numbers b) {
  const auto size = std::max(a.size(), b.size());
  a.resize(size);
  b.resize(size);
  return a <=> b;
}

/// Whether all versions that begin with `prefix` are below `least`.
bool family_below(const numbers& prefix, numbers least) {
  if (least.size() > prefix.size())
    least.resize(prefix.size());
  return compare(prefix, least) < 0;
}

/// Whether one condition, e.g. "<3.8", leaves nothing from `least` on. Lower
/// ends and "!=" never do.
bool shuts_out(std::string_view condition, const numbers& least) {
  const auto split = condition.find_first_not_of("<>=!~^ \t");
  if (split == std::string_view::npos)
    return false;
  const auto sign = unquoted(condition.substr(0, split));
  const auto text = unquoted(condition.substr(split));
  auto version = numbers_of(text);
  if (version.empty())
    return false;
  if (sign == "<")
    return compare(version, least) <= 0;
  if (sign == "<=")
    return compare(version, least) < 0;
  if (sign == "==" || sign == "===" || sign.empty())
    return text.ends_with('*') ? family_below(version, least)
                               : compare(version, least) < 0;
  if (sign == "~=" && version.size() > 1) {
    version.pop_back();
    return family_below(version, least);
  }
  if (sign == "^" || sign == "~") {
    version.resize(std::min<std::size_t>(version.size(), sign == "^" ? 1 : 2));
    return family_below(version, least);
  }
  return false;
}

/// Calls `each` with the parts between separators.
template <class F>
void split(std::string_view x, std::string_view at, F each) {
  while (true) {
    const auto end = x.find(at);
    each(x.substr(0, end));
    if (end == std::string_view::npos)
      return;
    x.remove_prefix(end + at.size());
  }
}

bool is_named(const repo_name& repo, const std::vector<std::string>& never) {
  const auto name = lower(repo.str());
  const auto owner = lower(repo.owner());
  return std::ranges::any_of(never, [&](const std::string& x) {
    const auto one = lower(x);
    return one == name || one == owner;
  });
}

/// Rules on what only a service knows.
std::optional<std::pair<const rules::rule&, std::string>>
against_card(const repository_seen& x, timestamp at,
             const repository_rules& rules) {
  using fault = std::pair<const rules::rule&, std::string>;
  if (x.fork && !rules.forks)
    return fault{rules::fork, "it is a fork"};
  if (x.archived && !rules.archived)
    return fault{rules::archived, "it is archived"};
  if (x.stars < rules.min_stars)
    return fault{rules::stars, "it has " + std::to_string(x.stars)
                                 + " stars; the policy asks for "
                                 + std::to_string(rules.min_stars)};
  const std::chrono::days max{rules.active_within_days};
  // 1970 stands for a date nobody knows.
  if (max.count() > 0 && x.pushed_at != timestamp{} && x.pushed_at < at - max)
    return fault{rules::inactive,
                 "last pushed to on " + to_iso8601(x.pushed_at).substr(0, 10)
                   + ", more than " + std::to_string(max.count())
                   + " days before " + to_iso8601(at).substr(0, 10)};
  return std::nullopt;
}

} // namespace

bool allows_python(std::string_view requires_python, std::string_view least) {
  const auto from = numbers_of(least);
  if (from.empty() || unquoted(requires_python).empty())
    return true;
  bool allowed = false;
  split(requires_python, "||", [&](std::string_view alternative) {
    bool shut = false;
    split(alternative, ",", [&](std::string_view x) {
      shut = shut || shuts_out(unquoted(x), from);
    });
    allowed = allowed || !shut;
  });
  return allowed;
}

admission
admit_repository(const repository_seen& x, timestamp at, const policy& p) {
  const auto& rules = p.repositories;
  if (is_named(x.repo, rules.never))
    return repository_excluded{
      x.repo, "the policy names it among those never read", rules::never};
  if (!x.node_id.empty())
    if (auto fault = against_card(x, at, rules))
      return repository_excluded{x.repo, std::move(fault->second),
                                 fault->first};
  if (!rules.min_python.empty()
      && !allows_python(x.requires_python, rules.min_python))
    return repository_excluded{x.repo,
                               "it requires Python " + x.requires_python
                                 + "; the policy asks for " + rules.min_python
                                 + " or newer",
                               rules::python};
  return admitted{};
}

std::variant<std::monostate, repository_excluded, repository_readmitted>
follow_admission(const repository_seen& x,
                 const std::optional<repository_excluded>& before, timestamp at,
                 const policy& p) {
  if (before && before->rule == rules::user)
    return {};
  const auto verdict = admit_repository(x, at, p);
  if (const auto* no = std::get_if<repository_excluded>(&verdict)) {
    if (before && before->rule == no->rule)
      return {};
    return *no;
  }
  // A missing suite is found out, and lifted, where git objects are read.
  if (!before || before->rule.empty() || before->rule == rules::no_suite)
    return {};
  return repository_readmitted{
    x.repo, "rule " + before->rule + " holds no more", before->rule};
}

} // namespace fc::events::policy
