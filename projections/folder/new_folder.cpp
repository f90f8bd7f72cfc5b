#include "projections/folder/new_folder.hpp"

#include "events/common/new_file.hpp"
#include "projections/folder/manifest.hpp"
#include "projections/registry.hpp"

#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <set>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fc::projections::folder {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using events::common::sync_folder;

namespace fs = std::filesystem;

namespace {

constexpr auto part_mark = events::common::new_file::part_mark;

error failed(std::string_view doing, const fs::path& path, int code) {
  return make_error(ec::storage_failure,
                    "cannot " + std::string{doing} + " " + path.string() + ": "
                      + std::generic_category().message(code));
}

error refuse(const fs::path& folder, const std::string& why) {
  return make_error(ec::invalid_argument, "folder " + folder.string() + " "
                                            + why + "; name another folder");
}

int open_folder(const fs::path& path) {
  return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/// What is in a folder; what could be read where that fails.
std::vector<fs::directory_entry>
entries_of(const fs::path& folder, std::error_code& code) {
  std::vector<fs::directory_entry> result;
  for (fs::directory_iterator at{folder, code}, end; !code && at != end;
       at.increment(code))
    result.push_back(*at);
  return result;
}

/// Names of what a rebuild may have put into a folder.
struct owned_names {
  explicit owned_names(const manifest& x) {
    names.insert(std::string{manifest_name});
    for (const auto& each : x.tables)
      names.insert(each.file);
  }

  /// Also of a set that was not finished.
  void add_unfinished(std::string_view kind) {
    names.insert(std::string{rows_name});
    for (const auto& each : registry())
      names.insert(std::string{each.name} + "." + std::string{kind});
  }

  /// Whether it is ours, or the beginning of a file of ours.
  bool has(const fs::directory_entry& x) const {
    std::error_code ignored;
    if (!x.is_regular_file(ignored) || x.is_symlink(ignored))
      return false;
    const auto name = x.path().filename().string();
    return names.contains(name.substr(0, name.find(part_mark)));
  }

  std::set<std::string> names;
};

/// Removes what is ours, the manifest last: cut short, it can be done again.
/// Then the folder, unless something else is in it.
void remove_ours(const fs::path& folder) {
  std::error_code ignored;
  const auto found = read_manifest(folder.string());
  const bool marked = found && *found;
  owned_names ours{marked ? **found : manifest{}};
  if (marked)
    ours.add_unfinished((*found)->kind);
  std::vector<fs::path> files;
  std::size_t others = 0;
  for (const auto& each : entries_of(folder, ignored))
    if (each.path().filename() != manifest_name && ours.has(each))
      files.push_back(each.path());
    else
      ++others;
  for (const auto& each : files)
    fs::remove(each, ignored);
  if (marked && others == 1)
    fs::remove(folder / manifest_name, ignored);
  ::rmdir(folder.c_str());
}

} // namespace

expected<fs::path> target_of(const std::string& folder) {
  std::error_code code;
  auto path = fs::absolute(folder, code).lexically_normal();
  if (path.filename().empty())
    path = path.parent_path();
  path = code ? path : fs::weakly_canonical(path, code);
  if (code || folder.empty())
    return make_error(ec::invalid_argument, "folder '" + folder
                                              + "' cannot be found; name "
                                                "another folder");
  if (!fs::is_directory(path.parent_path(), code))
    return make_error(ec::not_found, "folder " + path.parent_path().string()
                                       + " does not exist; make it first");
  return path;
}

error may_replace(const fs::path& target, std::string_view kind) {
  std::error_code code;
  const auto what = fs::status(target, code);
  if (what.type() == fs::file_type::not_found)
    return {};
  if (code)
    return failed("look at", target, code.value());
  if (what.type() != fs::file_type::directory)
    return make_error(ec::invalid_argument,
                      target.string() + " is not a folder; name another one");
  const auto entries = entries_of(target, code);
  if (code)
    return failed("read", target, code.value());
  if (entries.empty())
    return {};
  auto found = read_manifest(target.string());
  if (!found)
    return found.error();
  const auto quoted = [](const fs::directory_entry& x) {
    return "'" + x.path().filename().string() + "'";
  };
  if (!*found)
    return refuse(target, "has " + quoted(entries.front())
                            + " and no manifest of fcreplay");
  if ((*found)->kind != kind)
    return refuse(target, "has tables as " + (*found)->kind);
  const owned_names ours{**found};
  for (const auto& each : entries)
    if (!ours.has(each))
      return refuse(target,
                    "has " + quoted(each) + ", which is not of fcreplay");
  return {};
}

void remove_leftovers(const fs::path& target) {
  std::error_code ignored;
  const auto prefix = target.filename().string() + std::string{part_mark};
  std::vector<fs::path> left;
  for (const auto& each : entries_of(target.parent_path(), ignored))
    if (each.path().filename().string().starts_with(prefix)
        && each.is_directory(ignored) && !each.is_symlink(ignored))
      left.push_back(each.path());
  for (const auto& each : left) {
    const int fd = open_folder(each);
    if (fd < 0)
      continue;
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0)
      remove_ours(each);
    ::close(fd);
  }
}

