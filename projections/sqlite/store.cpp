#include "projections/sqlite/store.hpp"

#include "projections/sqlite/table_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace fc::projections::sqlite {

using events::ec;
using events::error;
using events::expected;
using events::make_error;

namespace fs = std::filesystem;

namespace {

using database_ptr = std::unique_ptr<database>;

/// A file beside the target that is gone at the end, whatever happens.
class scratch_file {
public:
  scratch_file(const fs::path& target, std::string_view purpose)
    : path_{target.string() + "." + std::string{purpose} + "-"
            + events::event_id::random().hex().substr(0, 12)} {}
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;
  ~scratch_file() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  const std::string& path() const {
    return path_;
  }

private:
  std::string path_;
};

error os_failure(std::string_view doing, const std::string& path, int code) {
  return make_error(ec::storage_failure, "table file " + path + " ("
                                           + std::string{doing}
                                           + "): " + std::strerror(code));
}

error sync(const std::string& path) {
  const int handle = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (handle < 0)
    return os_failure("open", path, errno);
  const int result = ::fsync(handle);
  const int code = errno;
  ::close(handle);
  return result == 0 ? error{} : os_failure("fsync", path, code);
}

/// The file behind links, where its folder exists.
expected<fs::path> target_of(const std::string& file) {
  std::error_code code;
  const auto whole = fs::absolute(file, code);
  const auto path = code ? whole : fs::weakly_canonical(whole, code);
  if (code)
    return make_error(ec::invalid_argument,
                      "table file '" + file + "' cannot be found: "
                        + code.message() + "; name another file");
  if (fs::is_directory(path, code))
    return make_error(ec::invalid_argument,
                      "table file '" + file
                        + "' is a folder; name a file in it");
  if (!fs::is_directory(path.parent_path(), code))
    return make_error(ec::not_found, "folder " + path.parent_path().string()
                                       + " of the table file does not exist; "
                                         "make it first");
  return path;
}

bool has_content(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored) && !fs::is_empty(file, ignored);
}

/// Opens an existing file of ours for writing.
expected<database_ptr> open_ours(const fs::path& file, const file_options& o) {
  auto result = database::open(file.string(), access::write, o.patience);
  if (!result)
    return result;
  auto id = (*result)->number("PRAGMA application_id");
  if (!id)
    return id.error();
  if (*id != application_id)
    return make_error(ec::invalid_argument,
                      "file " + file.string()
                        + " is a database of another program; name another "
                          "file");
  return result;
}

/// Writes rows anew in key order: equal tables become equal bytes.
error pack(const std::string& file, const std::string& packed) {
  auto from = database::open(file, access::read, {});
  if (!from)
    return from.error();
  auto into = (*from)->prepare("VACUUM INTO ?");
  if (!into)
    return into.error();
  into->bind(1, cell{packed});
  auto done = into->step();
  return done ? error{} : done.error();
}

/// Puts a finished file in the place of another. The lock keeps a writer from
/// being in the middle of a change, whose journal would spoil the new file.
error swap_in(const std::string& finished, const fs::path& target,
              const file_options& options) {
  if (auto err = sync(finished))
    return err;
  database_ptr old;
  if (has_content(target)) {
    auto opened = open_ours(target, options);
    if (!opened)
      return opened.error();
    old = std::move(*opened);
    if (auto err = old->run("BEGIN IMMEDIATE"))
      return err;
  }
  if (::rename(finished.c_str(), target.c_str()) != 0)
    return os_failure("rename", target.string(), errno);
  return sync(target.parent_path().string());
}

} // namespace

expected<checkpoint>
collect(const events::log::log_reader& log, const std::string& file) {
  auto to = database::open(file, access::create, {});
  if (!to)
    return to.error();
  // The file is thrown away if anything fails, so nothing need be undone.
  if (auto err
      = (*to)->run("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF;"
                   "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
                   "PRAGMA secure_delete = ON; PRAGMA application_id = "
                   + std::to_string(application_id) + "; BEGIN"))
    return err;
  table_file tables{**to};
  if (auto err = tables.create())
    return err;
  return project(log, {}, tables);
}

expected<store_report>
rebuild(const events::log::log_reader& log, const std::string& file,
        const file_options& options) {
  auto target = target_of(file);
  if (!target)
    return target.error();
  // Refuse before the work rather than after it.
  if (has_content(*target))
    if (auto old = open_ours(*target, options); !old)
      return old.error();
  const scratch_file loose{*target, "fill"};
  const scratch_file packed{*target, "pack"};
  auto up_to = collect(log, loose.path());
  if (!up_to)
    return up_to.error();
  if (auto err = pack(loose.path(), packed.path()))
    return err;
  if (auto err = swap_in(packed.path(), *target, options))
    return err;
  return store_report{*up_to, true};
}

expected<store_report>
follow(const events::log::log_reader& log, const std::string& file,
       const file_options& options) {
  auto target = target_of(file);
  if (!target)
    return target.error();
  if (!has_content(*target))
    return rebuild(log, file, options);
  auto opened = open_ours(*target, options);
  if (!opened)
    return opened.error();
  auto& to = **opened;
  if (auto err = to.run("BEGIN IMMEDIATE"))
    return err;
  table_file tables{to};
  auto before = tables.state();
  if (!before)
    return before.error();
  if (*before) {
    auto same = continues(log, **before);
    if (!same)
      return same.error();
    if (*same && (*before)->at == log.last())
      return store_report{**before, false};
    if (*same) {
      auto up_to = project(log, **before, tables, options.memory);
      if (!up_to)
        return up_to.error();
      return store_report{*up_to, false};
    }
  }
  if (auto err = to.run("ROLLBACK"))
    return err;
  return rebuild(log, file, options);
}

} // namespace fc::projections::sqlite
