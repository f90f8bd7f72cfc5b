#pragma once

#include "events/error.hpp"

#include <string>
#include <vector>

namespace fc::events::log {

/// A log's files once more, as far as they are whole, with a list of files
/// made anew: RocksDB opens no database whose CURRENT or MANIFEST is damaged,
/// or that lacks one file that they name. Tables are links, so it costs little
/// room; removed at the end. The rows that it shows are to be proved.
class salvage_folder {
public:
  salvage_folder() = default;
  salvage_folder(const salvage_folder&) = delete;
  salvage_folder& operator=(const salvage_folder&) = delete;
  ~salvage_folder();

  const std::string& path() const noexcept {
    return path_;
  }

  /// Files of the log that cannot be used, one line each.
  const std::vector<std::string>& left_out() const noexcept {
    return left_out_;
  }

  /// @param log Folder of a log that nobody writes.
  error make(const std::string& log);

private:
  std::string path_;
  std::vector<std::string> left_out_;
};

} // namespace fc::events::log
