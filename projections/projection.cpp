#include "projections/projection.hpp"

namespace fc::projections {

namespace {

// A batch ends at whichever comes first.
constexpr std::size_t batch_records = 512;
constexpr std::size_t batch_bytes = std::size_t{8} << 20U;

} // namespace

events::error for_each_record(
  const events::log::log_reader& log, events::position from,
  const std::function<bool()>& go_on,
  const std::function<events::error(const events::record&)>& each) {
  std::vector<events::record> batch;
  while (go_on()) {
    batch.clear();
    std::size_t bytes = 0;
    const auto collect = [&](const events::record& at) {
      bytes += at.payload.size();
      batch.push_back(at);
      return batch.size() < batch_records && bytes < batch_bytes;
    };
    if (auto err = log.scan(from, collect))
      return err;
    if (batch.empty())
      return {};
    for (const auto& at : batch)
      if (auto err = each(at))
        return err;
    from = batch.back().at + 1;
  }
  return {};
}

} // namespace fc::projections
