#include "tools/replay/audit/benchmark_text.hpp"

#include "events/common/text.hpp"

#include <vector>

namespace fc::replay {

namespace {

using events::common::trimmed;

constexpr std::string_view traceback = "Traceback (most recent call last)";

std::vector<std::string_view> lines_of(std::string_view x) {
  std::vector<std::string_view> result;
  while (!x.empty()) {
    const auto end = x.find('\n');
    result.push_back(x.substr(0, end));
    x = end == std::string_view::npos ? std::string_view{} : x.substr(end + 1);
  }
  return result;
}

/// `file:line`, where a line is a frame: `File "a/b.py", line 3, in f`.
std::string frame_of(std::string_view line) {
  constexpr std::string_view before_file = "File \"";
  constexpr std::string_view before_number = "\", line ";
  line = trimmed(line);
  if (!line.starts_with(before_file))
    return {};
  line.remove_prefix(before_file.size());
  const auto end = line.find(before_number);
  if (end == std::string_view::npos)
    return {};
  const auto number = line.substr(end + before_number.size());
  return std::string{line.substr(0, end)} + ":"
         + std::string{number.substr(0, number.find(','))};
}

/// Frames of the machinery say nothing of the suite.
bool is_machinery(std::string_view frame) {
  return frame.starts_with('<') || frame.starts_with("/usr/")
         || frame.find("site-packages/") != std::string_view::npos
         || frame.find("/fcbench") != std::string_view::npos
         || frame.find("/harness/") != std::string_view::npos;
}

/// The part of a path that a person knows: inside the tree of a trial.
std::string in_tree(std::string frame) {
  constexpr std::string_view tree = "/fc/tree/";
  return frame.starts_with(tree) ? frame.substr(tree.size()) : frame;
}

std::string one_line(std::string_view x) {
  std::string result;
  for (const auto line : lines_of(x)) {
    const auto text = trimmed(line);
    if (text.empty() || text.find_first_not_of("^~ ") == std::string_view::npos)
      continue;
    result.append(result.empty() ? "" : " ").append(text);
  }
  return result;
}

} // namespace

std::string status_of(const events::benchmark_trial& x,
                      const events::candidate* as_candidate) {
  if (x.status != "ok")
    return x.status;
  if (x.confirm_base.empty())
    return x.screen_base.empty() ? "not timed" : "screened";
  if (as_candidate == nullptr)
    return "not judged";
  return as_candidate->accepted ? "confirmed" : "not confirmed";
}

std::string error_text(std::string_view text) {
  const auto start = text.find(traceback);
  if (start == std::string_view::npos)
    return one_line(text);
  const auto lines = lines_of(text.substr(start));
  std::string last;
  std::string frame;
  for (const auto line : lines) {
    if (auto found = frame_of(line); !found.empty()) {
      if (!is_machinery(found))
        frame = in_tree(std::move(found));
      continue;
    }
    // What begins at the margin is an exception, not a line of source.
    const auto words = trimmed(line);
    if (!words.empty() && line.front() != ' ' && line.front() != '\t'
        && !words.starts_with(traceback))
      last = words;
  }
  if (last.empty())
    return one_line(text);
  auto before = one_line(text.substr(0, start));
  while (before.ends_with(':') || before.ends_with(' '))
    before.pop_back();
  auto result = before.empty() ? last : before + ": " + last;
  return frame.empty() ? result : result + " (" + frame + ")";
}

} // namespace fc::replay
