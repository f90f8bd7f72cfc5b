#include "actors/judge/read_answer.hpp"

#include "actors/services/llm/utf8.hpp"
#include "events/common/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using json = nlohmann::json;

namespace {

constexpr std::string_view blank = " \t\r\n";
constexpr std::string_view no_category = "uncategorized";
constexpr std::array<std::string_view, 3> difficulties{"easy", "medium",
                                                       "hard"};

std::string lower(std::string_view x) {
  std::string result{x};
  std::ranges::transform(result, result.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return result;
}

std::string_view trimmed(std::string_view x, std::string_view what = blank) {
  const auto from = x.find_first_not_of(what);
  if (from == std::string_view::npos)
    return {};
  return x.substr(from, x.find_last_not_of(what) - from + 1);
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

error unreadable(const char* wanted, std::string_view text) {
  const auto start = std::string{services::utf8_prefix(trimmed(text), 120)};
  return make_error(
    ec::malformed,
    std::string{"the answer has no "} + wanted
      + (start.empty() ? "; it is empty" : "; it begins: " + start));
}

/// What a model thought aloud is no answer; thoughts that do not end leave
/// nothing.
std::string_view without_thoughts(std::string_view text) {
  for (const std::string_view tag : {"think", "thinking", "reasoning"}) {
    const auto end = "</" + std::string{tag} + ">";
    if (const auto at = text.rfind(end); at != std::string_view::npos)
      text.remove_prefix(at + end.size());
    const auto start = text.find("<" + std::string{tag} + ">");
    if (start != std::string_view::npos)
      text = text.substr(0, start);
  }
  return text;
}

/// Where the object that begins here ends; 0 where it does not.
std::size_t object_end(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == '{')
      ++depth;
    else if (!quoted && c == '}' && --depth == 0)
      return i + 1;
  }
  return 0;
}

/// Names in lower case; what is no text becomes one.
using fields = std::vector<std::pair<std::string, std::string>>;

fields fields_of(const json& x) {
  fields all;
  for (const auto& [key, value] : x.items()) {
    if (value.is_string())
      all.emplace_back(lower(key), value.get<std::string>());
    else if (value.is_boolean())
      all.emplace_back(lower(key), value.get<bool>() ? "YES" : "NO");
  }
  return all;
}

const std::string* find(const fields& x, std::string_view key) {
  for (const auto& [name, value] : x)
    if (name == key)
      return &value;
  return nullptr;
}

/// All JSON objects in a text that have a key.
std::vector<fields> objects_with(std::string_view text, std::string_view key) {
  // The last object counts. Braces that never close would each be followed to
  // the end.
  constexpr std::size_t max_bytes = 256 << 10;
  constexpr std::size_t max_braces = 1000;
  if (text.size() > max_bytes)
    text.remove_prefix(text.size() - max_bytes);
  std::vector<fields> all;
  std::size_t braces = 0;
  for (auto at = text.find('{');
       at != std::string_view::npos && ++braces <= max_braces;) {
    const auto size = object_end(text.substr(at));
    const auto x
      = size == 0 ? json{} : events::common::read_json(text.substr(at, size));
    if (x.is_object())
      if (auto found = fields_of(x); find(found, key) != nullptr)
        all.push_back(std::move(found));
    at = text.find('{', x.is_object() ? at + size : at + 1);
  }
  return all;
}

/// What stands behind "key:" in a line of its own, without decoration.
std::optional<std::string>
line_of(std::string_view text, std::string_view key) {
  std::optional<std::string> last;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = trimmed(text.substr(0, end), " \t\r*_#>-`\"'");
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos
        || lower(trimmed(line.substr(0, colon), " \t*_`\"'")) != key)
      continue;
    last = trimmed(line.substr(colon + 1), " \t\r*_`\"',.");
  }
  return last;
}

/// YES or NO at the beginning of a value, and not the other one behind it.
std::optional<bool> yes_or_no(std::string_view value) {
  const auto x = lower(trimmed(value, " \t\r\n*_`\"'."));
  const auto begins = [&](std::string_view word) {
    return x.starts_with(word)
           && (x.size() == word.size() || !is_word(x[word.size()]));
  };
  const bool yes = begins("yes");
  if (!yes && !begins("no"))
    return std::nullopt;
  // "YES or NO", "YES/NO": the choice and not the answer.
  const auto rest = trimmed(std::string_view{x}.substr(yes ? 3 : 2), " /|,");
  const std::string_view other = yes ? "no" : "yes";
  for (const std::string_view before : {"", "or "})
    if (rest.starts_with(std::string{before} + std::string{other})
        && (rest.size() == before.size() + other.size()
            || !is_word(rest[before.size() + other.size()])))
      return std::nullopt;
  return yes;
}

