#include "projections/parquet/encoding.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>
#include <zstd.h>

namespace fc::projections::parquet {

namespace {

using events::byte_view;
using events::bytes;

static_assert(std::endian::native == std::endian::little,
              "PLAIN values are little endian and copied as they are");

/// Pages count their bytes in 31 bits.
constexpr std::size_t max_cell_bytes = 1U << 30U;

template <class T>
void append_raw(bytes& to, T x) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(&x);
  to.insert(to.end(), first, first + sizeof(T));
}

template <class T>
std::string raw(T x) {
  return {reinterpret_cast<const char*>(&x), sizeof(T)};
}

/// Index in `cell` of what a column holds.
std::size_t alternative_of(column_type type) {
  switch (type) {
  case column_type::boolean:
    return 1;
  case column_type::int32:
    return 2;
  case column_type::int64:
    return 3;
  case column_type::float64:
    return 4;
  case column_type::utf8:
  case column_type::bytes:
    return 5;
  case column_type::timestamp_micros:
    return 6;
  case column_type::list_float64:
    return 7;
  case column_type::list_utf8:
    return 8;
  }
  return 0;
}

std::optional<std::string> bad_text(const std::string& text, bool utf8) {
  if (text.size() > max_cell_bytes)
    return "holds more than 1 GiB";
  if (utf8 && !is_utf8(text))
    return "holds bytes that are not UTF-8";
  return std::nullopt;
}

void put_varint(bytes& to, std::uint64_t x) {
  for (; x >= 0x80; x >>= 7U)
    to.push_back(static_cast<std::uint8_t>(x | 0x80U));
  to.push_back(static_cast<std::uint8_t>(x));
}

template <class T>
void widen(std::optional<T>& min, std::optional<T>& max, const T& x) {
  if (!min || x < *min)
    min = x;
  if (!max || *max < x)
    max = x;
}

} // namespace

levels levels_of(const column& x) {
  const bool list
    = x.type == column_type::list_float64 || x.type == column_type::list_utf8;
  const auto depth = (x.optional ? 1 : 0) + (list ? 1 : 0);
  return {static_cast<std::uint8_t>(depth),
          static_cast<std::uint8_t>(list ? 1 : 0)};
}

std::optional<std::string> misfit(const column& shape, const cell& x) {
  if (x.index() == 0)
    return shape.optional ? std::nullopt
                          : std::optional<std::string>{"must not be null"};
  if (x.index() != alternative_of(shape.type))
    return "holds another type than its column";
  if (const auto* text = std::get_if<std::string>(&x))
    return bad_text(*text, shape.type == column_type::utf8);
  std::size_t size = 0;
  if (const auto* texts = std::get_if<std::vector<std::string>>(&x))
    for (const auto& text : *texts) {
      if (auto why = bad_text(text, true))
        return why;
      size += text.size() + 4;
    }
  if (const auto* numbers = std::get_if<std::vector<double>>(&x))
    size = numbers->size() * sizeof(double);
  return size > max_cell_bytes
           ? std::optional<std::string>{"holds more than 1 GiB"}
           : std::nullopt;
}

void bounds_collector::add_null() {
  ++counts_.values;
  ++counts_.nulls;
}

void bounds_collector::add(bool x) {
  add(static_cast<std::int64_t>(x));
  width_ = 1;
}

void bounds_collector::add(std::int32_t x) {
  add(static_cast<std::int64_t>(x));
  width_ = 4;
}

void bounds_collector::add(std::int64_t x) {
  ++counts_.values;
  widen(min_, max_, x);
  width_ = 8;
}

void bounds_collector::add(double x) {
  ++counts_.values;
  if (std::isnan(x))
    ++counts_.nans;
  else
    widen(low_, high_, x);
}

void bounds_collector::add(const std::string& x) {
  ++counts_.values;
  // `std::string` compares bytes as unsigned, as the format wants it.
  if (x.size() > max_bound_bytes)
    unbounded_ = true;
  else if (!unbounded_)
    widen(first_, last_, x);
}

