#include "tools/fc-data/terminal/terminal_reporter.hpp"

#include "events/common/shown.hpp"

#include <algorithm>
#include <iomanip>
#include <sstream>

namespace fc::tools {

namespace {

using actors::run_progress;
using events::stage;

/// Below it the numbers come first and the words that fit behind them.
constexpr std::size_t wide_enough = 72;

std::string discovery_line(const run_progress& at, bool wide) {
  std::ostringstream line;
  if (!wide) {
    line << at.discovered << " seen" << (at.windows > 0 ? ", reading" : "");
    return line.str();
  }
  line << std::left << std::setw(20) << events::discovery_name << std::right
       << std::setw(5) << at.discovered << " seen, " << at.symbolic_rejected
       << " rejected by rule" << (at.windows > 0 ? " (reading)" : "");
  return line.str();
}

std::string narrow_line(const run_progress& at, std::size_t index) {
  const auto& x = at.stages[index];
  const auto ended = x.done + x.rejected + x.failed + x.deferred;
  std::ostringstream line;
  line << ended << '/' << ended + x.running + x.queued << ' '
       << events::to_string(static_cast<stage>(index));
  if (x.failed > 0)
    line << ", " << x.failed << " failed";
  return line.str();
}

std::string stage_line(const run_progress& at, std::size_t index, bool wide) {
  if (!wide)
    return narrow_line(at, index);
  const auto& x = at.stages[index];
  const auto name = events::to_string(static_cast<stage>(index));
  std::ostringstream line;
  line << std::left << std::setw(19) << name << std::right << std::setw(6)
       << x.done << " done, " << x.running << " running, " << x.queued
       << " waiting, " << x.rejected << " rejected, " << x.failed << " failed";
  if (x.deferred > 0)
    line << ", " << x.deferred << " left open";
  for (const auto& each : at.running)
    if (each.ends_with(name))
      line << "  [" << each.substr(0, each.size() - name.size() - 1) << "]";
  return line.str();
}

} // namespace

terminal_reporter::terminal_reporter(std::ostream& results,
                                     std::ostream& progress, size_function size)
  : results_(results), progress_(progress), size_(std::move(size)) {}

/// A terminal that became narrower has broken lines that are too long: they
/// take more rows than were written. Line by line: where a whole screen is
/// erased, some terminals put what was on it where they scroll back to.
void terminal_reporter::erase_live() {
  if (drawn_.empty())
    return;
  const auto columns = size_().columns;
  std::size_t rows = 0;
  for (const auto width : drawn_)
    rows += width == 0 ? 1 : (width + columns - 1) / columns;
  // Meant for the terminal itself.
  std::ostream raw{events::common::raw_buffer(progress_)};
  for (std::size_t i = 0; i < rows; ++i)
    raw << "\r\x1b[A\x1b[2K";
  drawn_.clear();
}

/// The last column stays free, as terminals differ in what follows a character
/// there, and so does the last row.
void terminal_reporter::draw(const run_progress& at) {
  const auto size = size_();
  const bool wide = size.columns >= wide_enough;
  std::vector<std::string> lines{discovery_line(at, wide)};
  for (std::size_t i = 0; i < events::stage_total; ++i)
    lines.push_back(stage_line(at, i, wide));
  const auto room = size.rows > 1 ? size.rows - 1 : 0;
  for (std::size_t i = lines.size() - std::min(lines.size(), room);
       i < lines.size(); ++i) {
    const auto line = shell::cut_to(lines[i], size.columns - 1);
    progress_ << line << '\n';
    drawn_.push_back(shell::columns_of(line));
  }
}

void terminal_reporter::show(const run_progress& at) {
  if (size_) {
    erase_live();
    draw(at);
    progress_.flush();
    return;
  }
  // A plain line only when something else is being worked on.
  std::string now;
  for (const auto& each : at.running)
    now += "  " + each;
  if (now.empty() || now == last_plain_)
    return;
  last_plain_ = now;
  progress_ << "working on" << now << "; " << at.open << " open" << std::endl;
}

void terminal_reporter::say(const std::string& line) {
  erase_live();
  progress_.flush();
  results_ << events::common::shown(line) << std::endl;
}

void terminal_reporter::finished(const actors::run_result& result) {
  if (ended_)
    return;
  ended_ = true;
  erase_live();
  progress_.flush();
  result_.set_value(result);
}

std::future<actors::run_result> terminal_reporter::result() {
  return result_.get_future();
}

} // namespace fc::tools
