#include "projections/sqlite/database.hpp"

#include <sqlite3.h>

namespace fc::projections::sqlite {

using events::ec;
using events::make_error;

namespace {

ec code_for(int result) {
  switch (result & 0xFF) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return ec::already_in_use;
  case SQLITE_NOTADB:
    return ec::invalid_argument;
  case SQLITE_CORRUPT:
    return ec::corrupt;
  default:
    return ec::storage_failure;
  }
}

std::string_view advice_for(int result) {
  switch (result & 0xFF) {
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return "; another program holds it, try again when that has ended";
  case SQLITE_NOTADB:
    return "; name another file";
  case SQLITE_CORRUPT:
    return "; delete it and project again, the log has everything";
  case SQLITE_FULL:
    return "; make room on the disk and project again";
  case SQLITE_READONLY:
  case SQLITE_CANTOPEN:
  case SQLITE_PERM:
    return "; check that the folder exists and is writable";
  default:
    return "";
  }
}

} // namespace

void statement::finalizer::operator()(sqlite3_stmt* x) const noexcept {
  sqlite3_finalize(x);
}

void statement::bind(int index, const cell& x) {
  auto* const to = handle_.get();
  const auto bind_text = [&](std::string_view value) {
    sqlite3_bind_text64(to, index, value.data(), value.size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
  };
  if (const auto* number = std::get_if<std::int64_t>(&x))
    sqlite3_bind_int64(to, index, *number);
  else if (const auto* real = std::get_if<double>(&x))
    sqlite3_bind_double(to, index, *real);
  else if (const auto* flag = std::get_if<bool>(&x))
    sqlite3_bind_int64(to, index, *flag ? 1 : 0);
  else if (std::holds_alternative<std::monostate>(x))
    sqlite3_bind_null(to, index);
  else
    bind_text(to_text(x));
}

events::expected<bool> statement::step() {
  switch (sqlite3_step(handle_.get())) {
  case SQLITE_ROW:
    return true;
  case SQLITE_DONE:
    return false;
  default:
    return owner_->failure(sqlite3_sql(handle_.get()));
  }
}

void statement::reset() {
  sqlite3_reset(handle_.get());
}

int statement::columns() const {
  return sqlite3_column_count(handle_.get());
}

bool statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t statement::integer(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

double statement::real(int column) const {
  return sqlite3_column_double(handle_.get(), column);
}

std::string_view statement::text(int column) const {
  const auto* data
    = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  if (data == nullptr)
    return {};
  return {data, static_cast<std::size_t>(
                  sqlite3_column_bytes(handle_.get(), column))};
}

void database::closer::operator()(sqlite3* x) const noexcept {
  sqlite3_close(x);
}

events::expected<std::unique_ptr<database>>
database::open(const std::string& file, access mode,
               std::chrono::milliseconds patience) {
  const int flags = mode == access::read ? SQLITE_OPEN_READONLY
                    : mode == access::write
                      ? SQLITE_OPEN_READWRITE
                      : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  auto result = std::make_unique<database>();
  result->file_ = file;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  result->handle_.reset(handle);
  if (code != SQLITE_OK)
    return result->failure("open");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(patience.count()));
  // SQLite falls back to reading when a file may not be written.
  if (mode != access::read && sqlite3_db_readonly(handle, "main") == 1)
    return make_error(ec::storage_failure,
                      "table file " + file
                        + " is read-only; make it writable or name another");
  // Opening reads nothing yet: the header is only checked here.
  if (auto readable = result->number("PRAGMA schema_version"); !readable)
    return readable.error();
  return result;
}

events::error database::run(const std::string& sql) const {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr)
      != SQLITE_OK)
    return failure(sql);
  return {};
}

events::expected<statement> database::prepare(const std::string& sql) const {
  sqlite3_stmt* handle = nullptr;
  if (sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &handle, nullptr)
      != SQLITE_OK)
    return failure(sql);
  statement result;
  result.handle_.reset(handle);
  result.owner_ = this;
  return result;
}

events::expected<std::int64_t> database::number(const std::string& sql) const {
  auto query = prepare(sql);
  if (!query)
    return query.error();
  auto row = query->step();
  if (!row)
    return row.error();
  return *row ? query->integer(0) : 0;
}

events::error database::failure(std::string_view doing) const {
  const int code = sqlite3_extended_errcode(handle_.get());
  std::string what{doing.substr(0, doing.find_first_of("(\n"))};
  while (!what.empty() && what.back() == ' ')
    what.pop_back();
  return make_error(code_for(code), "table file " + file_ + " (" + what
                                      + "): " + sqlite3_errmsg(handle_.get())
                                      + std::string{advice_for(code)});
}

} // namespace fc::projections::sqlite
