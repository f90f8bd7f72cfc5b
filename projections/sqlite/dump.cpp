#include "projections/sqlite/dump.hpp"

#include "projections/sqlite/table_file.hpp"

#include <openssl/evp.h>

#include <ostream>

namespace fc::projections::sqlite {

using events::error;
using events::expected;

namespace {

/// Passes text on while hashing it.
class hashing_writer {
public:
  explicit hashing_writer(std::ostream* to)
    : to_{to}, context_{EVP_MD_CTX_new(), &EVP_MD_CTX_free} {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void write(std::string_view text) {
    EVP_DigestUpdate(context_.get(), text.data(), text.size());
    if (to_ != nullptr)
      to_->write(text.data(), static_cast<std::streamsize>(text.size()));
  }
  events::digest finish() {
    events::digest result;
    EVP_DigestFinal_ex(context_.get(), result.value.data(), nullptr);
    return result;
  }

private:
  std::ostream* to_;
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

void append_quoted(std::string& to, std::string_view x) {
  to += '"';
  for (const char c : x) {
    if (c == '"')
      to += '"';
    to += c;
  }
  to += '"';
}

void append_cell(std::string& to, const statement& row, int index,
                 column_type type) {
  if (row.is_null(index))
    return;
  switch (type) {
  case column_type::boolean:
    to += row.integer(index) != 0 ? "true" : "false";
    break;
  case column_type::integer:
  case column_type::bigint:
    to += std::to_string(row.integer(index));
    break;
  case column_type::real:
    to += to_text(cell{row.real(index)});
    break;
  case column_type::text:
  case column_type::texts:
  case column_type::uuid:
  case column_type::document:
  case column_type::time:
    append_quoted(to, row.text(index));
    break;
  }
}

std::string names(std::span<const column> columns) {
  std::string result;
  for (const auto& each : columns)
    result += (result.empty() ? "" : ",") + std::string{each.name};
  return result;
}

/// The columns that are dumped.
std::vector<column> wanted(const table& x, dumped what) {
  std::vector<column> result;
  for (const auto& each : x.columns)
    if (what == dumped::everything || each.from == source::evidence)
      result.push_back(each);
  return result;
}

expected<std::uint64_t> count_of(const database& from, const table& x) {
  auto rows = from.number("SELECT count(*) FROM " + std::string{x.name});
  if (!rows)
    return rows.error();
  return static_cast<std::uint64_t>(*rows);
}

expected<std::uint64_t> dump_table(const database& from, const table& x,
                                   dumped what, hashing_writer& to) {
  const auto columns = wanted(x, what);
  if (columns.empty())
    return count_of(from, x);
  auto query
    = from.prepare("SELECT " + names(columns) + " FROM " + std::string{x.name}
                   + " ORDER BY " + names(x.columns.first(x.key)));
  if (!query)
    return query.error();
  to.write(std::string{x.name} + "\n" + names(columns) + "\n");
  std::uint64_t rows = 0;
  for (;; ++rows) {
    auto more = query->step();
    if (!more)
      return more.error();
    if (!*more)
      break;
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      line += i == 0 ? "" : ",";
      append_cell(line, *query, static_cast<int>(i), columns[i].type);
    }
    to.write(line + "\n");
  }
  to.write("\n");
  return rows;
}

} // namespace

expected<table_summary>
dump_tables(const std::string& file, std::ostream* to, dumped what) {
  auto from = database::open(file, access::read, std::chrono::seconds{5});
  if (!from)
    return from.error();
  // One snapshot for all tables.
  if (auto err = (*from)->run("BEGIN"))
    return err;
  hashing_writer out{to};
  table_summary result;
  for (const auto& each : registry()) {
    auto rows = dump_table(**from, *each.rows, what, out);
    if (!rows)
      return rows.error();
    result.tables.push_back({std::string{each.name}, *rows});
  }
  result.sha256 = out.finish();
  return result;
}

} // namespace fc::projections::sqlite
