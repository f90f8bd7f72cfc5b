#include "events/log/event_log.hpp"

namespace fc::events::log {

blob make_blob(std::string_view text) {
  const auto data = as_bytes(text);
  return {sha256(data), {data.begin(), data.end()}};
}

error log_reader::read_blob(const digest& id, const blob_sink& sink) const {
  const auto data = blob_of(id);
  if (!data)
    return data.error();
  sink(*data);
  return {};
}

timestamp system_now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(
    std::chrono::system_clock::now());
}

} // namespace fc::events::log
