#include "tests/conventions/text_rules.hpp"

#include <array>
#include <optional>
#include <regex>

namespace fc::conventions {

namespace {

// Split, so that this file does not break its own rules.
constexpr std::array<std::string_view, 2> to_do_words{"TO"
                                                      "DO",
                                                      "FIX"
                                                      "ME"};
constexpr std::string_view disabled = "DISABLED"
                                      "_";
constexpr std::string_view skip = "GTEST"
                                  "_SKIP";

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Places where `word` stands by itself.
std::vector<std::size_t>
places_of(std::string_view word, std::string_view line) {
  std::vector<std::size_t> places;
  for (auto at = line.find(word); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_word(line[at - 1]))
        && (end == line.size() || !is_word(line[end])))
      places.push_back(at);
  }
  return places;
}

bool names_issue(std::string_view line) {
  static const std::regex issue{R"(#\d+)"};
  return std::regex_search(line.begin(), line.end(), issue);
}

/// From a line up to the end of its statement.
std::string statement_from(const source_file& file, std::size_t at) {
  std::string text;
  for (; at < file.lines.size(); ++at) {
    text += file.lines[at];
    if (text.ends_with(';') || text.ends_with('}'))
      break;
  }
  return text;
}

/// Whether something other than an empty text is streamed after the skip.
bool gives_reason(const std::string& statement) {
  static const std::regex streamed{R"(_SKIP\s*\(\s*\)\s*<<\s*(?!""\s*;)\S)"};
  return std::regex_search(statement, streamed);
}

/// The trace of a machine in a line, or nothing.
std::optional<std::string> trace_in(const std::string& line) {
  static const std::regex home{
    R"((^|[^\w.<*~/-])(/[r]oot/|/[w]ork/(main|shared)|/[U]sers/\w|/[h]ome/\w))"};
  static const std::regex mirror{
    R"((index[-_]url|registry)\s*=\s*https?://|[a]rtifactory|)"
    R"("resolved["]: "(?!https://registry\.npmjs\.org/))",
    std::regex::icase};
  std::smatch match;
  if (std::regex_search(line, match, home))
    return "path of one machine: " + match[2].str();
  if (std::regex_search(line, match, mirror))
    return "package mirror: " + match.str();
  return std::nullopt;
}

/// The first line of what opens in line `at`.
std::size_t head_of(const source_file& file, std::size_t at) {
  while (at > 0) {
    const auto& before = file.lines[at - 1];
    if (before.empty() || before.starts_with("//") || before.starts_with('}')
        || before.starts_with('#')
        || std::string_view{";{:"}.find(before.back())
             != std::string_view::npos)
      break;
    --at;
  }
  return at;
}

/// The head of the function at the margin whose body opens in line `at`, or
/// nothing. A space before the bracket tells it from a value's.
std::optional<std::size_t>
function_at(const source_file& file, std::size_t at) {
  static const std::regex other{
    R"(^(namespace|struct|class|union|enum|extern|concept)\b|=\s*\{$)"
    R"(|^[\w:<>,& ]+ = )"};
  if (!file.lines[at].ends_with(" {"))
    return std::nullopt;
  const auto head = head_of(file, at);
  if (file.lines[head].starts_with(' ') || file.lines[head].starts_with('#'))
    return std::nullopt;
  for (auto i = head; i <= at; ++i)
    if (std::regex_search(file.lines[i], other))
      return std::nullopt;
  return head;
}

/// The name of a type defined in a line at the margin, or nothing.
std::optional<std::string>
defined_type(const source_file& file, std::size_t at) {
  static const std::regex head{
    R"(^(?:struct|class|union|enum class|enum struct|enum)\s+)"
    R"((?:\[\[.*\]\]\s+)?(\w+)\s*(<)?)"};
  std::smatch match;
  const auto& line = file.lines[at];
  if (!std::regex_search(line, match, head) || match[2].matched)
    return std::nullopt;
  for (auto i = at; i < file.lines.size(); ++i)
    if (const auto end = file.lines[i].find_first_of("{;");
        end != std::string::npos)
      return file.lines[i][end] == '{' ? std::optional{match[1].str()}
                                       : std::nullopt;
  return std::nullopt;
}

/// Whether a comment stands above, with nothing but the template's head and
/// attributes between.
bool has_comment(const source_file& file, std::size_t at) {
  while (at > 0) {
    const auto& before = file.lines[--at];
    if (before.starts_with("///"))
      return true;
    if (before.empty() || before.ends_with(';') || before.starts_with('}')
        || before.starts_with("//") || before.starts_with('#'))
      return false;
  }
  return false;
}

} // namespace

breaches check_todos(const source_tree& tree) {
  static const std::regex good{R"(^\(#\d+\):)"};
  breaches found;
  for (const auto& [path, file] : tree.files)
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      for (const auto word : to_do_words)
        for (const auto at : places_of(word, file.lines[i]))
          if (word != to_do_words[0]
              || !std::regex_search(file.lines[i].substr(at + word.size()),
                                    good))
            found.push_back({path, i + 1, "todo",
                             "write " + std::string{to_do_words[0]}
                               + "(#12): with the number of an issue"});
  return found;
}

breaches check_skipped_tests(const source_tree& tree) {
  breaches found;
  for (const auto& [path, file] : tree.files) {
    if (!file.is_source() && !file.is_header())
      continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto& line = file.lines[i];
      if (line.find(disabled) != std::string::npos && !names_issue(line)
          && (i == 0 || !names_issue(file.lines[i - 1])))
        found.push_back({path, i + 1, "test.disabled",
                         "name the issue (#12) in this line or above it"});
      if (!places_of(skip, line).empty()
          && !gives_reason(statement_from(file, i)))
        found.push_back({path, i + 1, "test.skipped",
                         "say what is absent: " + std::string{skip}
                           + "() << \"no psql on this machine\""});
    }
  }
  return found;
}

