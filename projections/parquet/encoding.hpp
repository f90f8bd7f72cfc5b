#pragma once

#include "events/common/utf8.hpp"
#include "events/ids.hpp"
#include "projections/parquet/parquet_writer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace fc::projections::parquet {

/// How many levels a column's values stand below: null, empty list, value.
struct levels {
  std::uint8_t definition = 0; ///< Of a present value.
  std::uint8_t repetition = 0; ///< 1 for lists.
};

levels levels_of(const column& x);

using events::common::is_utf8;

/// Why a cell cannot stand in a column, or nothing.
std::optional<std::string> misfit(const column& shape, const cell& x);

/// Bounds and counts of the values of a column chunk. The bounds are absent
/// where there is no value or a text too long to be worth it, and beside NaN:
/// readers differ on whether NaN is above all numbers, and must not skip it.
struct bounds {
  std::int64_t values = 0; ///< Nulls and empty lists counted.
  std::int64_t nulls = 0;
  std::int64_t nans = 0;
  std::optional<std::string> min; ///< PLAIN, text without its length.
  std::optional<std::string> max;
};

/// Collects bounds in the order of the column's type.
class bounds_collector {
public:
  void add_null();
  void add(bool x);
  void add(std::int32_t x);
  void add(std::int64_t x);
  void add(double x);
  void add(const std::string& x);
  /// What was collected; starts anew.
  bounds take();

private:
  /// Longer texts have no bounds, so that footers stay small.
  static constexpr std::size_t max_bound_bytes = 64;

  bounds counts_;
  bool unbounded_ = false;
  std::optional<std::int64_t> min_, max_; ///< Whole numbers and bool.
  int width_ = 8;                         ///< Bytes of a whole number.
  std::optional<double> low_, high_;
  std::optional<std::string> first_, last_;
};

/// The values of one page on their way into it.
class page_builder {
public:
  explicit page_builder(const column& shape);

  /// @pre `!misfit(shape, x)`
  void add(const cell& x, bounds_collector& seen);
  /// The uncompressed page; starts anew.
  events::bytes take();

  std::int32_t values() const noexcept {
    return static_cast<std::int32_t>(definitions_.size());
  }
  /// About as large as the page will be.
  std::size_t size() const noexcept {
    return values_.size() + definitions_.size() / 4;
  }

private:
  template <class T>
  void put_list(const std::vector<T>& xs, bounds_collector& seen);
  void put(const std::string& x);
  void put(double x);
  void put(bool x);
  void put(std::int32_t x);
  void put(std::int64_t x);

  levels levels_;
  events::bytes definitions_;
  events::bytes repetitions_;
  events::bytes values_;
  unsigned bits_ = 0; ///< Booleans in the last byte of `values_`.
};

/// Levels as a run-length encoding with its size in front.
events::bytes encode_levels(events::byte_view levels);

/// zstd with a checksum; an error is a mistake of ours or a lack of memory.
events::expected<events::bytes> compress(events::byte_view data, int level);

} // namespace fc::projections::parquet
