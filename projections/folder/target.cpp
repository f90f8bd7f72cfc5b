#include "projections/folder/target.hpp"

#include "events/common/new_file.hpp"
#include "projections/folder/manifest.hpp"
#include "projections/folder/new_folder.hpp"
#include "projections/folder/table_file.hpp"
#include "projections/registry.hpp"
#include "projections/sqlite/dump.hpp"
#include "projections/sqlite/rows.hpp"
#include "projections/sqlite/store.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace fc::projections::folder {

using events::ec;
using events::error;
using events::expected;
using events::make_error;

namespace {

std::string_view kind_of(format x) {
  return x == format::jsonl ? "jsonl" : "parquet";
}

expected<events::digest> sha256_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  events::sha256_stream sum;
  std::array<char, 65536> part{};
  while (in) {
    in.read(part.data(), part.size());
    sum.add(
      events::as_bytes({part.data(), static_cast<std::size_t>(in.gcount())}));
  }
  if (!in.eof())
    return make_error(ec::storage_failure, "cannot read " + path);
  return sum.end();
}

/// Whether all tables are there, of these projections, and of this log as it is
/// now.
expected<bool>
is_current(const events::log::log_reader& log,
           const std::filesystem::path& folder, const manifest& x) {
  const auto same = [](const table_entry& a, const table_projection& b) {
    return a.name == b.name && a.version == b.version;
  };
  if (x.up_to.at != log.last()
      || !std::ranges::equal(x.tables, registry(), same))
    return false;
  std::error_code ignored;
  for (const auto& each : x.tables)
    if (!std::filesystem::exists(folder / each.file, ignored))
      return false;
  return continues(log, x.up_to);
}

class folder_target final : public table_target {
public:
  folder_target(const events::log::log_reader& log, std::string folder,
                format files)
    : log_{log}, folder_{std::move(folder)}, files_{files} {}

  std::string name() const override {
    return folder_;
  }

  expected<rebuild_result> rebuild() override {
    auto target = target_of(folder_);
    if (!target)
      return target.error();
    // Refuse before the work rather than after it.
    if (auto err = may_replace(*target, kind_of(files_)))
      return err;
    remove_leftovers(*target);
    auto result = write(*target);
    if (!result && events::code_of(result.error()) == ec::storage_failure)
      return make_error(ec::storage_failure, text_of(result.error()) + "; "
                                               + folder_ + " is as it was");
    return result;
  }

  expected<follow_result> follow() override {
    auto target = target_of(folder_);
    if (!target)
      return target.error();
    if (auto err = may_replace(*target, kind_of(files_)))
      return err;
    auto found = read_manifest(target->string());
    if (!found)
      return found.error();
    if (*found) {
      auto current = is_current(log_, *target, **found);
      if (!current)
        return current.error();
      if (*current)
        return follow_result{(*found)->up_to, 0, {}, false};
    }
    auto done = rebuild();
    if (!done)
      return done.error();
    return follow_result{done->up_to, done->up_to.at, {}, true};
  }

private:
  /// Without the code in front.
  static std::string text_of(const error& x) {
    const auto text = events::describe(x);
    return text.substr(text.find(' ') + 1);
  }

  expected<table_entry>
  write_table(const new_folder& to, const table_projection& x) const {
    table_entry result{std::string{x.name},
                       x.version,
                       std::string{x.name} + "." + std::string{kind_of(files_)},
                       0,
                       {}};
    const auto path = to / result.file;
    auto file = files_ == format::jsonl ? create_jsonl(path, *x.rows)
                                        : create_parquet(path, *x.rows);
    if (!file)
      return file.error();
    if (auto err
        = sqlite::read_rows(to / rows_name, *x.rows, [&](const row& cells) {
            ++result.rows;
            return (*file)->add(cells);
          }))
      return err;
    if (auto err = (*file)->finish())
      return err;
    auto sum = sha256_of(path);
    if (!sum)
      return sum.error();
    result.sha256 = *sum;
    return result;
  }

  expected<rebuild_result> write(const std::filesystem::path& target) const {
    auto to = new_folder::create(target, kind_of(files_));
    if (!to)
      return to.error();
    // Rows come in the order of the log and are wanted by key.
    auto up_to = sqlite::collect(log_, *to / rows_name);
    if (!up_to)
      return up_to.error();
    auto sums = sqlite::dump_tables(*to / rows_name);
    if (!sums)
      return sums.error();
    manifest contents{std::string{kind_of(files_)}, *up_to, sums->sha256, {}};
    rebuild_result result{*up_to, {}, sums->sha256, "tables"};
    for (const auto& each : registry()) {
      auto entry = write_table(*to, each);
      if (!entry)
        return entry.error();
      result.tables.push_back({entry->name, entry->rows});
      contents.tables.push_back(std::move(*entry));
    }
    std::error_code code;
    std::filesystem::remove(*to / rows_name, code);
    if (code)
      return make_error(ec::storage_failure, "cannot remove "
                                               + (*to / rows_name) + ": "
                                               + code.message());
    if (auto err
        = events::common::write_text(*to / manifest_name, to_text(contents)))
      return err;
    if (auto err = to->commit())
      return err;
    return result;
  }

  const events::log::log_reader& log_;
  std::string folder_;
  format files_;
};

} // namespace

std::unique_ptr<table_target> open_target(const events::log::log_reader& log,
                                          std::string folder, format files) {
  return std::make_unique<folder_target>(log, std::move(folder), files);
}

} // namespace fc::projections::folder
