#include "events/log/event_log.hpp"

#include "events/log/plan.hpp"

namespace fc::events::log {

blob make_blob(std::string_view text) {
  const auto data = as_bytes(text);
  return {sha256(data), {data.begin(), data.end()}};
}

expected<std::vector<record>>
log_reader::read_stream_to(std::string_view stream, sequence last) const {
  auto records = read_stream(stream);
  if (records && records->size() > last)
    records->resize(last);
  return records;
}

error log_reader::read_blob(const digest& id, const blob_sink& sink) const {
  const auto data = blob_of(id);
  if (!data)
    return data.error();
  sink(*data);
  return {};
}

expected<std::vector<append_result>>
event_log::append(const std::vector<append_request>& batch,
                  const std::vector<blob>& blobs, const origin& by) {
  append_batch views;
  for (const auto& each : batch)
    views.requests.push_back(&each);
  for (const auto& each : blobs)
    views.blobs.push_back(&each);
  auto planned = plan(views, by);
  if (!planned)
    return planned.error();
  if (auto err = commit(std::span{&*planned, 1}))
    return err;
  return (*planned)->results;
}

timestamp system_now() {
  return std::chrono::time_point_cast<std::chrono::nanoseconds>(
    std::chrono::system_clock::now());
}

} // namespace fc::events::log
