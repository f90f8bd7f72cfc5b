#include "events/log/event_log.hpp"

namespace fc::events::log {

blob make_blob(std::string_view text) {
  const auto data = as_bytes(text);
  return {sha256(data), {data.begin(), data.end()}};
}

timestamp system_now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(
    std::chrono::system_clock::now());
}

} // namespace fc::events::log
