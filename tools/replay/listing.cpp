#include "projections/event_json.hpp"
#include "projections/replay.hpp"
#include "tools/replay/commands.hpp"

#include <iostream>

namespace fc::replay {

using events::make_error;

namespace {

error print(const events::record& at) {
  auto line = projections::record_json(at);
  if (!line)
    return line.error();
  std::cout << projections::to_line(*line) << '\n';
  return {};
}

command_result dump_stream(const log_reader& log, const std::string& stream) {
  auto records = log.read_stream(stream);
  if (!records)
    return records.error();
  if (records->empty())
    return make_error(events::ec::not_found,
                      "no stream '" + stream
                        + "' in the log; --dump without --stream shows all");
  for (const auto& at : *records)
    if (auto err = print(at))
      return err;
  return true;
}

} // namespace

command_result dump(const log_reader& log, const options& x) {
  if (!x.stream.empty())
    return dump_stream(log, x.stream);
  const auto go_on = [] {
    return static_cast<bool>(std::cout);
  };
  if (auto err = projections::for_each_record(log, 1, go_on, print))
    return err;
  return true;
}

command_result verify(const log_reader& log) {
  const auto report = events::log::verify(log);
  std::cout << "records   " << report.records << "\nstreams   "
            << report.streams << "\nblobs     " << report.blobs
            << "\nproblems  " << report.problems.size() << '\n';
  for (const auto& problem : report.problems)
    std::cout << "  " << problem << '\n';
  return report.problems.empty();
}

} // namespace fc::replay
