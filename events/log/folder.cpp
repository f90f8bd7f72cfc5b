#include "events/log/folder.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fc::events::log {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t position_digits = 20;
constexpr std::size_t watermark_size = position_digits + 1 + 64 + 1;

error failure(const fs::path& path, std::string_view what,
              const std::error_code& cause) {
  return make_error(ec::storage_failure, path.string() + ": "
                                           + std::string{what} + ": "
                                           + cause.message());
}

error failure(const fs::path& path, std::string_view what) {
  return failure(path, what, std::error_code{errno, std::generic_category()});
}

/// Makes the names in a folder safe.
error sync_folder(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  auto err = synced ? error{} : failure(path, "cannot sync it");
  if (fd >= 0)
    ::close(fd);
  return err;
}

fs::path watermark_path(const fs::path& folder) {
  return folder / "WATERMARK";
}

std::optional<watermark> parse_watermark(std::string_view text) {
  if (text.size() != watermark_size || text[position_digits] != ' '
      || text.back() != '\n')
    return std::nullopt;
  watermark x;
  const auto [end, code]
    = std::from_chars(text.data(), text.data() + position_digits, x.at);
  auto chain = digest::from_hex(text.substr(position_digits + 1, 64));
  if (code != std::errc{} || end != text.data() + position_digits || !chain)
    return std::nullopt;
  x.chain = *chain;
  return x;
}

/// Whether RocksDB writes such a file before there is any data.
bool is_of_creation(const fs::directory_entry& file) {
  const auto name = file.path().filename().string();
  std::error_code code;
  if (name.ends_with(".log"))
    return file.file_size(code) == 0 && !code;
  return name == "LOCK" || name == "LOG" || name.starts_with("LOG.old.")
         || name == "IDENTITY" || name == "CURRENT"
         || name.starts_with("MANIFEST-") || name.starts_with("OPTIONS-")
         || name.ends_with(".dbtmp");
}

/// Whether a file may be a log's.
bool is_of_log(const fs::directory_entry& file) {
  const auto extension = file.path().extension();
  return file.is_regular_file()
         && (extension == ".sst" || extension == ".blob" || extension == ".log"
             || extension == ".tmp" || is_of_creation(file)
             || file.path().filename() == "WATERMARK");
}

} // namespace

expected<folder_state> folder_state_at(const fs::path& path) {
  std::error_code code;
  const auto status = fs::status(path, code);
  if (status.type() == fs::file_type::not_found)
    return folder_state::absent;
  if (code)
    return failure(path, "cannot inspect it", code);
  if (!fs::is_directory(status))
    return folder_state::other;
  bool empty = true;
  bool unfinished = true;
  bool current = false;
  bool marked = false;
  fs::directory_iterator files{path, code};
  for (; !code && files != fs::directory_iterator{}; files.increment(code)) {
    empty = false;
    unfinished = unfinished && is_of_creation(*files);
    current = current || files->path().filename() == "CURRENT";
    marked = marked || files->path() == watermark_path(path);
  }
  if (code)
    return failure(path, "cannot list it", code);
  if (empty)
    return folder_state::empty;
  if (unfinished)
    return folder_state::unfinished;
  if (current)
    return folder_state::database;
  return marked ? folder_state::headless : folder_state::other;
}

error make_folder(const fs::path& path) {
  std::error_code code;
  const bool is_new = !fs::exists(path, code);
  // The one above it, and those above that are made as well.
  std::size_t to_sync = 1;
  for (auto above = fs::absolute(path).parent_path();
       !fs::exists(above, code) && above.has_relative_path();
       above = above.parent_path())
    ++to_sync;
  fs::create_directories(path, code);
  if (code)
    return failure(path, "cannot make the folder", code);
  // As the kernel sees it: `..` behind a link is not what the text says.
  auto whole = fs::canonical(path, code);
  if (code)
    return failure(path, "cannot inspect it", code);
  // A log that is answered for must not vanish with its folder. One that was
  // there may lie where we may not look.
  for (; to_sync > 0; --to_sync) {
    whole = whole.parent_path();
    if (auto err = sync_folder(whole); err && is_new)
      return err;
  }
  return {};
}

error clear_unfinished(const fs::path& path) {
  const auto found = folder_state_at(path);
  if (!found)
    return found.error();
  if (*found != folder_state::unfinished)
    return make_error(ec::already_in_use,
                      path.string() + ": another process made a log here");
  std::error_code code;
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator{path, code})
    if (file.path().filename() != "LOCK")
      files.push_back(file.path());
  for (const auto& file : files)
    if (!code)
      fs::remove(file, code);
  return code ? failure(path, "cannot remove it", code) : error{};
}

