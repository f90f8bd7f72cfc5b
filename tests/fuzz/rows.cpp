#include "tests/fuzz/rows.hpp"

#include <iterator>

namespace fc::fuzz {

namespace {

/// Of the next database that is opened.
log_rows* next_rows = nullptr;

} // namespace

events::log::database database_over(log_rows& rows) {
  next_rows = &rows;
  return std::move(*events::log::database::open_reader(""));
}

} // namespace fc::fuzz

namespace fc::events::log {

namespace {

std::size_t index_of(family x) {
  return static_cast<std::size_t>(x);
}

} // namespace

struct cursor::impl {
  const std::map<std::string, std::string>& rows;
  std::map<std::string, std::string>::const_iterator at = rows.end();
};

cursor::cursor(std::unique_ptr<impl> x) : impl_(std::move(x)) {}
cursor::cursor(cursor&&) noexcept = default;
cursor::~cursor() = default;

void cursor::seek_first() {
  impl_->at = impl_->rows.begin();
}

void cursor::seek_last() {
  impl_->at
    = impl_->rows.empty() ? impl_->rows.end() : std::prev(impl_->rows.end());
}

void cursor::seek(std::string_view key) {
  impl_->at = impl_->rows.lower_bound(std::string{key});
}

void cursor::seek_back(std::string_view key) {
  impl_->at = impl_->rows.upper_bound(std::string{key});
  impl_->at = impl_->at == impl_->rows.begin() ? impl_->rows.end()
                                               : std::prev(impl_->at);
}

void cursor::next() {
  ++impl_->at;
}

bool cursor::valid() const {
  return impl_->at != impl_->rows.end();
}

std::string_view cursor::key() const {
  return impl_->at->first;
}

byte_view cursor::value() const {
  return as_bytes(impl_->at->second);
}

std::optional<std::string> cursor::failure() const {
  return std::nullopt;
}

struct database::impl {
  fuzz::log_rows& rows;
};

database::database(std::unique_ptr<impl> x) : impl_(std::move(x)) {}
database::database(database&&) noexcept = default;
database::~database() = default;

expected<database> database::open_reader(const std::string&) {
  return database{std::make_unique<impl>(impl{*fuzz::next_rows})};
}

expected<std::optional<bytes>>
database::get(family from, std::string_view key) const {
  const auto& rows = impl_->rows[index_of(from)];
  const auto found = rows.find(std::string{key});
  if (found == rows.end())
    return std::optional<bytes>{};
  const auto value = as_bytes(found->second);
  return std::optional{bytes(value.begin(), value.end())};
}

cursor database::walk(family over, reading) const {
  return cursor{
    std::make_unique<cursor::impl>(cursor::impl{impl_->rows[index_of(over)]})};
}

error database::write(std::span<const put_row> rows) {
  for (const auto& each : rows)
    impl_->rows[index_of(each.to)][std::string{each.key}] = as_text(each.value);
  return {};
}

} // namespace fc::events::log