bounds bounds_collector::take() {
  auto result = counts_;
  const auto whole = [&](std::int64_t x) {
    return raw(x).substr(0, static_cast<std::size_t>(width_));
  };
  if (min_ && max_) {
    result.min = whole(*min_);
    result.max = whole(*max_);
  } else if (low_ && high_ && counts_.nans == 0) {
    // Zero as a bound covers both zeros.
    result.min = raw(*low_ == 0 ? -0.0 : *low_);
    result.max = raw(*high_ == 0 ? 0.0 : *high_);
  } else if (!unbounded_) {
    result.min = first_;
    result.max = last_;
  }
  *this = {};
  return result;
}

page_builder::page_builder(const column& shape) : levels_{levels_of(shape)} {
  // nop
}

void page_builder::add(const cell& x, bounds_collector& seen) {
  const auto present = [&](const auto& value) {
    definitions_.push_back(levels_.definition);
    seen.add(value);
  };
  std::visit(
    [&]<class T>(const T& value) {
      if constexpr (std::is_same_v<T, std::monostate>) {
        definitions_.push_back(0);
        repetitions_.push_back(0);
        seen.add_null();
      } else if constexpr (std::is_same_v<T, events::timestamp>) {
        const std::int64_t micros
          = std::chrono::floor<std::chrono::microseconds>(value)
              .time_since_epoch()
              .count();
        present(micros);
        append_raw(values_, micros);
      } else if constexpr (
        std::is_same_v<
          T,
          std::vector<double>> || std::is_same_v<T, std::vector<std::string>>) {
        put_list(value, seen);
      } else {
        present(value);
        put(value);
      }
    },
    x);
}

template <class T>
void page_builder::put_list(const std::vector<T>& xs, bounds_collector& seen) {
  if (xs.empty()) {
    definitions_.push_back(static_cast<std::uint8_t>(levels_.definition - 1));
    repetitions_.push_back(0);
    seen.add_null();
  }
  std::uint8_t repetition = 0;
  for (const auto& x : xs) {
    definitions_.push_back(levels_.definition);
    repetitions_.push_back(repetition);
    repetition = 1;
    seen.add(x);
    put(x);
  }
}

void page_builder::put(const std::string& x) {
  append_raw(values_, static_cast<std::uint32_t>(x.size()));
  values_.insert(values_.end(), x.begin(), x.end());
}

void page_builder::put(double x) {
  append_raw(values_, x);
}

void page_builder::put(std::int32_t x) {
  append_raw(values_, x);
}

void page_builder::put(std::int64_t x) {
  append_raw(values_, x);
}

void page_builder::put(bool x) {
  if (bits_ % 8 == 0)
    values_.push_back(0);
  if (x)
    values_.back() |= static_cast<std::uint8_t>(1U << (bits_ % 8));
  ++bits_;
}

bytes page_builder::take() {
  bytes page;
  if (levels_.repetition > 0)
    page = encode_levels(repetitions_);
  if (levels_.definition > 0) {
    const auto part = encode_levels(definitions_);
    page.insert(page.end(), part.begin(), part.end());
  }
  page.insert(page.end(), values_.begin(), values_.end());
  definitions_.clear();
  repetitions_.clear();
  values_.clear();
  bits_ = 0;
  return page;
}

bytes encode_levels(byte_view levels) {
  bytes runs;
  for (std::size_t i = 0; i < levels.size();) {
    auto end = i;
    while (end < levels.size() && levels[end] == levels[i])
      ++end;
    put_varint(runs, static_cast<std::uint64_t>(end - i) << 1U);
    runs.push_back(levels[i]); // widths up to 8 bits take one byte
    i = end;
  }
  bytes result;
  append_raw(result, static_cast<std::uint32_t>(runs.size()));
  result.insert(result.end(), runs.begin(), runs.end());
  return result;
}

events::expected<bytes> compress(byte_view data, int level) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context{
    ZSTD_createCCtx(), &ZSTD_freeCCtx};
  bytes result(ZSTD_compressBound(data.size()));
  if (context) {
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  }
  const auto n = context
                   ? ZSTD_compress2(context.get(), result.data(), result.size(),
                                    data.data(), data.size())
                   : std::numeric_limits<std::size_t>::max();
  if (ZSTD_isError(n) != 0)
    return events::make_error(events::ec::internal,
                              "zstd cannot compress a page: "
                                + std::string{ZSTD_getErrorName(n)});
  result.resize(n);
  return result;
}

} // namespace fc::projections::parquet
