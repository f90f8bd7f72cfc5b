#include "events/policy/text/diff_noise.hpp"

#include "events/common/text.hpp"

#include <algorithm>
#include <charconv>

namespace fc::events::policy::text {

namespace {

/// Line feeds are none: lines are cut before.
constexpr std::string_view blanks = " \t\r\f";

/// `a/path` or `"a/path"` without quotes and prefix.
std::string_view path_of(std::string_view x) {
  x = x.substr(0, x.find('\t'));
  if (x.size() >= 2 && x.front() == '"' && x.back() == '"')
    x = x.substr(1, x.size() - 2);
  if (x.starts_with("a/") || x.starts_with("b/"))
    x.remove_prefix(2);
  return x;
}

/// Reads `start[,count]` after `mark` in a hunk's header.
bool read_range(std::string_view header, char mark, std::uint64_t& start,
                std::uint64_t& count) {
  const auto at = header.find(mark);
  if (at == std::string_view::npos)
    return false;
  const auto* const end = header.data() + header.size();
  auto [next, err] = std::from_chars(header.data() + at + 1, end, start);
  count = 1;
  if (err == std::errc{} && next != end && *next == ',')
    err = std::from_chars(next + 1, end, count).ec;
  return err == std::errc{};
}

/// Takes lines off a diff.
class line_source {
public:
  explicit line_source(std::string_view text) : rest_{text} {}

  bool next(std::string_view& line) {
    if (rest_.empty())
      return false;
    const auto end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return true;
  }

private:
  std::string_view rest_;
};

/// The lines of a hunk, by the counts of its header, so that a deleted line
/// `-- x` is not taken for the head of a file.
void read_hunk(std::string_view header, line_source& source, diff_file& file) {
  diff_hunk hunk;
  std::uint64_t old_left = 0;
  std::uint64_t new_left = 0;
  if (!read_range(header, '-', hunk.old_start, old_left)
      || !read_range(header, '+', hunk.new_start, new_left))
    return;
  std::string_view line;
  while ((old_left > 0 || new_left > 0) && source.next(line)) {
    const char mark = line.empty() ? ' ' : line.front();
    if (mark == '\\')
      continue; // no newline at the end of the file
    if (mark != '+' && old_left > 0)
      --old_left;
    if (mark != '-' && new_left > 0)
      --new_left;
    hunk.lines.push_back({mark, line.empty() ? line : line.substr(1)});
  }
  file.hunks.push_back(std::move(hunk));
}

// -- Python -------------------------------------------------------------------

/// One side of a hunk, before or after the change.
struct side_line {
  std::string_view text;
  bool changed;
};

std::vector<side_line> side_of(const diff_hunk& hunk, char mark) {
  std::vector<side_line> result;
  for (const auto& line : hunk.lines)
    if (line.mark == ' ' || line.mark == mark)
      result.push_back({line.text, line.mark == mark});
  return result;
}

/// The quotes that open a text at the start of a line, after a prefix such as
/// `r`, or nothing.
std::string_view opening_quotes(std::string_view line) {
  const auto at = line.find_first_not_of("rRuUbBfF");
  if (at == std::string_view::npos || at > 2)
    return {};
  const auto quotes = line.substr(at, 3);
  return quotes == "\"\"\"" || quotes == "'''" ? quotes : std::string_view{};
}

/// A comment that no tool reads as an instruction.
bool is_comment(std::string_view text) {
  if (!text.starts_with('#'))
    return false;
  for (const std::string_view order : {"cython:", "distutils:", "pythran"})
    if (text.find(order) != std::string_view::npos)
      return false;
  return true;
}

/// Whether a line ends the head of a function or class; the key of a mapping
/// ends with a quote before its colon.
bool opens_block(std::string_view text) {
  if (!text.ends_with(':'))
    return false;
  const auto before = text.size() < 2 ? ' ' : text[text.size() - 2];
  return before != '"' && before != '\'';
}

/// Marks the lines of docstrings: a text in three quotes right after a line
/// that ends with a colon, or at the top of the file. A docstring that begins
/// outside of the hunk is not seen, its lines then count as code.
std::vector<bool>
docstrings(const std::vector<side_line>& lines, bool top_of_file) {
  std::vector<bool> result(lines.size());
  std::string_view inside;
  bool may_open = top_of_file;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto text = common::trimmed(lines[i].text, blanks);
    if (!inside.empty()) {
      result[i] = true;
      const auto end = text.find(inside);
      if (end != std::string_view::npos) {
        // Code after the closing quotes is code.
        result[i] = common::trimmed(text.substr(end + 3), blanks).empty();
        inside = {};
      }
      continue;
    }
    if (text.empty() || text.front() == '#')
      continue;
    if (const auto quotes = opening_quotes(text); may_open && !quotes.empty()) {
      const auto end = text.find(quotes, text.find(quotes) + 3);
      result[i] = end == std::string_view::npos || end + 3 == text.size();
      if (end == std::string_view::npos)
        inside = quotes;
    }
    may_open = opens_block(text);
  }
  return result;
}

std::string without_spaces(std::string_view x) {
  std::string result;
  std::remove_copy_if(x.begin(), x.end(), std::back_inserter(result),
                      [](char c) { return c == ' ' || c == '\t'; });
  return result;
}

/// Indentation and text without inner whitespace: what formatting keeps.
std::string normal_form(std::string_view line) {
  const auto text = common::trimmed(line, blanks);
  const auto indent = line.find(text);
  return std::string{line.substr(0, indent)} + without_spaces(text);
}

/// What is left of an import when modules move inside their package:
/// indentation, the package and the names. Empty for other lines.
std::string import_key(std::string_view line) {
  const auto text = common::trimmed(line, blanks);
  const auto indent = std::string{line.substr(0, line.find(text))};
  const auto root = [](std::string_view module) {
    return std::string{module.starts_with('.')
                         ? "."
                         : module.substr(0, module.find_first_of(". ,"))};
  };
  if (text.starts_with("import ") && text.find(',') == std::string_view::npos)
    return indent + "import " + root(common::trimmed(text.substr(7), blanks));
  const auto middle = text.find(" import ");
  if (!text.starts_with("from ") || middle == std::string_view::npos)
    return {};
  auto names = without_spaces(text.substr(middle + 8));
  if (names.empty() || names.front() == '(')
    return {};
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= names.size();) {
    const auto end = std::min(names.find(',', at), names.size());
    parts.push_back(names.substr(at, end - at));
    at = end + 1;
  }
  std::sort(parts.begin(), parts.end());
  auto key = indent + "from "
             + root(common::trimmed(text.substr(5, middle - 5), blanks));
  for (const auto& part : parts)
    key += " " + part;
  return key;
}

