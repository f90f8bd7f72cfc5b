#include "tools/replay/text.hpp"

#include "events/common/shown.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace fc::replay {

namespace {

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

/// Bytes of the first `columns` characters.
std::size_t bytes_of(std::string_view x, std::size_t columns) {
  std::size_t i = 0;
  for (std::size_t seen = 0; i < x.size(); ++i)
    if (begins_character(x[i]) && ++seen > columns)
      break;
  return i;
}

std::string printed(const char* format, double x, const char* unit) {
  std::array<char, 64> buffer{};
  std::snprintf(buffer.data(), buffer.size(), format, x);
  return std::string{buffer.data()} + unit;
}

/// Three significant digits.
std::string three_digits(double x, const char* unit) {
  const double size = std::abs(x);
  return printed(size >= 99.95   ? "%.0f"
                 : size >= 9.995 ? "%.1f"
                                 : "%.2f",
                 x, unit);
}

std::vector<std::string> words_of(std::string_view x) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : events::common::shown_lines(x) + " ") {
    if (static_cast<unsigned char>(c) > ' ') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(word);
      word.clear();
    }
  }
  return words;
}

/// On one line.
std::string plain(std::string_view x) {
  auto text = events::common::shown_lines(x);
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < ' ')
      c = ' ';
  return text;
}

} // namespace

std::size_t width_of(std::string_view x) {
  return static_cast<std::size_t>(std::ranges::count_if(x, begins_character));
}

std::string wrapped(std::string_view x, std::size_t indent) {
  const std::string margin(indent, ' ');
  const std::size_t room = text_width - indent;
  std::string result;
  std::string line;
  const auto flush = [&] {
    result += margin + line + "\n";
    line.clear();
  };
  for (const auto& whole : words_of(x)) {
    std::string_view word{whole};
    if (!line.empty() && width_of(line) + 1 + width_of(word) > room)
      flush();
    // Each byte is looked at twice at most: words of megabytes are broken too.
    for (auto cut = bytes_of(word, room); cut < word.size();
         cut = bytes_of(word, room)) {
      line = word.substr(0, cut);
      flush();
      word.remove_prefix(cut);
    }
    line.append(line.empty() ? "" : " ").append(word);
  }
  if (!line.empty())
    flush();
  return result;
}

std::string
labelled(std::string_view label, std::string_view x, std::size_t indent) {
  auto text = wrapped(x, indent + label.size());
  if (!text.empty())
    text.replace(indent, label.size(), label);
  return text;
}

std::string shortened(std::string_view x, std::size_t width) {
  if (width_of(x) <= width)
    return std::string{x};
  return std::string{x.substr(0, bytes_of(x, width - 1))} + "…";
}

std::string human_time(double seconds) {
  const double size = std::abs(seconds);
  if (!std::isfinite(seconds))
    return "-";
  if (size == 0)
    return "0 s";
  if (size < 999.5e-9)
    return three_digits(seconds * 1e9, " ns");
  if (size < 999.5e-6)
    return three_digits(seconds * 1e6, " µs");
  if (size < 999.5e-3)
    return three_digits(seconds * 1e3, " ms");
  if (size < 120)
    return three_digits(seconds, " s");
  const auto whole = std::llround(size);
  if (whole >= 7200)
    return human_count(static_cast<std::uint64_t>(whole / 3600)) + " h "
           + std::to_string(whole % 3600 / 60) + " min";
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60)
         + " s";
}

std::string human_bytes(std::uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  if (bytes < 1000)
    return counted(bytes, "byte");
  if (size < 999.5e3)
    return three_digits(size / 1e3, " kB");
  if (size < 999.5e6)
    return three_digits(size / 1e6, " MB");
  return three_digits(size / 1e9, " GB");
}

std::string human_ratio(double x) {
  return std::isfinite(x) ? printed("%.3f", x, "x") : "-";
}

std::string human_percent(double fraction) {
  return std::isfinite(fraction) ? printed("%.3g", fraction * 100, " %") : "-";
}

std::string human_number(double x) {
  return std::isfinite(x) ? printed("%.3g", x, "") : "-";
}

std::string human_count(std::uint64_t x) {
  auto digits = std::to_string(x);
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), ",");
  return digits;
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return human_count(count) + " " + std::string{noun} + (count == 1 ? "" : "s");
}

std::string human_time_of(events::timestamp x) {
  auto text = events::to_iso8601(x).substr(0, 19);
  text[10] = ' ';
  return text + " UTC";
}

std::string short_commit(std::string_view x) {
  return x.empty() ? "unknown" : std::string{x.substr(0, 12)};
}

std::string short_digest(const events::digest& x) {
  return x ? x.hex().substr(0, 12) : "none";
}

std::string dot_strip(const std::vector<double>& values, double low,
                      double high, double mark, std::size_t width) {
  std::vector<std::size_t> counts(width);
  const auto column_of = [&](double x) {
    const double part = high > low ? (x - low) / (high - low) : 0.5;
    const auto last = static_cast<double>(width - 1);
    return static_cast<std::size_t>(
      std::lround(std::clamp(part, 0.0, 1.0) * last));
  };
  for (const double x : values)
    if (std::isfinite(x))
      ++counts[column_of(x)];
  std::string result;
  for (std::size_t i = 0; i < width; ++i) {
    if (counts[i] == 0)
      result += mark >= low && mark <= high && column_of(mark) == i ? "|" : " ";
    else if (counts[i] == 1)
      result += "•";
    else
      result += counts[i] < 10 ? std::to_string(counts[i]) : "+";
  }
  return result;
}

text_table::text_table(std::initializer_list<std::string_view> left_columns) {
  for (const auto title : left_columns)
    add_column(title, align::left);
}

void text_table::add_column(std::string_view title, align how) {
  titles_.emplace_back(title);
  aligns_.push_back(how);
}

void text_table::add(std::vector<std::string> cells) {
  cells.resize(titles_.size());
  rows_.push_back({std::move(cells), {}});
}

void text_table::note(std::string text) {
  rows_.back().note = std::move(text);
}

std::string text_table::padded(const std::vector<std::string>& cells,
                               const std::vector<std::size_t>& widths) const {
  std::string result;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string space(widths[i] - width_of(cells[i]), ' ');
    result += i == 0 ? "" : "  ";
    result += aligns_[i] == align::left ? cells[i] + space : space + cells[i];
  }
  result.erase(result.find_last_not_of(' ') + 1);
  return result;
}

text_table::line text_table::shown(const line& x) const {
  line result = x;
  for (auto& cell : result.cells)
    cell = plain(cell);
  if (auto& name = result.cells.front(); width_of(name) > first_width_) {
    result.note = x.cells.front() + " " + x.note;
    name = shortened(name, first_width_);
  }
  return result;
}

std::string text_table::str(std::size_t indent, std::size_t max) const {
  std::vector<line> lines;
  for (std::size_t i = 0; i < rows_.size() && i < max; ++i)
    lines.push_back(shown(rows_[i]));
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < titles_.size(); ++i) {
    widths.push_back(width_of(titles_[i]));
    for (const auto& each : lines)
      widths[i] = std::max(widths[i], width_of(each.cells[i]));
  }
  const std::string margin(indent, ' ');
  std::string result = margin + padded(titles_, widths) + "\n";
  for (const auto& each : lines) {
    result += margin + padded(each.cells, widths) + "\n";
    if (!each.note.empty())
      result += wrapped(each.note, indent + 4);
  }
  return result;
}

} // namespace fc::replay