error renew_folder(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path, code))
    return make_folder(path);
  // Whoever was killed here may have left any part of a log.
  bool ours = fs::is_directory(path, code);
  if (ours)
    for (const auto& file : fs::directory_iterator{path, code})
      ours = ours && is_of_log(file);
  if (!ours)
    return make_error(ec::invalid_argument,
                      path.string()
                        + ": is in the way and holds other files; move it "
                          "away");
  fs::remove_all(path, code);
  return code ? failure(path, "cannot remove it", code) : make_folder(path);
}

fs::path without_links(const fs::path& path) {
  constexpr int max_links = 40;
  auto clean = path;
  while (!clean.has_filename() && clean.has_relative_path())
    clean = clean.parent_path();
  std::error_code code;
  for (int i = 0; i < max_links && fs::is_symlink(clean, code); ++i) {
    const auto to = fs::read_symlink(clean, code);
    clean = to.is_absolute() ? to : clean.parent_path() / to;
    while (!clean.has_filename() && clean.has_relative_path())
      clean = clean.parent_path();
  }
  return clean;
}

bool lies_in(const fs::path& path, const fs::path& folder) {
  std::error_code code;
  const auto whole = fs::canonical(folder, code);
  if (code)
    return false;
  // What is not there yet lies where the part lies that is.
  auto at = fs::weakly_canonical(fs::absolute(without_links(path)), code);
  if (code)
    return false;
  for (;; at = at.parent_path()) {
    if (at == whole || fs::equivalent(at, whole, code))
      return true;
    if (!at.has_relative_path())
      return false;
  }
}

error move_folder(const fs::path& from, const fs::path& to) {
  // An empty folder would be replaced.
  std::error_code code;
  if (fs::exists(to, code))
    return make_error(ec::storage_failure,
                      from.string() + ": cannot be moved to " + to.string()
                        + ", which is there already");
  fs::rename(from, to, code);
  if (code)
    return failure(from, "cannot be moved to " + to.string(), code);
  return sync_folder(fs::absolute(to).parent_path());
}

bool is_between_renames(const fs::path& log) {
  std::error_code code;
  const auto itself = without_links(log);
  const auto beside = itself.string() + repairing_suffix;
  return !fs::exists(itself, code) && fs::exists(beside, code);
}

error no_log_at(const fs::path& path) {
  if (is_between_renames(path))
    return make_error(ec::not_found,
                      path.string()
                        + ": its repair was interrupted; finish it by "
                          "fcreplay --repair");
  return make_error(ec::not_found, path.string() + ": there is no log here");
}

expected<std::optional<watermark>>
watermark_file::read(const fs::path& folder) {
  const auto path = watermark_path(folder);
  std::error_code code;
  if (!fs::exists(path, code))
    return std::optional<watermark>{};
  std::ifstream in{path, std::ios::binary};
  // One byte more than a watermark has would show that it is none.
  std::string text(watermark_size + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (!in.is_open() || in.bad())
    return failure(path, "cannot read it");
  // A crash of the machine may leave a file whose bytes never arrived.
  if (text.find_first_not_of('\0') == std::string::npos)
    return std::optional<watermark>{};
  auto x = parse_watermark(text);
  if (!x)
    return make_error(ec::corrupt,
                      path.string()
                        + ": not a watermark; verify the log, then remove "
                          "this file");
  return x;
}

expected<watermark_file> watermark_file::open(const fs::path& folder) {
  const auto path = watermark_path(folder);
  std::error_code code;
  const bool is_new = !fs::exists(path, code);
  watermark_file file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)};
  if (file.fd_ < 0)
    return failure(path, "cannot open it");
  if (is_new)
    if (auto err = sync_folder(folder))
      return err;
  return file;
}

watermark_file::watermark_file(int fd) : fd_(fd) {}

watermark_file::watermark_file(watermark_file&& other) noexcept
  : fd_(std::exchange(other.fd_, -1)) {}

watermark_file::~watermark_file() {
  if (fd_ < 0)
    return;
  ::fsync(fd_);
  ::close(fd_);
}

error watermark_file::write(const watermark& x) {
  std::array<char, watermark_size + 1> text{};
  std::snprintf(text.data(), text.size(), "%020llu %s\n",
                static_cast<unsigned long long>(x.at), x.chain.hex().c_str());
  const auto written = ::pwrite(fd_, text.data(), watermark_size, 0);
  if (written != static_cast<ssize_t>(watermark_size))
    return failure("WATERMARK", "cannot write it");
  return {};
}

} // namespace fc::events::log
