#include "projections/folder/table_file.hpp"
#include "projections/parquet/parquet_writer.hpp"

#include <limits>

namespace fc::projections::folder {

using events::ec;
using events::error;
using events::expected;
using events::make_error;

namespace {

parquet::column_type type_of(column_type x) {
  switch (x) {
  case column_type::boolean:
    return parquet::column_type::boolean;
  case column_type::integer:
    return parquet::column_type::int32;
  case column_type::bigint:
    return parquet::column_type::int64;
  case column_type::real:
    return parquet::column_type::float64;
  case column_type::texts:
    return parquet::column_type::list_utf8;
  case column_type::time:
    return parquet::column_type::timestamp_micros;
  case column_type::text:
  case column_type::uuid:
  case column_type::document:
    break;
  }
  return parquet::column_type::utf8;
}

std::vector<parquet::column> columns_of(const table& x) {
  std::vector<parquet::column> result;
  for (std::size_t i = 0; i < x.columns.size(); ++i)
    result.push_back(
      {std::string{x.columns[i].name}, type_of(x.columns[i].type), i >= x.key});
  return result;
}

/// @pre A number of an integer column fits 32 bits.
parquet::cell cell_of(const cell& x, column_type type) {
  return std::visit(
    [&]<class T>(const T& value) -> parquet::cell {
      if constexpr (std::is_same_v<T, json_text>)
        return value.text;
      else if constexpr (std::is_same_v<T, text_list>)
        return value.items;
      else if constexpr (std::is_same_v<T, std::int64_t>) {
        if (type == column_type::integer)
          return static_cast<std::int32_t>(value);
        return value;
      } else
        return value;
    },
    x);
}

bool fits(const cell& x, column_type type) {
  using limits = std::numeric_limits<std::int32_t>;
  const auto* number = std::get_if<std::int64_t>(&x);
  return type != column_type::integer || number == nullptr
         || (*number >= limits::min() && *number <= limits::max());
}

class parquet_file final : public table_file {
public:
  parquet_file(parquet::parquet_writer to, const table& of)
    : to_{std::move(to)}, of_{of} {}

  error add(const row& cells) override {
    cells_.clear();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto& column = of_.columns[i];
      if (!fits(cells[i], column.type))
        return make_error(ec::internal, "column " + std::string{column.name}
                                          + " of " + std::string{of_.name}
                                          + " has 32 bits, too few for "
                                          + to_text(cells[i]));
      cells_.push_back(cell_of(cells[i], column.type));
    }
    return to_.append(cells_);
  }

  error finish() override {
    return to_.finish();
  }

private:
  parquet::parquet_writer to_;
  const table& of_;
  parquet::cells cells_;
};

} // namespace

expected<table_file_ptr>
create_parquet(const std::string& path, const table& of) {
  auto to = parquet::parquet_writer::create(path, columns_of(of));
  if (!to)
    return to.error();
  return table_file_ptr{std::make_unique<parquet_file>(std::move(*to), of)};
}

} // namespace fc::projections::folder
