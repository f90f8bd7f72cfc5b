#pragma once

#include "events/ids.hpp"

#include <filesystem>
#include <optional>
#include <string>

/// What the log does with files besides RocksDB's own.
namespace fc::events::log {

/// What is at a path where a log is wanted.
enum class folder_state : std::uint8_t {
  absent,
  empty,      ///< A folder without files.
  unfinished, ///< What a creation leaves that was killed: no data yet.
  database,   ///< A folder with a RocksDB database; perhaps a log.
  headless,   ///< A log that lost the file that names all others, CURRENT.
  other,      ///< Something else, which we never touch.
};

expected<folder_state> folder_state_at(const std::filesystem::path& path);

/// Makes a folder and those above it, durably.
error make_folder(const std::filesystem::path& path);

/// Removes what is left of a creation, but for its lock, which the caller
/// holds. @returns an error when there is anything else by now.
error clear_unfinished(const std::filesystem::path& path);

/// Makes a folder anew, without what is left of a log in it; other files are
/// never touched.
error renew_folder(const std::filesystem::path& path);

/// The folder itself where a path is a link, also one that leads to nothing;
/// without slashes at its end.
std::filesystem::path without_links(const std::filesystem::path& path);

/// Whether a path, links followed, is that of a folder or of something in it.
bool lies_in(const std::filesystem::path& path,
             const std::filesystem::path& folder);

/// Gives a folder another name, durably; there must be nothing of that name.
error move_folder(const std::filesystem::path& from,
                  const std::filesystem::path& to);

/// Behind a log's path: the folder in which a repair builds the new log.
inline constexpr const char* repairing_suffix = ".repairing";

/// Whether a repair was killed when it had moved the damaged log aside and not
/// yet put the new one into its place.
bool is_between_renames(const std::filesystem::path& log);

/// Why there is no log to open at a path without one.
error no_log_at(const std::filesystem::path& path);

/// The newest record whose append was answered. A log that ends before it has
/// lost acknowledged records, which RocksDB alone does not notice when its
/// write-ahead log was cut.
struct watermark {
  position at = 0;
  digest chain;
};

/// The file `WATERMARK` beside the database:
///
///   watermark ::= position:20 decimal digits " " chain:64 hex digits "\n"
///
/// It is overwritten in place after each synced append and itself synced only
/// when closed: after a crash of the machine it may lag, never lead.
class watermark_file {
public:
  /// None when there is no file yet, or only a created one.
  static expected<std::optional<watermark>>
  read(const std::filesystem::path& folder);
  static expected<watermark_file> open(const std::filesystem::path& folder);

  watermark_file(watermark_file&& other) noexcept;
  watermark_file(const watermark_file&) = delete;
  watermark_file& operator=(const watermark_file&) = delete;
  watermark_file& operator=(watermark_file&&) = delete;
  /// Syncs and closes.
  ~watermark_file();

  error write(const watermark& x);

private:
  explicit watermark_file(int fd);

  int fd_ = -1;
};

} // namespace fc::events::log
