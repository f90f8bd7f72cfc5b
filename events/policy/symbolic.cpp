#include "events/policy/symbolic.hpp"

#include "events/policy/text/term_set.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace fc::events::policy {

struct symbolic_gate::terms {
  text::term_set all; ///< Positive ones first.
  std::uint32_t positive = 0;
};

namespace {

std::string count_of(std::uint64_t n, std::string_view one) {
  std::string result{std::to_string(n)};
  result.append(" ").append(one);
  if (n != 1)
    result += 's';
  return result;
}

std::string short_text(double x) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.8g", x);
  return text;
}

symbolic_rejected reject(std::string_view rule, std::string explanation) {
  return {std::string{rule}, std::move(explanation)};
}

/// The first positive and negative term of a title; the search ends when more
/// would not change the verdict.
struct title_terms {
  const std::string* positive = nullptr;
  const std::string* negative = nullptr;
};

symbolic_verdict judge_title(const title_terms& found, bool strict) {
  const auto quoted = [](const std::string* term) {
    return "\"" + *term + "\"";
  };
  if (found.positive != nullptr && (!strict || found.negative == nullptr))
    return symbolic_passed{"positive term " + quoted(found.positive)};
  if (found.negative == nullptr && !strict)
    return symbolic_passed{"no negative term"};
  if (found.negative == nullptr)
    return reject("title", "the title has no positive term");
  if (found.positive == nullptr)
    return reject("title", "the title has the negative term "
                             + quoted(found.negative) + " and no positive one");
  return reject("title", "the title has the negative term "
                           + quoted(found.negative)
                           + ", which the strict rule refuses beside "
                           + quoted(found.positive));
}

bool is_core(std::string_view path, const symbolic_rules& rules) {
  for (const auto& suffix : rules.non_core_suffixes)
    if (path.ends_with(suffix))
      return false;
  const auto non_core = [&](std::string_view part) {
    return std::any_of(rules.non_core_folders.begin(),
                       rules.non_core_folders.end(),
                       [&](const std::string& x) { return x == part; });
  };
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    if (non_core(path.substr(at, end - at)))
      return false;
    at = end + 1;
  }
  return true;
}

std::uint64_t changed_lines(const scraped& x) {
  std::uint64_t listed = 0;
  for (const auto& file : x.files)
    listed += std::uint64_t{file.additions} + file.deletions;
  return std::max(listed, std::uint64_t{x.additions} + x.deletions);
}

std::optional<symbolic_rejected>
judge_files(const scraped& x, const symbolic_rules& rules) {
  const auto files = std::max<std::uint64_t>(x.changed_files, x.files.size());
  if (files >= rules.max_files)
    return reject("files.count", count_of(files, "file")
                                   + " changed, the limit is fewer than "
                                   + std::to_string(rules.max_files));
  if (x.changed_files > x.files.size())
    return reject("files.incomplete",
                  count_of(x.changed_files, "file") + " changed and only "
                    + std::to_string(x.files.size())
                    + " listed: an incomplete list is not judged");
  if (const auto lines = changed_lines(x); lines >= rules.max_lines)
    return reject("files.lines",
                  count_of(lines, "line")
                    + " added or deleted, the limit is fewer than "
                    + std::to_string(rules.max_lines));
  const bool core
    = x.files.empty()
      || std::any_of(x.files.begin(), x.files.end(), [&](const auto& file) {
           return is_core(file.path, rules);
         });
  if (core)
    return std::nullopt;
  return reject("files.no_core",
                x.files.size() == 1
                  ? "the only file, " + x.files.front().path
                      + ", is a test, documentation, a benchmark or CI"
                  : "all " + count_of(x.files.size(), "file")
                      + " are tests, documentation, benchmarks or CI, such as "
                      + x.files.front().path);
}

std::optional<symbolic_rejected>
judge_diff(const scraped& x, const symbolic_rules& rules) {
  const auto size = static_cast<double>(x.diff.size);
  const double tokens = size / rules.bytes_per_token;
  const auto about = [&] {
    auto text = "the diff of " + count_of(x.diff.size, "byte") + " is about "
                + short_text(tokens) + " tokens";
    if (!x.missing_objects.empty())
      text += " (" + count_of(x.missing_objects.size(), "object")
              + " missing in the source)";
    return text;
  };
  if (tokens < static_cast<double>(rules.min_tokens))
    return reject("diff.too_small", about() + ", at least "
                                      + std::to_string(rules.min_tokens)
                                      + " are needed");
  if (tokens > static_cast<double>(rules.max_tokens))
    return reject("diff.too_large", about() + ", at most "
                                      + std::to_string(rules.max_tokens)
                                      + " are allowed");
  return std::nullopt;
}

} // namespace

symbolic_gate::symbolic_gate(const symbolic_rules& rules)
  : rules_{rules}, terms_{std::make_unique<terms>()} {
  for (const auto& term : rules_.positive)
    terms_->all.add(term);
  terms_->positive = static_cast<std::uint32_t>(rules_.positive.size());
  for (const auto& term : rules_.negative)
    terms_->all.add(term);
}

symbolic_gate::~symbolic_gate() = default;
symbolic_gate::symbolic_gate(symbolic_gate&&) noexcept = default;
symbolic_gate& symbolic_gate::operator=(symbolic_gate&&) noexcept = default;

symbolic_verdict symbolic_gate::by_title(std::string_view title) const {
  title_terms found;
  terms_->all.scan(title, [&](std::uint32_t index) {
    const bool positive = index < terms_->positive;
    auto& first = positive ? found.positive : found.negative;
    if (first == nullptr)
      first = &terms_->all[index];
    return rules_.strict || !positive;
  });
  return judge_title(found, rules_.strict);
}

symbolic_verdict
symbolic_gate::by_files(symbolic_verdict so_far, const scraped& x) const {
  if (is_passed(so_far))
    if (auto rejected = judge_files(x, rules_))
      return *std::move(rejected);
  return so_far;
}

symbolic_verdict
symbolic_gate::by_diff(symbolic_verdict so_far, const scraped& x) const {
  if (is_passed(so_far))
    if (auto rejected = judge_diff(x, rules_))
      return *std::move(rejected);
  return so_far;
}

} // namespace fc::events::policy
