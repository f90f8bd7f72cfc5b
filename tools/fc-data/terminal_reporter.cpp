#include "tools/fc-data/terminal_reporter.hpp"

#include "events/common/shown.hpp"

#include <iomanip>
#include <sstream>

namespace fc::tools {

namespace {

using actors::run_progress;
using events::stage;

std::string discovery_line(const run_progress& at) {
  std::ostringstream line;
  line << "scrape_commits      " << std::setw(5) << at.discovered << " seen, "
       << at.symbolic_rejected << " rejected by rule"
       << (at.windows > 0 ? " (reading)" : "");
  return line.str();
}

std::string stage_line(const run_progress& at, std::size_t index) {
  const auto& x = at.stages[index];
  std::ostringstream line;
  line << std::left << std::setw(19)
       << events::to_string(static_cast<stage>(index)) << std::right
       << std::setw(6) << x.done << " done, " << x.running << " running, "
       << x.queued << " waiting, " << x.rejected << " rejected, " << x.failed
       << " failed";
  if (x.deferred > 0)
    line << ", " << x.deferred << " left open";
  const auto name = events::to_string(static_cast<stage>(index));
  for (const auto& each : at.running)
    if (each.ends_with(name))
      line << "  [" << each.substr(0, each.size() - name.size() - 1) << "]";
  return line.str();
}

} // namespace

terminal_reporter::terminal_reporter(std::ostream& out, bool live)
  : out_(out), live_(live) {}

void terminal_reporter::erase_live() {
  std::ostream raw{events::common::raw_buffer(out_)};
  for (; drawn_ > 0; --drawn_)
    raw << "\x1b[1A\x1b[2K";
}

void terminal_reporter::draw(const run_progress& at) {
  out_ << discovery_line(at) << '\n';
  for (std::size_t i = 0; i < events::stage_total; ++i)
    out_ << stage_line(at, i) << '\n';
  drawn_ = events::stage_total + 1;
}

void terminal_reporter::show(const run_progress& at) {
  if (live_) {
    erase_live();
    draw(at);
    out_.flush();
    return;
  }
  // A plain line only when something else is being worked on.
  std::string now;
  for (const auto& each : at.running)
    now += "  " + each;
  if (now.empty() || now == last_plain_)
    return;
  last_plain_ = now;
  out_ << "working on" << now << "; " << at.open << " open" << std::endl;
}

void terminal_reporter::say(const std::string& line) {
  erase_live();
  out_ << events::common::shown(line) << std::endl;
}

void terminal_reporter::finished(const actors::run_result& result) {
  if (ended_)
    return;
  ended_ = true;
  erase_live();
  out_.flush();
  result_.set_value(result);
}

std::future<actors::run_result> terminal_reporter::result() {
  return result_.get_future();
}

} // namespace fc::tools
