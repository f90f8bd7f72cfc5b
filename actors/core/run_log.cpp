#include "actors/core/run_log.hpp"

#include "events/catalog.hpp"

namespace fc::actors {

namespace {

using events::ec;
using events::error;
using events::expected;

constexpr std::size_t page = 1000;

error append_one(events::log::event_log& log, const std::string& stream,
                 events::sequence at, events::new_event what,
                 const std::string& run) {
  auto results = log.append({{stream, at, {std::move(what)}}}, {}, {run, {}});
  if (!results)
    return results.error();
  return results->front().failure;
}

struct known_run {
  events::run_started started;
  bool finished = false;
};

expected<known_run>
read_run(const events::log::event_log& log, const std::string& stream) {
  auto records = log.read_stream(stream);
  if (!records)
    return records.error();
  known_run run;
  for (const auto& at : *records) {
    if (at.tag == events::run_started::tag) {
      auto x = events::event_in<events::run_started>(at);
      if (!x)
        return x.error();
      run.started = std::move(*x);
    }
    run.finished = run.finished || at.tag == events::run_finished::tag;
  }
  return run;
}

} // namespace

error adopt_policy(events::log::event_log& log,
                   const events::policy::policy& policy,
                   const std::string& path) {
  const std::string stream{events::policy_stream};
  auto records = log.read_stream(stream);
  if (!records)
    return records.error();
  if (!records->empty()) {
    auto newest = events::event_in<events::policy_adopted>(records->back());
    if (!newest)
      return newest.error();
    if (newest->id == policy.id)
      return {};
  }
  const auto at = static_cast<events::sequence>(records->size());
  return append_one(
    log, stream, at,
    events::make_event(events::policy_adopted{policy.text, policy.id, path}),
    {});
}

expected<run_identity>
begin_run(events::log::event_log& log, const run_configuration& what) {
  const auto id = events::sha256(events::as_bytes(what.text));
  std::string after;
  while (true) {
    auto streams = log.streams("run/", after, page);
    if (!streams)
      return streams.error();
    for (const auto& stream : *streams) {
      auto run = read_run(log, stream);
      if (!run)
        return run.error();
      if (run->started.control != what.control)
        return events::make_error(
          ec::invalid_argument,
          "this log holds "
            + std::string{what.control ? "real" : "control (A/A)"}
            + " runs; use another --work folder for "
            + (what.control ? "a control run" : "a real run"));
      if (!run->finished && run->started.id == id)
        return run_identity{run->started.run, true};
    }
    if (streams->size() < page)
      break;
    after = streams->back();
  }
  const auto run = events::event_id::random().hex();
  const events::run_started started{run,        what.text, id,
                                    what.start, what.end,  what.control};
  if (auto err = append_one(log, events::run_stream(run), 0,
                            events::make_event(started), run))
    return err;
  return run_identity{run, false};
}

} // namespace fc::actors
