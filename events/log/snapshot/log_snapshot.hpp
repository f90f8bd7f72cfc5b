#pragma once

#include "events/log/event_log.hpp"

#include <algorithm>
#include <mutex>
#include <unordered_map>
#include <variant>

/// The log as it was.
namespace fc::events::log {

/// A point in a log, as a person names it: a position, or a time of its clock.
using log_point = std::variant<position, timestamp>;

/// Reads "1234", "2024-01-31" (its first moment) or "2024-01-31T12:00:00Z".
/// @returns `ec::invalid_argument` for anything else.
expected<log_point> parse_log_point(std::string_view text);

/// The position a point stands for: itself, or the last record that is not
/// later than the time. Where the writer's clock stepped back there may be
/// several such records with a later one behind them; it is one of them, the
/// same one however much is appended later. Reads about log2(n) records.
/// @returns 0 for a time before the first record, and for position 0;
/// `ec::invalid_argument` for a position that is not there yet.
expected<position> position_of(const log_reader& log, const log_point& at);

/// A log that ends at a position, whatever was appended since: it answers as
/// one that never had more. Blobs alone are those of the whole log: nobody has
/// their names but from an event. The log must outlive it.
class log_snapshot final : public log_reader {
public:
  /// @pre `end` is at most the log's last position.
  log_snapshot(const log_reader& log, position end) : log_{log}, end_{end} {}

  position last() const override {
    return end_;
  }
  error scan(position from, const record_visitor& visit) const override;
  expected<std::vector<record>>
  read_stream(std::string_view stream) const override;
  expected<std::vector<record>>
  read_stream_to(std::string_view stream, sequence last) const override;
  expected<sequence> stream_version(std::string_view stream) const override;
  expected<std::vector<stream_name>>
  streams(std::string_view prefix, std::string_view after,
          std::size_t limit) const override;
  error visit_streams(std::string_view prefix, position until,
                      const stream_visitor& visit) const override {
    return log_.visit_streams(prefix, std::min(until, end_), visit);
  }
  expected<bytes> blob_of(const digest& id) const override {
    return log_.blob_of(id);
  }
  error read_blob(const digest& id, const blob_sink& sink) const override {
    return log_.read_blob(id, sink);
  }

private:
  /// Sequence in the cut log; none where nothing came after the end.
  expected<std::optional<sequence>> cut(std::string_view stream) const;
  error read_tail() const;

  const log_reader& log_;
  position end_;
  mutable std::mutex mutex_;
  /// Of streams that go on after the end: their version there. Filled when
  /// first asked for.
  mutable std::unordered_map<stream_name, sequence> later_;
  mutable position read_to_ = 0;
};

} // namespace fc::events::log