/// A text that begins with the label. "No doubt it is faster" does not: a
/// label in small letters, and every "no", has a mark or nothing behind it.
std::optional<bool> opening(std::string_view text) {
  const auto x = trimmed(text, " \t\r\n*_#>`\"'");
  const auto label = yes_or_no(x);
  if (!label)
    return std::nullopt;
  auto rest = x.substr(*label ? 3 : 2);
  rest = rest.substr(std::min(rest.find_first_not_of("*_`\"'"), rest.size()));
  const bool shouted = x.starts_with("YES") || x.starts_with("NO");
  const auto next = rest.empty() ? std::string_view{} : trimmed(rest);
  // "no-one" goes on where "no - one" does not.
  const bool dash = next.starts_with('-') && rest[0] != '-';
  const bool marked
    = next.empty() || dash
      || std::string_view{".,:;!("}.find(next[0]) != std::string_view::npos
      || rest[0] == '\n' || next.starts_with("\xE2\x80\x93")
      || next.starts_with("\xE2\x80\x94") || next.starts_with("because");
  if (marked || (shouted && *label))
    return label;
  return std::nullopt;
}

std::string reasoning_in(const fields& x) {
  for (const auto key : {"reasoning", "reason", "explanation"})
    if (const auto* found = find(x, key))
      return *found;
  return {};
}

std::string as_name(std::string_view x) {
  auto name = lower(trimmed(x, " \t\r\n*_`\"'.,"));
  std::ranges::replace_if(
    name, [](char c) { return c == ' ' || c == '-'; }, '_');
  return name;
}

expected<category_answer>
checked(category_answer x, const events::policy::judge_rules& rules) {
  const auto wrong = [](const char* what, const std::string& value) {
    return make_error(ec::malformed,
                      "the answer names the " + std::string{what} + " \""
                        + std::string{services::utf8_prefix(value, 80)}
                        + "\", which the prompt does not have");
  };
  x.category = as_name(x.category);
  x.difficulty = as_name(x.difficulty);
  const bool known
    = x.category == no_category
      || std::ranges::any_of(rules.categories, [&](const auto& each) {
           return each.first == x.category;
         });
  if (!known)
    return wrong("category", x.category);
  if (std::ranges::find(difficulties, x.difficulty) == difficulties.end())
    return wrong("difficulty", x.difficulty);
  return x;
}

json schema_of(json properties) {
  json required = json::array();
  for (const auto& [key, value] : properties.items())
    required.push_back(key);
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

} // namespace

expected<label_answer> read_label(std::string_view text) {
  const auto answer = without_thoughts(text);
  const auto objects = objects_with(answer, "label");
  std::optional<label_answer> result;
  for (const auto& each : objects) {
    const auto label = yes_or_no(*find(each, "label"));
    if (!label || (result && result->performance != *label))
      return unreadable("single label YES or NO", text);
    result = label_answer{*label, reasoning_in(each)};
  }
  if (result)
    return *result;
  for (const auto key : {"label", "answer", "verdict"})
    if (const auto line = line_of(answer, key))
      if (const auto label = yes_or_no(*line))
        return label_answer{*label, std::string{trimmed(answer)}};
  if (const auto label = opening(answer))
    return label_answer{*label, std::string{trimmed(answer)}};
  return unreadable("label YES or NO", text);
}

expected<category_answer>
read_category(std::string_view text, const events::policy::judge_rules& rules) {
  const auto answer = without_thoughts(text);
  const auto objects = objects_with(answer, "category");
  if (!objects.empty()) {
    const auto& last = objects.back();
    const auto* difficulty = find(last, "difficulty");
    return checked({*find(last, "category"),
                    difficulty == nullptr ? "" : *difficulty,
                    reasoning_in(last)},
                   rules);
  }
  const auto category = line_of(answer, "category");
  const auto difficulty = line_of(answer, "difficulty");
  if (!category || !difficulty)
    return unreadable("category and difficulty", text);
  return checked({*category, *difficulty, std::string{trimmed(answer)}}, rules);
}

std::string label_schema() {
  return schema_of({{"reasoning", {{"type", "string"}}},
                    {"label", {{"type", "string"}, {"enum", {"YES", "NO"}}}}})
    .dump();
}

std::string category_schema(const events::policy::judge_rules& rules) {
  json names = json::array();
  for (const auto& [name, terms] : rules.categories)
    names.push_back(name);
  names.push_back(no_category);
  return schema_of(
           {{"category", {{"type", "string"}, {"enum", names}}},
            {"difficulty", {{"type", "string"}, {"enum", difficulties}}},
            {"reasoning", {{"type", "string"}}}})
    .dump();
}

} // namespace fc::actors
