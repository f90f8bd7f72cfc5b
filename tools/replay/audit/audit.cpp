#include "tools/replay/audit/audit.hpp"

#include "events/common/text.hpp"
#include "projections/tables/pull_requests.hpp"
#include "tools/replay/audit/benchmark_text.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>
#include <unistd.h>

namespace fc::replay {

using events::ec;
using events::expected;
using events::make_error;

namespace {

constexpr std::size_t max_suggestions = 5;
constexpr std::size_t page = 1000;

/// Calls `f` with every stream name that begins with `prefix`.
template <class F>
error for_each_stream(const log_reader& log, const std::string& prefix, F&& f) {
  std::string after;
  for (;;) {
    auto names = log.streams(prefix, after, page);
    if (!names)
      return names.error();
    for (const auto& name : *names)
      f(name);
    if (names->size() < page)
      return {};
    after = names->back();
  }
}

/// The pull requests of the repository whose numbers are nearest.
expected<std::vector<std::string>>
neighbours(const log_reader& log, const events::pull_request_id& id) {
  std::vector<events::pull_request_id> found;
  auto err = for_each_stream(log, "pr/" + id.repo.str() + "#",
                             [&](const std::string& name) {
                               if (auto x = events::pull_request_of(name))
                                 found.push_back(*x);
                             });
  if (err)
    return err;
  std::ranges::stable_sort(found, {}, [&](const auto& x) {
    return std::max(x.number, id.number) - std::min(x.number, id.number);
  });
  std::vector<std::string> result;
  for (const auto& x : found)
    if (result.size() < max_suggestions)
      result.push_back(x.str());
  return result;
}

expected<std::vector<std::string>> repositories(const log_reader& log) {
  std::set<std::string> found;
  auto err = for_each_stream(log, "pr/", [&](const std::string& name) {
    if (auto x = events::pull_request_of(name))
      found.insert(x->repo.str());
  });
  if (err)
    return err;
  std::vector<std::string> result;
  for (const auto& x : found)
    if (result.size() < max_suggestions)
      result.push_back(x);
  return result;
}

error unknown(const log_reader& log, const events::pull_request_id& id) {
  auto near = neighbours(log, id);
  if (!near)
    return near.error();
  std::string text = "pull request " + id.str()
                     + " is not in the log (--windows and --repositories show "
                       "what was read); ";
  if (!near->empty())
    return make_error(ec::not_found,
                      text + "near it are " + events::common::joined(*near));
  auto known = repositories(log);
  if (!known)
    return known.error();
  return make_error(ec::not_found,
                    text
                      + (known->empty()
                           ? "it holds no pull request at all"
                           : "it knows " + events::common::joined(*known)));
}

expected<std::map<events::digest, events::policy::policy>>
load_policies(const log_reader& log) {
  auto stream = log.read_stream(events::policy_stream);
  if (!stream)
    return stream.error();
  std::map<events::digest, events::policy::policy> result;
  for (const auto& at : *stream) {
    if (at.tag != events::policy_adopted::tag)
      continue;
    auto adopted = events::event_in<events::policy_adopted>(at);
    if (!adopted)
      return adopted.error();
    auto parsed = events::policy::parse_policy(adopted->text, adopted->path);
    auto& to = result[adopted->id];
    if (parsed)
      to = std::move(*parsed);
    else
      to.text = adopted->text;
  }
  return result;
}

} // namespace

const events::policy::policy*
audit_data::policy_of(const events::digest& which) const {
  const auto found = policies.find(which);
  // Without an id the text could not be read.
  return found != policies.end() && found->second.id ? &found->second : nullptr;
}

const events::policy::policy*
audit_data::judge_of(events::sequence trial) const {
  for (const auto& at : records)
    if (at.seq > trial && at.tag == events::speedup_measured::tag)
      return policy_of(at.policy);
  return policy_of(state.policy);
}

std::optional<events::speedup_measured>
audit_data::verdict_on(events::sequence trial) const {
  for (const auto& at : records)
    if (at.seq > trial && at.tag == events::speedup_measured::tag)
      if (auto x = events::event_in<events::speedup_measured>(at))
        return std::move(*x);
  return std::nullopt;
}

expected<audit_data>
load_audit(const log_reader& log, const events::pull_request_id& id) {
  auto records = log.read_stream(events::stream_of(id));
  if (!records)
    return records.error();
  if (records->empty())
    return unknown(log, id);
  auto state = events::fold(*records);
  if (!state)
    return state.error();
  auto policies = load_policies(log);
  if (!policies)
    return policies.error();
  return audit_data{id, std::move(*records), std::move(*state),
                    std::move(*policies)};
}

std::string outcome_of(const events::pull_request_state& x) {
  const auto stage = events::stage_reached(x);
  switch (x.ends()) {
  case events::outcome::published:
    return "published in " + x.publication->month;
  case events::outcome::rejected:
    return "rejected at " + stage + " by rule " + x.rule();
  case events::outcome::failed:
    return "failed at " + stage + " without a verdict (" + x.rule() + ")";
  case events::outcome::open:
    break;
  }
  const auto next = x.next();
  return next ? "open, next is " + std::string{to_string(*next)}
              : "open, not judged yet";
}

std::string conclusion_of(const events::pull_request_state& x) {
  auto why = error_text(x.explanation());
  while (why.ends_with('.') || why.ends_with(' '))
    why.pop_back();
  const auto stage = events::stage_reached(x);
  switch (x.ends()) {
  case events::outcome::published: {
    std::string text = "Published";
    if (x.speedup)
      text += " because " + x.speedup->benchmark + " runs "
              + human_ratio(x.speedup->estimate) + " as fast as before ("
              + human_ratio(x.speedup->low) + " to "
              + human_ratio(x.speedup->high)
              + "), confirmed on fresh pairs, and every guard held";
    return text + ".";
  }
  case events::outcome::rejected:
    return "Rejected at " + stage + " by rule " + x.rule()
           + (why.empty() ? "." : ": " + why + ".");
  case events::outcome::failed:
    return "Failed at " + stage + " because the work could not be done ("
           + x.rule() + ")" + (why.empty() ? "." : ": " + why + ".");
  case events::outcome::open:
    break;
  }
  const auto next = x.next();
  std::string text
    = next ? "Still open: the next stage is " + std::string{to_string(*next)}
           : "Still open: the symbolic rules have not judged it";
  if (x.deferral && next && x.deferral->stage == to_string(*next))
    text += (x.deferral->until == events::timestamp{}
               ? ", which waits for a person's help"
               : ", not before " + human_time_of(x.deferral->until))
            + " (" + x.deferral->cause + ")";
  return text + ".";
}

namespace {

/// A file is replaced in one step; a pipe or terminal is written to.
command_result write_page(const std::string& file, const std::string& text) {
  namespace fs = std::filesystem;
  const auto failed = [&] {
    return make_error(ec::storage_failure,
                      "file " + file
                        + " cannot be written: " + std::strerror(errno));
  };
  std::error_code none;
  const bool replace = fs::is_regular_file(file, none) || !fs::exists(file);
  const auto part
    = replace ? file + ".part-" + std::to_string(::getpid()) : file;
  errno = 0;
  std::ofstream to{part, std::ios::binary};
  to << text;
  to.close();
  if (!to || (replace && ::rename(part.c_str(), file.c_str()) != 0)) {
    const auto why = failed();
    if (replace)
      fs::remove(part, none);
    return why;
  }
  std::cout << "page      " << file << ", " << human_bytes(text.size()) << '\n';
  return true;
}

} // namespace

command_result audit(const log_reader& log, const options& x) {
  auto id = events::pull_request_id::parse(x.audit);
  if (!id)
    return id.error();
  auto data = load_audit(log, *id);
  if (!data)
    return data.error();
  if (!x.html.empty())
    return write_page(x.html, audit_html(*data));
  std::cout << (x.json ? audit_json(*data)
                       : audit_text(*data, ::isatty(STDOUT_FILENO) == 1));
  return true;
}

} // namespace fc::replay