expected<new_folder>
new_folder::create(fs::path target, std::string_view kind) {
  new_folder x;
  x.target_ = std::move(target);
  x.kind_ = kind;
  // Somebody who removes leftovers may take it for one before it is held.
  for (int attempts = 0; attempts < 3; ++attempts) {
    x.path_ = x.target_.string() + std::string{part_mark}
              + events::event_id::random().hex().substr(0, 12);
    if (::mkdir(x.path_.c_str(), 0777) != 0)
      return failed("make", x.path_, errno);
    x.lock_ = open_folder(x.path_);
    if (x.lock_ >= 0 && ::flock(x.lock_, LOCK_EX) == 0 && fs::exists(x.path_))
      break;
    if (x.lock_ >= 0)
      ::close(std::exchange(x.lock_, -1));
  }
  if (x.lock_ < 0)
    return failed("hold", x.path_, errno);
  std::error_code ignored;
  if (const auto old = fs::status(x.target_, ignored); fs::exists(old))
    fs::permissions(x.path_, old.permissions(), ignored);
  // From now on it is known as ours, whoever is killed.
  if (auto err = events::common::write_text(
        x / manifest_name, to_text(manifest{x.kind_, {}, {}, {}})))
    return err;
  return x;
}

new_folder::new_folder(new_folder&& other) noexcept
  : target_{std::move(other.target_)}, path_{std::move(other.path_)},
    kind_{std::move(other.kind_)}, lock_{std::exchange(other.lock_, -1)} {
  other.path_.clear();
}

new_folder::~new_folder() {
  if (!path_.empty())
    remove_ours(path_);
  if (lock_ >= 0)
    ::close(lock_);
}

std::string new_folder::operator/(std::string_view name) const {
  return (path_ / name).string();
}

error new_folder::exchange(swap_by how) {
  std::error_code ignored;
  if (!fs::exists(target_, ignored)) {
    if (::rename(path_.c_str(), target_.c_str()) != 0)
      return failed("rename a finished folder to", target_, errno);
    path_.clear();
    return {};
  }
  if (how == swap_by::exchange) {
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(),
                    RENAME_EXCHANGE)
        == 0)
      return {};
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
      return failed("put a finished folder in the place of", target_, errno);
  }
  const fs::path aside = path_.string() + "-old";
  if (::rename(target_.c_str(), aside.c_str()) != 0)
    return failed("rename", target_, errno);
  if (::rename(path_.c_str(), target_.c_str()) != 0) {
    auto err = failed("rename a finished folder to", target_, errno);
    ::rename(aside.c_str(), target_.c_str());
    return err;
  }
  path_ = aside;
  return {};
}

error new_folder::commit(swap_by how) {
  if (auto err = sync_folder(path_))
    return err;
  // What was put there meanwhile is not ours to remove.
  if (auto err = may_replace(target_, kind_))
    return err;
  if (auto err = exchange(how))
    return err;
  auto err = sync_folder(target_.parent_path());
  // What has the name now is the old folder.
  if (!path_.empty())
    remove_ours(std::exchange(path_, {}));
  return err;
}

} // namespace fc::projections::folder
