#include "events/log/fault.hpp"
#include "events/log/folder.hpp"
#include "events/log/format_version.hpp"
#include "events/log/maintenance/maintenance.hpp"
#include "events/log/maintenance/survey.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <utility>

namespace fc::events::log {

namespace fs = std::filesystem;

namespace {

/// The writer may remove files between our looking and copying.
constexpr int attempts = 5;

constexpr const char* restoring_suffix = ".restoring";

std::uint64_t size_of(const fs::path& folder) {
  std::uint64_t size = 0;
  std::error_code code;
  for (const auto& each : fs::recursive_directory_iterator{folder, code})
    size += each.is_regular_file(code) ? each.file_size(code) : 0;
  return size;
}

std::string number_of(std::uint32_t id, const std::string& folder) {
  return "backup " + std::to_string(id) + " in " + folder;
}

/// What a backup's note says: the end of the log that it must at least hold.
///
///   note ::= position " " chain:64 hex digits
std::string note_of(const log_end& end) {
  return std::to_string(end.last) + " " + end.chain.hex();
}

std::optional<log_end> parse_note(std::string_view note) {
  log_end end;
  const auto [rest, code]
    = std::from_chars(note.data(), note.data() + note.size(), end.last);
  const auto used = static_cast<std::size_t>(rest - note.data());
  if (code != std::errc{} || used >= note.size() || note[used] != ' ')
    return std::nullopt;
  auto chain = digest::from_hex(note.substr(used + 1));
  if (!chain)
    return std::nullopt;
  end.chain = *chain;
  return end;
}

/// Whether a record is in a log, the same as it was.
bool holds(const log_storage& log, position last, const log_end& end) {
  if (end.last == 0 || end.last > last)
    return end.last == 0;
  bool same = false;
  const auto err = log.scan(end.last, end.last, [&](const record& x) {
    same = x.chain == end.chain;
    return false;
  });
  return !err && same;
}

/// Reads a copy of a log, wherever it lies.
expected<backup_report>
prove(const log_storage& copy, const std::string& name, const log_end& least) {
  auto found = survey(copy, blob_check::whole);
  if (!found)
    return found.error();
  if (!found->whole())
    return make_error(
      ec::corrupt,
      name + ": " + (found->broken.empty() ? found->index : found->broken));
  if (!holds(copy, found->end.last, least))
    return make_error(ec::corrupt,
                      name + ": ends at " + std::to_string(found->end.last)
                        + " without record " + std::to_string(least.last)
                        + " of the log");
  backup_report report;
  report.last = found->end.last;
  report.streams = found->streams;
  report.blobs = found->blobs.size() - found->lost.size();
  for (const auto& each : found->lost)
    report.lost_blobs.push_back(to_string(each));
  return report;
}

bool has_backups(const fs::path& folder) {
  std::error_code code;
  return fs::is_directory(folder / "meta", code)
         && fs::is_directory(folder / "private", code);
}

/// A folder that is made, or holds backups and nothing else.
error check_backup_folder(const std::string& folder) {
  std::error_code code;
  if (!fs::exists(folder, code))
    return make_folder(folder);
  std::size_t files = 0;
  if (fs::is_directory(folder, code))
    for (const auto& each : fs::directory_iterator{folder, code})
      files += each.path().filename() == "LOCK" ? 0 : 1;
  else
    files = 1;
  if (files == 0 || has_backups(folder))
    return {};
  return make_error(ec::invalid_argument,
                    folder
                      + ": holds files but no backups; name an empty or a new "
                        "folder");
}

/// The backups of one folder must be of one log, each longer than the last.
error check_same_log(const std::string& folder, const log_storage& log,
                     position last) {
  if (!has_backups(folder))
    return {};
  auto known = backups_in(folder);
  if (!known)
    return known.error();
  if (known->empty())
    return {};
  const auto end = parse_note(known->back().note);
  if (end && holds(log, last, *end))
    return {};
  return make_error(ec::invalid_argument,
                    number_of(known->back().id, folder)
                      + " holds what this log does not, or is of another log; "
                        "name a new folder");
}

/// The log as it is now, opened for one backup of it.
expected<log_storage> open_source(const std::string& path) {
  // Says what is wrong with a log in the words of any reader.
  if (auto log = open_rocksdb_reader(path); !log)
    return log.error();
  auto opened = database::open_reader(path);
  if (!opened)
    return opened.error();
  return log_storage{std::move(*opened)};
}

/// Blobs that were lost on the way rather than before.
error check_lost(const log_storage& source, const backup_report& report,
                 const std::string& name) {
  if (report.lost_blobs.empty())
    return {};
  auto found = survey(source, blob_check::whole);
  if (!found)
    return found.error();
  for (const auto& blob : report.lost_blobs)
    if (std::ranges::none_of(found->lost, [&](const lost_blob& x) {
          return to_string(x) == blob;
        }))
      return make_error(ec::corrupt, name + ": " + blob);
  return {};
}

expected<backup_report>
try_backup(const std::string& path, const std::string& folder) {
  auto source = open_source(path);
  if (!source)
    return source.error();
  auto end = source->verified_end(1);
  if (!end)
    return end.error();
  if (auto err = check_same_log(folder, *source, end->last))
    return err;
  auto id = source->rows().back_up(folder, note_of(*end));
  if (!id)
    return id.error();
  const auto name = number_of(*id, folder);
  auto report = [&]() -> expected<backup_report> {
    auto opened = database::open_backup(folder, *id);
    if (!opened)
      return opened.error();
    auto proved = prove(log_storage{std::move(*opened)}, name, *end);
    if (proved)
      if (auto err = check_lost(*source, *proved, name))
        return err;
    return proved;
  }();
  if (report)
    report->number = *id;
  else if (auto err = drop_backup(folder, *id))
    return err;
  return report;
}

/// What the backup that is asked for must hold.
expected<backup_entry> choose(const std::string& folder, std::uint32_t number) {
  if (!has_backups(folder))
    return make_error(ec::not_found, folder + ": there are no backups here");
  auto known = backups_in(folder);
  if (!known)
    return known.error();
  const auto i = number == 0
                   ? (known->empty() ? known->end() : known->end() - 1)
                   : std::ranges::find(*known, number, &backup_entry::id);
  if (i != known->end())
    return *i;
  if (number == 0)
    return make_error(ec::not_found, folder + ": no backup can be read");
  return make_error(ec::not_found,
                    number_of(number, folder)
                      + " is not there, or cannot be read; there are "
                      + std::to_string(known->size()) + " others");
}

/// Proves a restored log and makes it one that a writer can open.
expected<backup_report> settle(const std::string& fresh,
                               const std::string& name, const log_end& least) {
  log_end end;
  auto report = [&]() -> expected<backup_report> {
    auto opened = database::open_reader(fresh);
    if (!opened)
      return opened.error();
    if (auto err = check_format_version(*opened, fresh))
      return err;
    const log_storage storage{std::move(*opened)};
    auto last = storage.verified_end(1);
    if (!last)
      return last.error();
    end = *last;
    return prove(storage, name, least);
  }();
  if (!report)
    return make_error(code_of(report.error()),
                      text_of(report.error())
                        + "; name an older one by --number");
  {
    auto mark = watermark_file::open(fresh);
    if (!mark)
      return mark.error();
    if (auto err = mark->write({end.last, end.chain}))
      return err;
  }
  if (auto log = open_rocksdb_log({fresh, false, system_now}); !log)
    return log.error();
  return report;
}

} // namespace

expected<backup_report>
back_up(const std::string& path, const std::string& folder) {
  if (auto log = open_rocksdb_reader(path); !log)
    return log.error();
  if (lies_in(folder, path))
    return make_error(ec::invalid_argument,
                      folder + ": lies in the log " + path
                        + ", which a backup is to outlive; name a folder "
                          "elsewhere");
  if (auto err = check_backup_folder(folder))
    return err;
  auto lock = database_lock::take(folder);
  if (!lock)
    return lock.error();
  const auto before = size_of(folder);
  for (int attempt = 1;; ++attempt) {
    auto report = try_backup(path, folder);
    if (report)
      report->added = size_of(folder) - std::min(before, size_of(folder));
    if (report || code_of(report.error()) == ec::invalid_argument
        || attempt == attempts)
      return report;
  }
}

expected<backup_report> restore(const std::string& folder, std::uint32_t number,
                                const std::string& given) {
  const auto path = without_links(given).string();
  auto found = folder_state_at(path);
  if (!found)
    return found.error();
  if (*found != folder_state::absent)
    return make_error(ec::invalid_argument,
                      path + ": is there already; name a new folder");
  auto chosen = choose(folder, number);
  if (!chosen)
    return chosen.error();
  if (lies_in(path, folder))
    return make_error(ec::invalid_argument,
                      path + ": lies in the folder of backups " + folder
                        + "; name a folder elsewhere");
  const auto name = number_of(chosen->id, folder);
  const auto least = parse_note(chosen->note);
  if (!least)
    return make_error(ec::corrupt, name + ": was not made by fcreplay");
  const auto fresh = path + restoring_suffix;
  if (auto err = renew_folder(fresh))
    return err;
  if (auto err = restore_backup(folder, chosen->id, fresh))
    return make_error(code_of(err), name + ": " + text_of(err)
                                      + "; name an older one by --number");
  auto report = settle(fresh, name, *least);
  if (!report)
    return report;
  report->number = chosen->id;
  if (auto err = move_folder(fresh, path))
    return err;
  return report;
}

} // namespace fc::events::log
