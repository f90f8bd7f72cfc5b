#include "events/policy/judge_by_rules.hpp"

#include "events/policy/text/diff_noise.hpp"
#include "events/policy/text/term_set.hpp"

#include <algorithm>
#include <optional>

namespace fc::events::policy {

namespace {

using text::diff_file;
using text::is_noise;
using text::parse_diff;
using text::term_set;

constexpr std::string_view no_category = "uncategorized";

/// Whether a name fits a pattern with at most one `*`.
bool fits(std::string_view name, std::string_view pattern) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos)
    return name == pattern;
  const auto head = pattern.substr(0, star);
  const auto tail = pattern.substr(star + 1);
  return name.size() >= head.size() + tail.size() && name.starts_with(head)
         && name.ends_with(tail);
}

/// The entry of `no_paths` that makes a file no code, or nothing.
const std::string* no_code(std::string_view path, const judge_rules& rules) {
  for (const auto& entry : rules.no_paths) {
    if (entry.starts_with('.') && path.ends_with(entry))
      return &entry;
    for (std::size_t at = 0; at <= path.size();) {
      const auto end = std::min(path.find('/', at), path.size());
      if (fits(path.substr(at, end - at), entry))
        return &entry;
      at = end + 1;
    }
  }
  return nullptr;
}

/// What the rules look at.
struct question {
  const scraped& facts;
  std::vector<diff_file> diff;
  const judge_rules& rules;
};

std::optional<std::string> refuse_title(const question& x) {
  term_set terms;
  for (const auto& term : x.rules.no_titles)
    terms.add(term);
  std::optional<std::string> result;
  terms.scan(x.facts.title, [&](std::uint32_t index) {
    result = "the title names a chore, \"" + terms[index] + "\"";
    return false;
  });
  return result;
}

std::optional<std::string> refuse_paths(const question& x) {
  std::vector<std::string_view> paths;
  for (const auto& file : x.facts.files)
    paths.emplace_back(file.path);
  if (paths.empty())
    for (const auto& file : x.diff)
      paths.push_back(file.path);
  const std::string* why = nullptr;
  for (const auto path : paths)
    if (why = no_code(path, x.rules); why == nullptr)
      return std::nullopt;
  if (why == nullptr)
    return std::nullopt;
  return "no changed file is code that gets faster: "
         + std::string{paths.back()} + " falls under \"" + *why + "\""
         + (paths.size() == 1
              ? ""
              : ", and so on for all " + std::to_string(paths.size()));
}

std::optional<std::string> refuse_noise(const question& x) {
  if (x.diff.empty())
    return std::nullopt;
  for (const auto& file : x.diff)
    if (no_code(file.path, x.rules) == nullptr && !is_noise(file))
      return std::nullopt;
  return "the diff changes only comments, docstrings, whitespace or the place "
         "imports come from";
}

struct guess {
  std::string category{no_category};
  std::string because = "no term of a category found";
};

/// The terms of all categories, to be found in several texts.
class category_finder {
public:
  explicit category_finder(const judge_rules& rules) : rules_{rules} {
    for (std::size_t i = 0; i < rules.categories.size(); ++i)
      for (const auto& term : rules.categories[i].second) {
        terms_.add(term);
        owner_.push_back(i);
      }
  }

  /// The first category with a term in `text`.
  std::optional<guess>
  find(std::string_view text, std::string_view where) const {
    std::optional<std::uint32_t> best;
    terms_.scan(text, [&](std::uint32_t index) {
      if (!best || owner_[index] < owner_[*best])
        best = index;
      return owner_[*best] != 0;
    });
    if (!best)
      return std::nullopt;
    return guess{rules_.categories[owner_[*best]].first,
                 "\"" + terms_[*best] + "\" in " + std::string{where}};
  }

private:
  const judge_rules& rules_;
  term_set terms_;
  std::vector<std::size_t> owner_; ///< Category of each term.
};

guess guess_category(const question& x) {
  const category_finder finder{x.rules};
  if (auto found = finder.find(x.facts.title, "the title"))
    return *found;
  if (auto found = finder.find(x.facts.body, "the body"))
    return *found;
  std::string added;
  for (const auto& file : x.diff)
    if (no_code(file.path, x.rules) == nullptr)
      for (const auto& hunk : file.hunks)
        for (const auto& line : hunk.lines)
          if (line.mark == '+')
            added.append(line.text) += '\n';
  return finder.find(added, "the lines added").value_or(guess{});
}

/// Lines changed in code; all lines where no file is listed.
std::uint64_t code_lines(const question& x) {
  std::uint64_t result = 0;
  for (const auto& file : x.facts.files)
    if (no_code(file.path, x.rules) == nullptr)
      result += std::uint64_t{file.additions} + file.deletions;
  return x.facts.files.empty()
           ? std::uint64_t{x.facts.additions} + x.facts.deletions
           : result;
}

std::string difficulty_of(std::uint64_t lines, const judge_rules& rules) {
  if (lines < rules.easy_lines)
    return "easy";
  return lines < rules.medium_lines ? "medium" : "hard";
}

/// Texts in one form, each with its length before it: comments and layout of
/// the policy's file do not change the digest.
class canonical {
public:
  explicit canonical(std::string_view kind) : text_{kind} {}

  void put(const std::string& x) {
    text_ += std::to_string(x.size()) + ":" + x;
  }
  void put_all(const std::vector<std::string>& xs) {
    text_ += std::to_string(xs.size()) + ";";
    for (const auto& x : xs)
      put(x);
  }
  digest id() const {
    return sha256(as_bytes(text_));
  }

private:
  std::string text_;
};

} // namespace

digest rules_digest(const judge_rules& rules) {
  canonical form{"judge_by_rules 1\n"};
  form.put_all(rules.no_titles);
  form.put_all(rules.no_paths);
  for (const auto& [name, terms] : rules.categories) {
    form.put(name);
    form.put_all(terms);
  }
  form.put(std::to_string(rules.easy_lines));
  form.put(std::to_string(rules.medium_lines));
  return form.id();
}

digest prompts_digest(const judge_rules& rules) {
  canonical form{"prompts 1\n"};
  for (const auto& [name, prompt] : rules.prompts) {
    form.put(name);
    form.put(prompt);
  }
  return form.id();
}

answered
judge_by_rules(const scraped& x, std::string_view diff, const policy& p) {
  const question q{x, parse_diff(diff), p.judge};
  answered result;
  result.judge = "rules";
  result.prompt = rules_digest(p.judge);
  const std::pair<std::string_view, std::optional<std::string>> refusals[]
    = {{"title", refuse_title(q)},
       {"paths", refuse_paths(q)},
       {"noise", refuse_noise(q)}};
  for (const auto& [rule, why] : refusals)
    if (why) {
      result.reason
        = "no, by the rules and no model (" + std::string{rule} + "): " + *why;
      return result;
    }
  const auto found = guess_category(q);
  const auto lines = code_lines(q);
  result.performance = true;
  result.category = found.category;
  result.difficulty = difficulty_of(lines, p.judge);
  result.reason = "yes, by the rules and no model: nothing on the no-list; "
                  + found.category + " (" + found.because + "), "
                  + result.difficulty + " (" + std::to_string(lines)
                  + " changed lines of code)";
  return result;
}

} // namespace fc::events::policy
