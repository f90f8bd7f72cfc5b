#include "projections/event_json.hpp"

#include "events/common/shown.hpp"

namespace fc::projections {

json as_json(const digest& x) {
  return x ? json(x.hex()) : json(nullptr);
}

json as_json(const blob_ref& x) {
  if (!x)
    return nullptr;
  auto result = json::object();
  result["sha256"] = x.id.hex();
  result["bytes"] = x.size;
  return result;
}

json as_json(timestamp x) {
  return to_iso8601(x);
}

json as_json(const repo_name& x) {
  return x.str();
}

expected<json> event_json(const record& at) {
  json result;
  if (auto err = visit(at, [&](const auto& x) { result = as_json(x); }))
    return err;
  return result;
}

expected<json> record_json(const record& at) {
  auto event = event_json(at);
  if (!event)
    return event.error();
  auto result = json::object();
  result["position"] = at.at;
  result["stream"] = at.stream;
  result["sequence"] = at.seq;
  result["event"] = name_of(at.tag);
  result["tag"] = at.tag;
  result["version"] = at.version;
  result["event_id"] = at.id.hex();
  result["recorded_at"] = to_iso8601(at.recorded_at);
  result["run"] = at.run;
  result["node"] = at.node;
  result["policy"] = as_json(at.policy);
  result["causation"] = at.causation == 0 ? json(nullptr) : json(at.causation);
  result["chain"] = as_json(at.chain);
  result["payload"] = std::move(*event);
  return result;
}

std::string to_line(const json& x) {
  return events::common::shown(
    x.dump(-1, ' ', false, json::error_handler_t::replace));
}

} // namespace fc::projections
