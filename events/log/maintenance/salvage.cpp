#include "events/log/maintenance/salvage.hpp"

#include "events/log/database.hpp"
#include "events/log/fault.hpp"
#include "events/log/folder.hpp"
#include "events/log/maintenance/file_list.hpp"
#include "events/log/maintenance/wal.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

namespace fc::events::log {

namespace fs = std::filesystem;

namespace {

/// The number in the name of a table, a file of values or a write-ahead log.
std::optional<std::uint64_t> number_of(const fs::path& file) {
  const auto name = file.stem().string();
  std::uint64_t number = 0;
  const auto* const last = name.data() + name.size();
  const auto [end, code] = std::from_chars(name.data(), last, number);
  if (code != std::errc{} || end != last)
    return std::nullopt;
  return number;
}

error same_file(const fs::path& from, const fs::path& to) {
  std::error_code code;
  fs::create_hard_link(from, to, code);
  if (code)
    fs::copy_file(from, to, code);
  return code ? make_error(ec::storage_failure, to.string() + ": cannot copy "
                                                  + from.string() + ": "
                                                  + code.message())
              : error{};
}

/// Takes over what is whole, file by file.
class collector {
public:
  collector(fs::path to, std::vector<std::string>& left_out)
    : to_(std::move(to)), left_out_(left_out) {}

  error take(const fs::path& file) {
    const auto number = number_of(file);
    if (!number)
      return {};
    list_.next_number = std::max(list_.next_number, *number + 1);
    const auto extension = file.extension();
    if (extension == ".log")
      return copy_whole_records(file, to_ / file.filename());
    if (extension == ".sst")
      return take_table(file, *number);
    if (extension == ".blob")
      return take_values(file, *number);
    return {};
  }

  /// Older tables first, as later ones may say anew what they said.
  error finish() {
    std::ranges::sort(list_.tables, {}, &listed_table::number);
    std::ranges::sort(list_.blobs, {}, &listed_blob_file::number);
    return write_file_list(to_, list_);
  }

private:
  error take_table(const fs::path& file, std::uint64_t number) {
    auto of = family_of_table(file.string());
    if (!of) {
      left_out_.push_back(text_of(of.error()));
      return {};
    }
    std::error_code code;
    list_.tables.push_back({number, fs::file_size(file, code), *of});
    return same_file(file, to_ / file.filename());
  }

  error take_values(const fs::path& file, std::uint64_t number) {
    const auto to = to_ / file.filename();
    auto count = values_in(file);
    if (count > 0) {
      if (auto err = same_file(file, to))
        return err;
    } else {
      auto copied = copy_blob_file(file, to);
      if (!copied)
        return copied.error();
      count = *copied;
      left_out_.push_back(file.string() + ": is cut, its first "
                          + std::to_string(count) + " values are whole");
    }
    std::error_code code;
    if (count > 0)
      list_.blobs.push_back({number, count, fs::file_size(to, code)});
    return {};
  }

  fs::path to_;
  std::vector<std::string>& left_out_;
  file_list list_;
};

} // namespace

salvage_folder::~salvage_folder() {
  std::error_code code;
  if (!path_.empty())
    fs::remove_all(path_, code); // The next repair removes what is left.
}

error salvage_folder::make(const std::string& log) {
  const auto path = log + ".salvaging";
  if (auto err = renew_folder(path))
    return err;
  path_ = path;
  collector to{path_, left_out_};
  std::error_code code;
  for (const auto& file : fs::directory_iterator{log, code})
    if (file.is_regular_file(code))
      if (auto err = to.take(file.path()))
        return err;
  if (code)
    return make_error(ec::storage_failure,
                      log + ": cannot list it: " + code.message());
  return to.finish();
}

} // namespace fc::events::log