/// Changed code of one side of a file; imports apart, as they may move.
struct code {
  std::vector<std::string> lines;
  std::vector<std::string> imports;
};

void collect(const diff_hunk& hunk, char mark, code& to) {
  const auto lines = side_of(hunk, mark);
  const auto start = mark == '-' ? hunk.old_start : hunk.new_start;
  const auto quoted = docstrings(lines, start <= 1);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto text = common::trimmed(lines[i].text, blanks);
    if (!lines[i].changed || quoted[i] || text.empty() || is_comment(text))
      continue;
    if (auto key = import_key(lines[i].text); !key.empty())
      to.imports.push_back(std::move(key));
    else
      to.lines.push_back(normal_form(lines[i].text));
  }
}

bool python_noise(const diff_file& file) {
  code before;
  code after;
  for (const auto& hunk : file.hunks) {
    // Those of earlier hunks were equal.
    before.lines.clear();
    after.lines.clear();
    collect(hunk, '-', before);
    collect(hunk, '+', after);
    // Lines may be laid out anew, but not move to another place.
    if (before.lines != after.lines)
      return false;
  }
  std::sort(before.imports.begin(), before.imports.end());
  std::sort(after.imports.begin(), after.imports.end());
  return before.imports == after.imports;
}

bool yaml_noise(const diff_file& file) {
  for (const auto& hunk : file.hunks)
    for (const auto& line : hunk.lines) {
      const auto text = common::trimmed(line.text, blanks);
      if (line.mark != ' ' && !text.empty() && text.front() != '#')
        return false;
    }
  return true;
}

} // namespace

std::vector<diff_file> parse_diff(std::string_view diff) {
  std::vector<diff_file> result;
  line_source source{diff};
  std::string_view line;
  while (source.next(line)) {
    if (line.starts_with("diff --git ")) {
      result.emplace_back();
      // Replaced below; enough where a rename has no other lines.
      if (const auto at = line.rfind(" b/"); at != std::string_view::npos)
        result.back().path = path_of(line.substr(at + 1));
      continue;
    }
    if (result.empty())
      continue;
    auto& file = result.back();
    if (line.starts_with("--- ") && !line.ends_with("/dev/null"))
      file.path = path_of(line.substr(4));
    else if (line.starts_with("+++ ") && !line.ends_with("/dev/null"))
      file.path = path_of(line.substr(4));
    else if (line.starts_with("similarity index 100%"))
      file.pure_rename = true;
    else if (line.starts_with("Binary files ")
             || line.starts_with("GIT binary patch"))
      file.binary = true;
    else if (line.starts_with("@@ "))
      read_hunk(line, source, file);
  }
  return result;
}

bool is_noise(const diff_file& file) {
  const auto ends = [&](std::string_view suffix) {
    return file.path.ends_with(suffix);
  };
  if (file.binary)
    return false;
  if (file.pure_rename || ends(".md") || ends(".rst"))
    return true;
  if (file.hunks.empty())
    return false;
  if (ends(".py"))
    return python_noise(file);
  return (ends(".yml") || ends(".yaml")) && yaml_noise(file);
}

} // namespace fc::events::policy::text
