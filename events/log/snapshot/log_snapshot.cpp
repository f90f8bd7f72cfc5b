#include "events/log/snapshot/log_snapshot.hpp"

#include <algorithm>
#include <charconv>

namespace fc::events::log {

namespace {

expected<bool> is_later(const log_reader& log, position at, timestamp than) {
  std::optional<bool> later;
  const auto look = [&](const record& x) {
    later = x.recorded_at > than;
    return false;
  };
  if (auto err = log.scan(at, look))
    return err;
  if (!later)
    return make_error(ec::corrupt, "record " + std::to_string(at)
                                     + " is missing; run fcreplay --verify");
  return *later;
}

/// By bits from the highest: which records are looked at does not depend on
/// where the log ends.
expected<position> last_not_later(const log_reader& log, timestamp than) {
  const auto end = log.last();
  position found = 0;
  for (int bit = 63; bit >= 0; --bit) {
    const auto next = found + (position{1} << static_cast<unsigned>(bit));
    if (next > end)
      continue;
    auto later = is_later(log, next, than);
    if (!later)
      return later.error();
    if (!*later)
      found = next;
  }
  return found;
}

} // namespace

expected<log_point> parse_log_point(std::string_view text) {
  const auto is_digit = [](char c) {
    return c >= '0' && c <= '9';
  };
  if (!text.empty() && std::ranges::all_of(text, is_digit)) {
    position at = 0;
    const auto* end = text.data() + text.size();
    if (std::from_chars(text.data(), end, at).ec == std::errc{})
      return log_point{at};
  }
  if (auto time = parse_time(text))
    return log_point{*time};
  return make_error(ec::invalid_argument,
                    "'" + std::string{text}
                      + "' is neither a position nor a time, of the years 1678 "
                        "to 2261, as 2024-01-31 or 2024-01-31T12:00:00Z");
}

expected<position> position_of(const log_reader& log, const log_point& at) {
  if (const auto* time = std::get_if<timestamp>(&at))
    return last_not_later(log, *time);
  const auto wanted = std::get<position>(at);
  const auto end = log.last();
  if (wanted > end)
    return make_error(ec::invalid_argument,
                      "position " + std::to_string(wanted)
                        + " is not there yet, the log ends at "
                        + std::to_string(end));
  return wanted;
}

error log_snapshot::scan(position from, const record_visitor& visit) const {
  if (from > end_)
    return {};
  return log_.scan(from, [&](const record& at) {
    return at.at <= end_ && visit(at) && at.at < end_;
  });
}

expected<std::vector<record>>
log_snapshot::read_stream(std::string_view stream) const {
  auto records = log_.read_stream(stream);
  if (records)
    std::erase_if(*records, [&](const record& x) { return x.at > end_; });
  return records;
}

expected<std::vector<record>>
log_snapshot::read_stream_to(std::string_view stream, sequence last) const {
  auto records = log_.read_stream_to(stream, last);
  if (records)
    std::erase_if(*records, [&](const record& x) { return x.at > end_; });
  return records;
}

/// Under the lock.
error log_snapshot::read_tail() const {
  const auto from = std::max(read_to_, end_) + 1;
  if (from > log_.last())
    return {};
  return log_.scan(from, [&](const record& at) {
    later_.try_emplace(at.stream, at.seq - 1);
    read_to_ = at.at;
    return true;
  });
}

expected<std::optional<sequence>>
log_snapshot::cut(std::string_view stream) const {
  const std::lock_guard lock{mutex_};
  if (auto err = read_tail())
    return err;
  const auto found = later_.find(stream_name{stream});
  return found == later_.end() ? std::nullopt : std::optional{found->second};
}

expected<sequence> log_snapshot::stream_version(std::string_view stream) const {
  // The stream first: what is appended behind this answer is in the tail.
  auto version = log_.stream_version(stream);
  if (!version)
    return version;
  auto before = cut(stream);
  if (!before)
    return before.error();
  return before->value_or(*version);
}

expected<std::vector<stream_name>>
log_snapshot::streams(std::string_view prefix, std::string_view after,
                      std::size_t limit) const {
  std::vector<stream_name> found;
  std::string from{after};
  while (found.size() < limit) {
    const auto wanted = limit - found.size();
    auto names = log_.streams(prefix, from, wanted);
    if (!names)
      return names.error();
    for (const auto& name : *names) {
      auto before = cut(name);
      if (!before)
        return before.error();
      if (before->value_or(1) > 0)
        found.push_back(name);
    }
    if (names->size() < wanted)
      break;
    from = names->back();
  }
  return found;
}

} // namespace fc::events::log
