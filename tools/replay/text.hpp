#pragma once

#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Text for a person at a terminal.
namespace fc::replay {

/// Of sentences, so that a terminal breaks none.
inline constexpr std::size_t text_width = 80;
/// Of tables, which need more.
inline constexpr std::size_t page_width = 100;

/// Columns a UTF-8 text takes on a terminal, wide characters not considered.
std::size_t width_of(std::string_view x);

/// `x` on lines of at most `text_width`, each indented and ended. Ends of lines
/// and tabs become spaces, other control characters escapes; words that are
/// too long are broken.
std::string wrapped(std::string_view x, std::size_t indent);

/// The same with a label before the first line.
std::string
labelled(std::string_view label, std::string_view x, std::size_t indent);

/// `x` cut to `width` columns, with an ellipsis where something was cut.
std::string shortened(std::string_view x, std::size_t width);

/// "850 ns", "12.3 µs", "4.56 ms", "1.20 s", "3 min 20 s", "5 h 2 min".
std::string human_time(double seconds);
/// "812 bytes", "4.1 kB", "3.2 MB".
std::string human_bytes(std::uint64_t bytes);
/// "1.62x".
std::string human_ratio(double x);
/// "2.5 %" of a fraction.
std::string human_percent(double fraction);
/// Up to three significant digits.
std::string human_number(double x);
/// "12,345".
std::string human_count(std::uint64_t x);
/// "1 file", "12 files".
std::string counted(std::uint64_t count, std::string_view noun);
/// "2024-01-31 12:00:00 UTC".
std::string human_time_of(events::timestamp x);
/// First twelve characters of a commit.
std::string short_commit(std::string_view x);
/// First twelve hex digits, or "none".
std::string short_digest(const events::digest& x);

/// Values on a common scale as characters: a dot for one, its count for more,
/// "|" where nothing lies at `mark`.
std::string dot_strip(const std::vector<double>& values, double low,
                      double high, double mark, std::size_t width);

/// On which side of its column a cell stands.
enum class align : std::uint8_t { left, right };

/// Columns as wide as their widest cell.
class text_table {
public:
  /// A row, and a line of its own under it, e.g. a reason.
  struct line {
    std::vector<std::string> cells;
    std::string note;
  };

  text_table(std::initializer_list<std::string_view> left_columns);

  void add_column(std::string_view title, align how);
  void add(std::vector<std::string> cells);
  /// Of the last row.
  void note(std::string text);
  /// Where the first column is cut; the whole then begins the row's note.
  void cut_first(std::size_t width) {
    first_width_ = width;
  }

  bool empty() const noexcept {
    return rows_.empty();
  }
  const std::vector<std::string>& titles() const noexcept {
    return titles_;
  }
  const std::vector<align>& aligns() const noexcept {
    return aligns_;
  }
  const std::vector<line>& rows() const noexcept {
    return rows_;
  }
  /// At most so many rows, each indented and ended. Ends of lines become
  /// spaces, other control characters escapes.
  std::string str(std::size_t indent, std::size_t max = SIZE_MAX) const;

private:
  line shown(const line& x) const;
  std::string padded(const std::vector<std::string>& cells,
                     const std::vector<std::size_t>& widths) const;

  std::vector<std::string> titles_;
  std::vector<align> aligns_;
  std::vector<line> rows_;
  std::size_t first_width_ = SIZE_MAX;
};

} // namespace fc::replay