breaches check_machine_traces(const source_tree& tree) {
  breaches found;
  for (const auto& [path, file] : tree.files)
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      if (auto trace = trace_in(file.lines[i]))
        found.push_back({path, i + 1, "machine", *trace});
  return found;
}

breaches check_function_length(const source_tree& tree) {
  breaches found;
  for (const auto& [path, file] : tree.files) {
    if (!file.is_source() && !file.is_header())
      continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto head = function_at(file, i);
      if (!head)
        continue;
      while (i < file.lines.size() && file.lines[i] != "}")
        ++i;
      if (const auto length = i - *head + 1; length > max_function_lines)
        found.push_back({path, *head + 1, "function.length",
                         std::to_string(length) + " lines, limit "
                           + std::to_string(max_function_lines)});
    }
  }
  return found;
}

breaches check_foreign_text(const source_tree& tree) {
  struct reader {
    std::string_view words;
    std::string_view where; ///< The only file that may.
    std::string_view instead;
  };
  static constexpr std::array readers{
    reader{"json::parse(", "events/common/bounded_json.cpp",
           "use parse_json or read_json of events/common/bounded_json.hpp"},
    reader{"json::accept(", "events/common/bounded_json.cpp",
           "use read_json of events/common/bounded_json.hpp"},
    reader{"json::sax_parse(", "events/common/bounded_json.cpp",
           "use read_json of events/common/bounded_json.hpp"},
    reader{"toml::parse", "events/policy/policy.cpp",
           "call check_toml of events/common/bounded_toml.hpp first"},
    reader{"<regex>", "", "write the scanner by hand: std::regex recurses"},
  };
  breaches found;
  for (const auto& [path, file] : tree.files) {
    if ((!file.is_source() && !file.is_header()) || file.below("tests"))
      continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i)
      for (const auto& each : readers)
        if (path != each.where
            && file.lines[i].find(each.words) != std::string::npos)
          found.push_back(
            {path, i + 1, "foreign.text",
             std::string{each.words} + " here: " + std::string{each.instead}});
  }
  return found;
}

breaches check_type_comments(const source_tree& tree) {
  breaches found;
  for (const auto& [path, file] : tree.files) {
    if (!file.is_header() || file.below("tests"))
      continue;
    bool detail = false;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const auto& line = file.lines[i];
      if (line.starts_with("namespace ") || line.starts_with("} // namespace"))
        detail = line.starts_with("namespace detail");
      if (const auto name = defined_type(file, i);
          name && !detail && !has_comment(file, i))
        found.push_back({path, i + 1, "type.comment",
                         *name
                           + " has no /// comment that says what it is "
                             "for"});
    }
  }
  return found;
}

} // namespace fc::conventions
