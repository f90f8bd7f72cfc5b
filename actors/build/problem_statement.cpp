#include "actors/build/problem_statement.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace fc::actors {

namespace {

constexpr std::string_view fixed = R"(# Performance task: {repo}

{title}

## Objective

Make the code named below faster without changing what it computes. The
project's own tests must go on passing.

## What was reported

{body}
{linked}
## How it is measured

The project's benchmark suite (airspeed velocity) is run on your version and on
the one you started from, in pairs of fresh processes. What counts is the
measured speedup of the benchmarks that reach your change.
)";

/// Shorter lines of a diff say too little to give a solution away.
constexpr std::size_t min_significant_bytes = 12;

std::string trimmed(std::string_view text) {
  const auto space = [](char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
  };
  while (!text.empty() && space(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && space(text.back()))
    text.remove_suffix(1);
  return std::string{text};
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::set<std::string> added_lines(std::string_view diff) {
  std::set<std::string> added;
  for (const auto line : lines_of(diff))
    if (line.starts_with('+') && !line.starts_with("+++"))
      if (auto text = trimmed(line.substr(1));
          text.size() >= min_significant_bytes)
        added.insert(std::move(text));
  return added;
}

// Written by hand: std::regex recurses once a character, and a body may hold a
// line of a million of them.
bool is_alnum(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool is_word(char c) {
  return is_alnum(c) || c == '_';
}

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

/// Of names of owners, repositories and hosts.
bool is_name(char c) {
  return is_word(c) || c == '.' || c == '-';
}

/// End of the run of characters of a kind that starts at `at`.
template <class Kind>
std::size_t end_of(std::string_view text, std::size_t at, Kind kind) {
  while (at < text.size() && kind(text[at]))
    ++at;
  return at;
}

/// Start of the run of characters of a kind that ends before `at`.
template <class Kind>
std::size_t
start_of(std::string_view text, std::size_t at, std::size_t least, Kind kind) {
  while (at > least && kind(text[at - 1]))
    --at;
  return at;
}

bool is_sign_off(std::string_view line) {
  for (const std::string_view who : {"signed-off", "co-authored", "reviewed"}) {
    const auto head = std::string{who} + "-by:";
    if (std::ranges::equal(line.substr(0, head.size()), head, {}, [](char c) {
          return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }))
      return true;
  }
  return false;
}

/// End of the mail host that starts at `at`; `at` itself if there is none.
std::size_t end_of_host(std::string_view line, std::size_t at) {
  const auto dot
    = end_of(line, at, [](char c) { return is_word(c) || c == '-'; });
  if (dot == at || dot >= line.size() || line[dot] != '.')
    return at;
  const auto end = end_of(line, dot + 1, is_name);
  return end == dot + 1 ? at : end;
}

/// Without mail addresses and account names.
std::string anonymous(std::string_view line) {
  std::string result;
  std::size_t done = 0;
  for (auto at = line.find('@'); at != std::string_view::npos;
       at = line.find('@', std::max(at + 1, done))) {
    const auto local
      = start_of(line, at, done, [](char c) { return is_name(c) || c == '+'; });
    const auto host = end_of_host(line, at + 1);
    const bool starts
      = at == 0 || line[at - 1] == '('
        || std::isspace(static_cast<unsigned char>(line[at - 1]));
    if (local < at && host > at + 1) {
      result.append(line.substr(done, local - done)).append("[email]");
      done = host;
    } else if (starts && at + 1 < line.size() && is_alnum(line[at + 1])) {
      result.append(line.substr(done, at - done)).append("@user");
      done
        = end_of(line, at + 1, [](char c) { return is_alnum(c) || c == '-'; });
    }
  }
  return result.append(line.substr(done));
}

/// The body without what tells the solution.
std::string
without_solution(std::string_view body, const std::set<std::string>& added) {
  std::string kept;
  std::string block;
  bool fenced = false;
  bool leaks = false;
  for (const auto raw : lines_of(body)) {
    const auto line = trimmed(raw);
    const bool fence = line.starts_with("```");
    if (fence && !fenced) {
      fenced = true;
      leaks = line.starts_with("```diff") || line.starts_with("```patch");
      block = std::string{raw} + "\n";
    } else if (fenced) {
      block += std::string{raw} + "\n";
      leaks = leaks || added.contains(line)
              || (line.starts_with('+')
                  && added.contains(trimmed(std::string_view{line}.substr(1))));
      if (fence) {
        fenced = false;
        kept += leaks ? "[code removed]\n" : block;
      }
    } else if (!is_sign_off(line) && !added.contains(line)) {
      kept += anonymous(raw) + "\n";
    }
  }
  // A block that never closes is kept only if it tells nothing.
  if (fenced)
    kept += leaks ? "[code removed]\n" : block;
  return trimmed(kept);
}

/// `#12` or `owner/name#12` whose `#` is at `at`, or nothing.
std::string short_link(std::string_view text, std::size_t at) {
  const auto end = end_of(text, at + 1, is_digit);
  if (end == at + 1)
    return {};
  const auto name = start_of(text, at, 0, is_name);
  if (name < at && name > 0 && text[name - 1] == '/') {
    const auto owner = start_of(text, name - 1, 0, is_name);
    if (owner < name - 1 && (owner == 0 || text[owner - 1] != '/'))
      return std::string{text.substr(owner, end - owner)};
  }
  return at > 0 && is_word(text[at - 1])
           ? std::string{}
           : std::string{text.substr(at, end - at)};
}

/// `owner/name#12` of an address after `github.com/` at `at`, or nothing.
std::string long_link(std::string_view text, std::size_t at) {
  const auto owner = end_of(text, at, is_name);
  if (owner == at || owner >= text.size() || text[owner] != '/')
    return {};
  const auto name = end_of(text, owner + 1, is_name);
  for (const std::string_view kind : {"/issues/", "/pull/"}) {
    if (name == owner + 1 || !text.substr(name).starts_with(kind))
      continue;
    const auto number = name + kind.size();
    const auto end = end_of(text, number, is_digit);
    if (end > number)
      return std::string{text.substr(at, name - at)} + "#"
             + std::string{text.substr(number, end - number)};
  }
  return {};
}

/// More are no help to anybody.
constexpr std::size_t max_linked = 200;

/// In the order of the text, each once.
/// @param left_out How many more there are.
std::vector<std::string>
linked_numbers(const events::scraped& x, std::size_t& left_out) {
  static constexpr std::string_view site = "://github.com/";
  const auto text = x.title + "\n" + x.body;
  std::vector<std::string> linked;
  std::set<std::string> seen;
  for (auto at = text.find_first_of("#:"); at != std::string::npos;
       at = text.find_first_of("#:", at + 1)) {
    std::string name;
    if (text[at] == '#')
      name = short_link(text, at);
    else if (std::string_view{text}.substr(at).starts_with(site))
      name = long_link(text, at + site.size());
    if (name.starts_with(x.repo.str() + "#"))
      name.erase(0, x.repo.str().size());
    if (name.empty() || name == "#" + std::to_string(x.number)
        || !seen.insert(name).second)
      continue;
    if (linked.size() < max_linked)
      linked.push_back(std::move(name));
    else
      ++left_out;
  }
  return linked;
}

void fill(std::string& text, std::string_view field, std::string_view value) {
  if (const auto at = text.find(field); at != std::string::npos)
    text.replace(at, field.size(), value);
}

} // namespace

std::string_view problem_template() noexcept {
  return fixed;
}

problem_statement
render_problem(const events::scraped& x, std::string_view diff) {
  problem_statement result;
  std::size_t left_out = 0;
  result.linked = linked_numbers(x, left_out);
  auto body = without_solution(x.body, added_lines(diff));
  if (body.empty())
    body = "The pull request has no description of its own.";
  std::string links;
  if (!result.linked.empty()) {
    links = "\nIt refers to:";
    for (const auto& each : result.linked)
      links += " " + each;
    links
      += left_out == 0 ? "\n" : " and " + std::to_string(left_out) + " more\n";
  }
  result.text = fixed;
  // From the end: body and title may themselves hold something in braces.
  fill(result.text, "{linked}", links);
  fill(result.text, "{body}", body);
  fill(result.text, "{title}", anonymous(x.title));
  fill(result.text, "{repo}", x.repo.str());
  return result;
}

} // namespace fc::actors
