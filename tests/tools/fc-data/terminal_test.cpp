#include "tools/fc-data/terminal/terminal_reporter.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

namespace fc::tools {

namespace {

/// As much of a terminal as a reporter uses: it breaks lines that are too long,
/// scrolls, and lays text out anew when it is pulled narrower.
class screen {
public:
  explicit screen(shell::terminal_size size) : size_(size) {}

  const shell::terminal_size& size() const {
    return size_;
  }

  /// Texts of ASCII only are laid out anew.
  void resize(std::size_t columns) {
    std::vector<std::string> whole;
    while (rows_.size() > row_ + 1 && rows_.back().empty()) {
      rows_.pop_back();
      goes_on_.pop_back();
    }
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (i > 0 && goes_on_[i - 1])
        whole.back() += rows_[i];
      else
        whole.push_back(rows_[i]);
    size_.columns = columns;
    rows_.assign(1, "");
    goes_on_.assign(1, false);
    row_ = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      for (const char c : whole[i])
        put(std::string(1, c), 1);
      if (i + 1 < whole.size())
        line_feed();
    }
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      if (text.starts_with("\x1b[")) {
        const auto end = text.find_first_of("AJK");
        ASSERT_NE(end, std::string_view::npos) << "an unknown sequence";
        command(text[end], std::string{text.substr(2, end - 2)});
        text.remove_prefix(end + 1);
      } else if (text.front() == '\n') {
        line_feed();
        text.remove_prefix(1);
      } else if (text.front() == '\r') {
        column_ = 0;
        text.remove_prefix(1);
      } else {
        std::size_t bytes = 1;
        while (bytes < text.size()
               && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U)
          ++bytes;
        const auto glyph = text.substr(0, bytes);
        ASSERT_GE(static_cast<unsigned char>(glyph[0]), 0x20) << "a control";
        put(std::string{glyph}, shell::columns_of(glyph));
        text.remove_prefix(bytes);
      }
    }
  }

  /// Every line there is, those scrolled away too, but for the last empty one.
  std::vector<std::string> lines() const {
    auto all = rows_;
    while (!all.empty() && all.back().empty())
      all.pop_back();
    return all;
  }

private:
  void put(const std::string& glyph, std::size_t width) {
    if (column_ + width > size_.columns) {
      goes_on_[row_] = true;
      line_feed();
    }
    rows_[row_] += glyph;
    column_ += width;
  }

  void line_feed() {
    column_ = 0;
    if (++row_ < rows_.size())
      return;
    rows_.emplace_back();
    goes_on_.push_back(false);
  }

  void command(char what, const std::string& count) {
    if (what == 'A') {
      // Not further than the first row that is still to be seen.
      const auto top
        = rows_.size() > size_.rows ? rows_.size() - size_.rows : 0;
      const auto up = std::min<std::size_t>(
        count.empty() ? 1 : std::stoul(count), row_ - top);
      row_ -= up;
      return;
    }
    // Not J, which tmux takes for scrolling where it erases a whole screen.
    ASSERT_EQ(what, 'K');
    ASSERT_EQ(count, "2");
    ASSERT_EQ(column_, 0U);
    rows_[row_].clear();
    goes_on_[row_] = false;
  }

  shell::terminal_size size_;
  std::vector<std::string> rows_{""};
  std::vector<bool> goes_on_{false};
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

actors::run_progress busy() {
  actors::run_progress x;
  x.windows = 1;
  x.discovered = 123456;
  x.symbolic_rejected = 98765;
  for (auto& each : x.stages)
    each = {12, 3, 4567, 89, 1011, 2};
  for (std::size_t i = 0; i < events::stage_total; ++i)
    x.running.push_back(
      "an-owner-of-some-length/漢字-and-a-name#123456 "
      + std::string{events::to_string(static_cast<events::stage>(i))});
  return x;
}

struct live_reporter : testing::Test {
  void show(screen& on) {
    reporter.show(busy());
    flush(on);
  }

  void flush(screen& on) {
    on.write(progress.str());
    progress.str({});
    on.write(results.str());
    results.str({});
  }

  shell::terminal_size size;
  std::ostringstream results;
  std::ostringstream progress;
  terminal_reporter reporter{results, progress, [this] {
                               return size;
                             }};
};

constexpr auto table = events::stage_total + 1;

} // namespace

TEST_F(live_reporter, IsRedrawnInItsPlaceAtEveryWidth) {
  for (const std::size_t columns : {200, 100, 80, 72, 71, 40, 20, 10, 3, 2}) {
    SCOPED_TRACE(columns);
    size = {columns, 24};
    screen on{size};
    for (int i = 0; i < 5; ++i)
      show(on);
    EXPECT_EQ(on.lines().size(), table);
    for (const auto& line : on.lines())
      EXPECT_LT(shell::columns_of(line), columns) << line;
    reporter.say("done");
    flush(on);
    EXPECT_THAT(on.lines().front(), HasSubstr("do"));
    EXPECT_LE(on.lines().size(), columns < 4 ? 2U : 1U);
  }
}

TEST_F(live_reporter, SaysNumbersInTwentyColumns) {
  size = {20, 24};
  screen on{size};
  show(on);
  EXPECT_EQ(on.lines()[0], "123456 seen, readi…");
  EXPECT_EQ(on.lines()[1], "5669/5684 classify…");
}

TEST_F(live_reporter, FollowsATerminalThatIsPulledNarrower) {
  size = {120, 24};
  screen on{size};
  reporter.say("first");
  flush(on);
  for (const std::size_t columns : {120, 80, 50, 30, 45, 25}) {
    size.columns = columns;
    on.resize(columns);
    show(on);
    EXPECT_EQ(on.lines().size(), table + 1) << columns;
    EXPECT_EQ(on.lines().front(), "first");
  }
}

TEST_F(live_reporter, FitsATerminalOfFewRows) {
  size = {80, 4};
  screen on{size};
  for (int i = 0; i < 5; ++i)
    show(on);
  EXPECT_EQ(on.lines().size(), 3U);
}

TEST_F(live_reporter, LeavesNothingBehind) {
  size = {80, 24};
  screen on{size};
  show(on);
  reporter.say("result");
  reporter.show(busy());
  reporter.finished({});
  flush(on);
  EXPECT_THAT(on.lines(), ElementsAre("result"));
}

TEST(reporter, WritesResultsAndProgressApart) {
  std::ostringstream results;
  std::ostringstream progress;
  terminal_reporter plain{results, progress, {}};
  plain.show(busy());
  plain.show(busy());
  plain.say("a/b#1 published");
  EXPECT_EQ(results.str(), "a/b#1 published\n");
  EXPECT_THAT(progress.str(), testing::StartsWith("working on"));
  EXPECT_THAT(progress.str(), Not(HasSubstr("\x1b")));
  const auto text = progress.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
}

} // namespace fc::tools
