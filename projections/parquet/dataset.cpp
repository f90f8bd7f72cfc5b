#include "projections/parquet/dataset.hpp"

#include "events/catalog.hpp"
#include "events/common/bounded_file.hpp"
#include "events/common/new_file.hpp"
#include "projections/parquet/card.hpp"
#include "projections/parquet/folder_lock.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <sstream>
#include <tuple>
#include <unistd.h>

namespace fc::projections::parquet {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using events::common::new_file;
using events::common::read_text;
using events::common::write_text;

namespace {

namespace fs = std::filesystem;

/// Key of the metadata that lists a file's rows: `task_id digest` a line.
constexpr const char* index_key = "fc.index";
constexpr const char* card_name = "README.md";
constexpr std::string_view file_prefix = "formulacode@";
constexpr std::string_view file_suffix = ".parquet";

/// A published pull request before its row is read.
struct publication {
  events::pull_request_id id;
  events::stream_name stream;
  events::published event;
  events::position at = 0;
};

/// A row's name, kept while the row itself is not.
struct entry {
  std::string task_id;
  events::digest digest;
};

/// What a month's file should hold. Where that may differ from what is there,
/// it is written already, without a name until everything was checked.
struct month_file {
  std::vector<entry> rows;
  std::optional<parquet_writer> out;
};

/// Everything the folder should hold.
struct plan {
  std::map<std::string, month_file> months;
  card_facts card;
};

/// Row indices by month.
using month_indices = std::map<std::string, std::string>;

std::string index_line(const std::string& task, const events::digest& row) {
  return task + " " + row.hex() + "\n";
}

std::string index_of(const std::vector<entry>& rows) {
  std::string text;
  for (const auto& x : rows)
    text += index_line(x.task_id, x.digest);
  return text;
}

/// What is published and was not withdrawn.
struct publication_list {
  /// Of every stream the `published` in force, in the order of the rows.
  std::vector<publication> kept;
  /// Tasks that may leave the folder.
  std::set<std::string> withdrawn;
};

expected<publication_list>
publications(const events::log::log_reader& log, events::position until) {
  std::map<events::stream_name, publication> found;
  publication_list result;
  error failure;
  auto err = log.scan(1, [&](const events::record& at) {
    if (at.at > until)
      return false;
    if (at.tag == events::withdrawn::tag) {
      const auto event = events::event_in<events::withdrawn>(at);
      if (event)
        result.withdrawn.insert(event->task_id);
      else
        failure = event.error();
      found.erase(at.stream);
    }
    if (at.tag != events::published::tag || found.contains(at.stream))
      return !failure;
    auto event = events::event_in<events::published>(at);
    if (event)
      found[at.stream] = {{}, at.stream, std::move(*event), at.at};
    else
      failure = event.error();
    return !failure;
  });
  if (err)
    return err;
  if (failure)
    return failure;
  for (auto& [stream, x] : found) {
    const auto id = events::pull_request_of(stream);
    if (!id)
      return id.error();
    x.id = *id;
    result.kept.push_back(std::move(x));
  }
  std::ranges::sort(result.kept, {}, [](const publication& x) {
    return std::tuple{x.id.repo.owner(), x.id.repo.name(), x.id.number};
  });
  return result;
}

/// Whether a row is what its publication said.
error check(const publication& x, const dataset_row& row,
            const events::digest& digest) {
  const auto where = "record " + std::to_string(x.at) + " (" + x.stream + ")";
  if (row.log_position != x.at)
    return make_error(ec::corrupt, where
                                     + " is a publication that its stream does "
                                       "not have; verify the log");
  if (!x.event.task_id.empty() && x.event.task_id != row.task_id)
    return make_error(ec::corrupt, where + " publishes task '" + x.event.task_id
                                     + "', its stream makes '" + row.task_id
                                     + "'");
  const auto month = events::month_of(row.merged_at);
  if (!x.event.month.empty() && x.event.month != month)
    return make_error(ec::corrupt, where + " publishes for " + x.event.month
                                     + ", its stream says " + month);
  if (x.event.row && x.event.row != digest)
    return make_error(ec::corrupt, where + " publishes row " + x.event.row.hex()
                                     + ", its stream makes " + digest.hex()
                                     + "; use the program that published it");
  return {};
}

fs::path file_of(const fs::path& folder, const std::string& month) {
  return folder / "data"
         / (std::string{file_prefix} + month + std::string{file_suffix});
}

/// The row index of a file we wrote before.
expected<std::string> read_index(const fs::path& path) {
  const auto info = read_info(path.string());
  if (!info)
    return info.error();
  const auto index = info->metadata.find(index_key);
  if (index == info->metadata.end())
    return make_error(ec::refused, path.string()
                                     + " was not written by this program; move "
                                       "it away");
  if (std::ranges::count(index->second, '\n') != info->rows)
    return make_error(ec::corrupt, path.string() + " has "
                                     + std::to_string(info->rows)
                                     + " rows and an index of others");
  return index->second;
}

/// Every row of the old index is in the new one, unchanged, unless the log
/// withdrew it.
error check_kept(const fs::path& path, const std::string& old_index,
                 const std::vector<entry>& wanted,
                 const std::set<std::string>& withdrawn) {
  std::map<std::string, std::string> now;
  for (const auto& x : wanted)
    now[x.task_id] = x.digest.hex();
  std::istringstream lines{old_index};
  for (std::string task, digest; lines >> task >> digest;) {
    const auto kept = now.find(task);
    const bool same = kept != now.end() && kept->second == digest;
    if (same || withdrawn.contains(task))
      continue;
    const auto* what = kept == now.end() ? "would vanish" : "would change";
    return make_error(
      ec::refused, "published row " + task + " of " + path.string() + " " + what
                     + "; nothing was written: use the log it was "
                       "published from, or another folder");
  }
  return {};
}

/// Indices of the files that are there, by month.
expected<month_indices> existing(const fs::path& folder) {
  month_indices found;
  std::error_code code;
  for (const auto& file : fs::directory_iterator{folder / "data", code}) {
    const auto name = file.path().filename().string();
    if (name.find(new_file::part_mark) != std::string::npos) {
      fs::remove(file.path(), code); // of a killed program; we hold the lock
      continue;
    }
    if (!name.starts_with(file_prefix) || !name.ends_with(file_suffix))
      continue;
    auto index = read_index(file.path());
    if (!index)
      return index.error();
    found[name.substr(file_prefix.size(),
                      name.size() - file_prefix.size() - file_suffix.size())]
      = std::move(*index);
  }
  if (code)
    return make_error(ec::storage_failure, "cannot list "
                                             + (folder / "data").string() + ": "
                                             + code.message());
  return found;
}

/// Months whose file is there and holds, by what the publications say, the
/// wanted rows.
std::set<std::string>
unchanged_months(const std::vector<publication>& published,
                 const month_indices& have) {
  month_indices wanted;
  for (const auto& x : published)
    wanted[x.event.month] += index_line(x.event.task_id, x.event.row);
  std::set<std::string> result;
  // Older events do not say their month: then any month may have more rows.
  if (!wanted.contains(""))
    for (const auto& [month, index] : wanted)
      if (const auto old = have.find(month);
          old != have.end() && old->second == index)
        result.insert(month);
  return result;
}

error create_file(const fs::path& path, std::optional<parquet_writer>& out) {
  auto made = parquet_writer::create(path.string(), dataset_columns());
  if (!made)
    return made.error();
  out = std::move(*made);
  return {};
}

error finish_file(const fs::path& path, month_file& x) {
  if (!x.out)
    if (auto err = create_file(path, x.out))
      return err;
  x.out->put_metadata(index_key, index_of(x.rows));
  return x.out->finish();
}

void count(card_facts& card, const publication& x, const dataset_row& row) {
  ++card.rows;
  ++card.months[events::month_of(row.merged_at)];
  ++card.environments[row.environment];
  ++card.policies[row.policy_digest.hex()];
  ++card.admitted_by[x.event.admitted_by];
}

/// Reads every published stream once.
expected<plan>
make_plan(const events::log::log_reader& log, const fs::path& folder,
          const std::vector<publication>& published,
          const month_indices& have) {
  plan result;
  row_reader rows{log};
  std::set<std::string> tasks;
  const auto unchanged = unchanged_months(published, have);
  for (const auto& x : published) {
    const auto row = rows.read(x.stream);
    if (!row)
      return row.error();
    const auto digest = row_digest(*row);
    if (auto err = check(x, *row, digest))
      return err;
    if (!tasks.insert(row->task_id).second)
      return make_error(ec::refused, "two pull requests would be task '"
                                       + row->task_id + "'; the second is "
                                       + x.stream);
    const auto month = events::month_of(row->merged_at);
    auto& file = result.months[month];
    if (!file.out && !unchanged.contains(month))
      if (auto err = create_file(file_of(folder, month), file.out))
        return err;
    file.rows.push_back({row->task_id, digest});
    if (file.out)
      if (auto err = file.out->append(cells_of(*row)))
        return err;
    count(result.card, x, *row);
  }
  return result;
}

error make_folders(const fs::path& folder) {
  std::error_code code;
  for (const auto* name : {"data", "verified"})
    if (!code)
      fs::create_directories(folder / name, code);
  if (code)
    return make_error(ec::storage_failure, "cannot create the dataset folder "
                                             + folder.string() + ": "
                                             + code.message());
  return {};
}

/// The folder or, where it is not there yet, what it would be made in.
error check_writable(const fs::path& folder) {
  std::error_code code;
  auto at = fs::absolute(folder, code).lexically_normal();
  while (!fs::exists(fs::symlink_status(at, code)) && at.has_relative_path())
    at = at.parent_path();
  const char* why = nullptr;
  if (!fs::is_directory(at, code))
    why = "is not a folder";
  else if (::access(at.c_str(), W_OK | X_OK) != 0)
    why = "cannot be written";
  return why == nullptr
           ? error{}
           : make_error(ec::storage_failure, "cannot create the dataset folder "
                                               + folder.string() + ": "
                                               + at.string() + " " + why);
}

/// A card of ours says that all is ours; without one there may be only what a
/// killed program had made by then, and what belongs to git.
error check_foreign(const fs::path& folder) {
  const auto foreign = [&](const std::string& name) {
    return make_error(ec::refused,
                      "folder " + folder.string() + " has '" + name
                        + "', which is of no dataset; name another "
                          "folder");
  };
  std::error_code code;
  const auto card = folder / card_name;
  if (fs::exists(card, code)) {
    const auto text = fs::is_regular_file(card, code)
                        ? events::common::read_file(card.string(), "the card")
                        : std::string{};
    return text && is_dataset_card(*text) ? error{} : foreign(card_name);
  }
  for (fs::directory_iterator it{folder, code}, end; !code && it != end;
       it.increment(code)) {
    const auto name = it->path().filename().string();
    if (name != "data" && name != "verified" && !name.starts_with('.')
        && !name.starts_with(card_name + std::string{new_file::part_mark}))
      return foreign(name);
  }
  return {};
}

/// The card and the empty table of what humans have checked.
error write_rest(const fs::path& folder, const card_facts& card) {
  const auto verified = folder / "verified" / "formulacode.parquet";
  std::error_code code;
  if (!fs::exists(verified, code))
    if (month_file none; auto err = finish_file(verified, none))
      return err;
  const auto path = (folder / card_name).string();
  const auto text = dataset_card(card);
  const auto old = read_text(path);
  if (old && *old == text)
    return {};
  if (!old && events::code_of(old.error()) != ec::not_found)
    return old.error();
  return write_text(path, text);
}

} // namespace

error check_dataset_folder(const std::string& folder) {
  if (auto err = check_writable(folder))
    return err;
  return check_foreign(folder);
}

expected<dataset_report>
write_dataset(const events::log::log_reader& log, const std::string& folder,
              const dataset_options& options) {
  if (auto err = check_dataset_folder(folder))
    return err;
  if (auto err = make_folders(folder))
    return err;
  const auto lock = folder_lock::take(folder);
  if (!lock)
    return lock.error();
  const auto last = log.last();
  const auto until = options.until == 0 ? last : std::min(options.until, last);
  const auto published = publications(log, until);
  if (!published)
    return published.error();
  const auto have = existing(folder);
  if (!have)
    return have.error();
  auto wanted = make_plan(log, folder, published->kept, *have);
  if (!wanted)
    return wanted.error();
  // A month that lost its only row keeps an empty file: readers know it.
  for (const auto& [month, index] : *have)
    if (auto err = check_kept(file_of(folder, month), index,
                              wanted->months[month].rows, published->withdrawn))
      return err;
  dataset_report report{until, wanted->card.rows, {}, {}};
  for (auto& [month, file] : wanted->months) {
    const auto old = have->find(month);
    if (old != have->end() && old->second == index_of(file.rows)) {
      report.untouched.push_back(month);
      continue;
    }
    if (auto err = finish_file(file_of(folder, month), file))
      return err;
    report.written.push_back(month);
  }
  wanted->card.until = until;
  wanted->card.license = options.license;
  if (auto err = write_rest(folder, wanted->card))
    return err;
  return report;
}

} // namespace fc::projections::parquet
