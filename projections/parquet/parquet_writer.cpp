#include "projections/parquet/parquet_writer.hpp"

#include "events/common/new_file.hpp"
#include "projections/parquet/footer.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>

namespace fc::projections::parquet {

using events::byte_view;
using events::bytes;
using events::ec;
using events::error;
using events::expected;
using events::make_error;
using events::common::new_file;

namespace {

/// A column chunk while its row group grows: finished pages and the open one.
struct open_chunk {
  explicit open_chunk(const column& shape) : page{shape} {
    // nop
  }

  page_builder page;
  bounds_collector seen;
  bytes pages;
  std::int64_t uncompressed = 0;

  error close_page(int level) {
    const auto values = page.values();
    if (values == 0)
      return {};
    const auto body = page.take();
    const auto packed = compress(body, level);
    if (!packed)
      return packed.error();
    const auto header = page_header(values, body.size(), packed->size());
    pages.insert(pages.end(), header.begin(), header.end());
    pages.insert(pages.end(), packed->begin(), packed->end());
    uncompressed += static_cast<std::int64_t>(header.size() + body.size());
    return {};
  }
};

std::optional<std::string> unusable(const std::vector<column>& columns) {
  if (columns.empty())
    return "a Parquet file has at least one column";
  std::set<std::string> names;
  for (const auto& x : columns)
    if (x.name.empty() || !is_utf8(x.name) || !names.insert(x.name).second)
      return "a column's name is empty, not UTF-8 or used twice: '" + x.name
             + "'";
  return std::nullopt;
}

error corrupt(const std::string& path, const std::string& why) {
  return make_error(ec::corrupt, path + " is not a whole Parquet file: " + why);
}

} // namespace

struct parquet_writer::impl {
  new_file file;
  std::vector<column> columns;
  writer_options options;
  std::vector<open_chunk> open;
  std::vector<group_info> groups;
  std::int64_t rows = 0;      ///< Of the open row group.
  std::uint64_t appended = 0; ///< Rows of the whole file.
  error broken;

  impl(new_file to, std::vector<column> shape, writer_options how)
    : file{std::move(to)}, columns{std::move(shape)}, options{std::move(how)} {
    reset();
  }

  void reset() {
    open.clear();
    for (const auto& shape : columns)
      open.emplace_back(shape);
    rows = 0;
  }

  error fits(const cells& x) const {
    const auto where = file.path() + ", row " + std::to_string(appended);
    if (x.size() != columns.size())
      return make_error(ec::invalid_argument,
                        where + ": has " + std::to_string(x.size())
                          + " cells for " + std::to_string(columns.size())
                          + " columns");
    for (std::size_t i = 0; i < x.size(); ++i)
      if (const auto why = misfit(columns[i], x[i]))
        return make_error(ec::invalid_argument,
                          where + ", column " + columns[i].name + " " + *why);
    return {};
  }

  error add(const cells& x) {
    std::size_t held = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      auto& chunk = open[i];
      chunk.page.add(x[i], chunk.seen);
      if (chunk.page.size() >= options.page_bytes)
        if (auto err = chunk.close_page(options.compression_level))
          return err;
      held += static_cast<std::size_t>(chunk.uncompressed) + chunk.page.size();
    }
    ++rows;
    ++appended;
    if (static_cast<std::size_t>(rows) >= options.group_rows
        || held >= options.group_bytes)
      return flush();
    return {};
  }

  /// Writes the open row group.
  error flush() {
    if (rows == 0)
      return {};
    group_info group{rows, {}};
    for (auto& chunk : open) {
      if (auto err = chunk.close_page(options.compression_level))
        return err;
      group.chunks.push_back({static_cast<std::int64_t>(file.size()),
                              static_cast<std::int64_t>(chunk.pages.size()),
                              chunk.uncompressed, chunk.seen.take()});
      if (auto err = file.write(chunk.pages))
        return err;
    }
    groups.push_back(std::move(group));
    reset();
    return {};
  }

  error finish() {
    for (const auto& [key, value] : options.metadata)
      if (!is_utf8(key) || !is_utf8(value))
        return make_error(ec::invalid_argument, file.path() + ": metadata '"
                                                  + key + "' is not UTF-8");
    if (auto err = flush())
      return err;
    if (auto err = file.write(file_footer(columns, groups, options.metadata)))
      return err;
    return file.commit();
  }
};

expected<parquet_writer>
parquet_writer::create(const std::string& path, std::vector<column> columns,
                       writer_options options) {
  if (const auto why = unusable(columns))
    return make_error(ec::invalid_argument, path + ": " + *why);
  auto file = new_file::create(path);
  if (!file)
    return file.error();
  if (auto err = file->write(events::as_bytes(magic)))
    return err;
  return parquet_writer{std::make_unique<impl>(
    std::move(*file), std::move(columns), std::move(options))};
}

parquet_writer::parquet_writer(std::unique_ptr<impl> x) : impl_{std::move(x)} {
  // nop
}

parquet_writer::~parquet_writer() = default;
parquet_writer::parquet_writer(parquet_writer&&) noexcept = default;
parquet_writer& parquet_writer::operator=(parquet_writer&&) noexcept = default;

error parquet_writer::append(const cells& x) {
  if (impl_->broken)
    return impl_->broken;
  if (auto err = impl_->fits(x))
    return err;
  impl_->broken = impl_->add(x);
  return impl_->broken;
}

void parquet_writer::put_metadata(std::string key, std::string value) {
  impl_->options.metadata.insert_or_assign(std::move(key), std::move(value));
}

error parquet_writer::finish() {
  if (impl_->broken)
    return impl_->broken;
  auto result = impl_->finish();
  impl_->broken
    = result ? result
             : make_error(ec::internal, impl_->file.path()
                                          + " is finished; nothing can be "
                                            "added");
  return result;
}

expected<file_info> read_info(const std::string& path) {
  std::error_code code;
  const auto size = std::filesystem::file_size(path, code);
  if (code == std::errc::no_such_file_or_directory)
    return make_error(ec::not_found, "no such file: " + path);
  if (code)
    return make_error(ec::storage_failure,
                      "cannot read " + path + ": " + code.message());
  constexpr std::size_t tail_size = 8;
  if (size < magic.size() + tail_size)
    return corrupt(path, "it has " + std::to_string(size) + " bytes");
  std::ifstream in{path, std::ios::binary};
  const auto read = [&](std::uint64_t at, std::size_t n) {
    std::string text(n, '\0');
    in.seekg(static_cast<std::streamoff>(at));
    in.read(text.data(), static_cast<std::streamsize>(n));
    return text;
  };
  const auto head = read(0, magic.size());
  const auto tail = read(size - tail_size, tail_size);
  if (!in)
    return make_error(ec::storage_failure, "cannot read " + path);
  if (head != magic || !tail.ends_with(magic))
    return corrupt(path, "it does not begin and end with PAR1");
  std::uint32_t length = 0;
  std::memcpy(&length, tail.data(), sizeof(length));
  if (length > size - tail_size - magic.size())
    return corrupt(path, "its footer is longer than the file");
  const auto footer = read(size - tail_size - length, length);
  if (!in)
    return make_error(ec::storage_failure, "cannot read " + path);
  auto info = parse_footer(events::as_bytes(footer));
  if (!info)
    return corrupt(path, events::describe(info.error()));
  return info;
}

} // namespace fc::projections::parquet
