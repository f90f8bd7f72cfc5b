#include "projections/sqlite/rows.hpp"

#include "events/common/bounded_json.hpp"
#include "projections/sqlite/database.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace fc::projections::sqlite {

using events::ec;
using events::error;
using events::make_error;

namespace {

std::string names(std::span<const column> columns) {
  std::string result;
  for (const auto& each : columns)
    result += (result.empty() ? "" : ", ") + std::string{each.name};
  return result;
}

/// "2024-01-31T12:00:00Z" or with nine digits of a second.
std::optional<cell> time_from(std::string_view text) {
  constexpr std::size_t whole = 19;
  auto at = events::parse_time(std::string{text.substr(0, whole)} + "Z");
  if (!at)
    return std::nullopt;
  std::int64_t nanoseconds = 0;
  if (text.size() > whole + 1) {
    const auto digits = text.substr(whole + 1, 9);
    const auto* const end = digits.data() + digits.size();
    if (digits.size() != 9
        || std::from_chars(digits.data(), end, nanoseconds).ptr != end)
      return std::nullopt;
  }
  return cell{*at + std::chrono::nanoseconds{nanoseconds}};
}

std::optional<cell> texts_from(std::string_view text) {
  const auto list = events::common::read_json(text);
  if (!list.is_array())
    return std::nullopt;
  text_list result;
  for (const auto& each : list) {
    if (!each.is_string())
      return std::nullopt;
    result.items.push_back(each.get<std::string>());
  }
  return cell{std::move(result)};
}

std::optional<cell>
cell_of(const statement& from, int index, column_type type) {
  if (from.is_null(index))
    return cell{};
  switch (type) {
  case column_type::boolean:
    return cell{from.integer(index) != 0};
  case column_type::integer:
  case column_type::bigint:
    return cell{from.integer(index)};
  case column_type::real:
    return cell{from.real(index)};
  case column_type::texts:
    return texts_from(from.text(index));
  case column_type::document:
    return cell{json_text{std::string{from.text(index)}}};
  case column_type::time:
    return time_from(from.text(index));
  case column_type::text:
  case column_type::uuid:
    break;
  }
  return cell{std::string{from.text(index)}};
}

} // namespace

error read_rows(const std::string& file, const table& of,
                const row_visitor& each) {
  auto from = database::open(file, access::read, std::chrono::seconds{5});
  if (!from)
    return from.error();
  auto query = (*from)->prepare("SELECT " + names(of.columns) + " FROM "
                                + std::string{of.name} + " ORDER BY "
                                + names(of.columns.first(of.key)));
  if (!query)
    return query.error();
  row cells(of.columns.size());
  for (;;) {
    auto more = query->step();
    if (!more)
      return more.error();
    if (!*more)
      return {};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      auto x = cell_of(*query, static_cast<int>(i), of.columns[i].type);
      if (!x)
        return make_error(ec::corrupt, "table file " + file + ": column "
                                         + std::string{of.columns[i].name}
                                         + " of " + std::string{of.name}
                                         + " holds what fcreplay did not "
                                           "write; delete it and project "
                                           "again");
      cells[i] = std::move(*x);
    }
    if (auto err = each(cells))
      return err;
  }
}

} // namespace fc::projections::sqlite
