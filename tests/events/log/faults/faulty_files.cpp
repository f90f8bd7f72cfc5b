#include "tests/events/log/faults/faulty_files.hpp"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace fc::events::log {

namespace {

namespace fs = std::filesystem;
using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

/// How much of a file is safe.
struct file_state {
  std::uint64_t written = 0;
  std::uint64_t synced = 0;
};

using file_ptr = std::shared_ptr<file_state>;

/// A name that came, or that was taken away, since the folder was synced; a
/// rename is one of each.
struct name_change {
  fs::path name;
  file_ptr file;
  std::optional<fs::path> kept; ///< Where the removed file still is.
  bool with_next = false;       ///< Both or none: they are one rename.
};

std::size_t up_to(std::mt19937_64& dice, std::size_t max) {
  return std::uniform_int_distribution<std::size_t>{0, max}(dice);
}

/// Leaves `kept` bytes of what was written, and something for the rest.
void spoil(const fs::path& file, std::uint64_t kept, std::uint64_t all,
           std::mt19937_64* garbage) {
  fs::resize_file(file, kept);
  if (garbage == nullptr) {
    fs::resize_file(file, all);
    return;
  }
  std::ofstream out{file, std::ios::binary | std::ios::app};
  for (; kept < all; ++kept)
    out.put(static_cast<char>((*garbage)()));
}

} // namespace

// -- what is safe -------------------------------------------------------------

class faulty_files::disk {
public:
  explicit disk(const fs::path& folder)
    : folder_(folder), graveyard_(folder.string() + ".removed") {}

  ~disk() {
    std::error_code ignored;
    fs::remove_all(graveyard_, ignored);
  }

  void plan(const disk_fault& fault, std::mt19937_64& dice) {
    const std::scoped_lock lock{mutex_};
    fault_ = fault;
    dice_.seed(dice());
    done_ = 0;
    struck_ = false;
  }

  std::size_t operations() const {
    const std::scoped_lock lock{mutex_};
    return done_;
  }

  bool has_struck() const {
    const std::scoped_lock lock{mutex_};
    return struck_;
  }

  /// Counts an operation. @returns why it is refused.
  IOStatus pass() {
    const std::scoped_lock lock{mutex_};
    return count();
  }

  /// @param part Set to what is written of refused bytes.
  IOStatus pass_append(std::size_t size, std::size_t& part) {
    const std::scoped_lock lock{mutex_};
    auto status = count();
    part = status.ok()                              ? size
           : fault_.tears && size > 0 && !is_gone() ? up_to(dice_, size)
                                                    : 0;
    return status;
  }

  void wrote(file_state& file, std::size_t size) {
    const std::scoped_lock lock{mutex_};
    file.written += size;
  }

  void truncated(file_state& file, std::uint64_t size) {
    const std::scoped_lock lock{mutex_};
    file.written = size;
    file.synced = std::min(file.synced, size);
  }

  void synced(file_state& file) {
    const std::scoped_lock lock{mutex_};
    file.synced = file.written;
  }

  void synced_names() {
    const std::scoped_lock lock{mutex_};
    changes_.clear();
  }

  file_ptr created(const fs::path& name) {
    const std::scoped_lock lock{mutex_};
    auto file = std::make_shared<file_state>();
    files_[name] = file;
    changes_.push_back({name, file, std::nullopt, false});
    return file;
  }

  /// To be called before: keeps a second name of the file.
  void removing(const fs::path& name) {
    const std::scoped_lock lock{mutex_};
    take_away(name, false);
  }

  void renaming(const fs::path& from, const fs::path& to) {
    const std::scoped_lock lock{mutex_};
    const auto file = state_of(from);
    if (fs::exists(to))
      take_away(to, true);
    take_away(from, true);
    files_[to] = file;
    changes_.push_back({to, file, std::nullopt, false});
  }

  bool cut_power(unsynced how, std::mt19937_64& dice) {
    const std::scoped_lock lock{mutex_};
    bool lost = undo_names(dice);
    for (const auto& [name, file] : files_)
      lost = cut(name, *file, how, dice) || lost;
    files_.clear();
    changes_.clear();
    return lost;
  }

private:
  bool is_gone() const {
    return struck_ && done_ > fault_.at + 1;
  }

  IOStatus count() {
    const auto at = done_++;
    if (at < fault_.at || at - fault_.at >= fault_.refused)
      return IOStatus::OK();
    struck_ = true;
    if (!fault_.full)
      return IOStatus::IOError("injected", "Input/output error");
    auto status = IOStatus::NoSpace("injected", "No space left on device");
    // As RocksDB's own file system has it.
    status.SetRetryable(true);
    return status;
  }

  /// A file that was there before is safe as a whole.
  file_ptr state_of(const fs::path& name) {
    const auto known = files_.find(name);
    if (known != files_.end())
      return known->second;
    auto file = std::make_shared<file_state>();
    file->written = file->synced = fs::file_size(name);
    return file;
  }

  void take_away(const fs::path& name, bool with_next) {
    fs::create_directory(graveyard_);
    const auto kept = graveyard_ / std::to_string(buried_++);
    fs::create_hard_link(name, kept);
    changes_.push_back({name, state_of(name), kept, with_next});
    files_.erase(name);
  }

  /// Takes back what was done to names, from the last one to a random one.
  bool undo_names(std::mt19937_64& dice) {
    const auto kept = up_to(dice, changes_.size());
    bool lost = false;
    while (changes_.size() > kept
           || (!changes_.empty() && changes_.back().with_next)) {
      const auto& last = changes_.back();
      fs::remove(last.name);
      files_.erase(last.name);
      if (last.kept) {
        fs::create_hard_link(*last.kept, last.name);
        files_[last.name] = last.file;
      }
      changes_.pop_back();
      lost = true;
    }
    return lost;
  }

  static bool cut(const fs::path& name, const file_state& file, unsynced how,
                  std::mt19937_64& dice) {
    if (file.written == file.synced)
      return false;
    // All of them half the time: an append that failed may be there.
    const auto kept = how == unsynced::dropped ? file.synced
                      : up_to(dice, 1) == 0
                        ? file.written
                        : file.synced + up_to(dice, file.written - file.synced);
    if (how == unsynced::zeroed || how == unsynced::garbled)
      spoil(name, kept, file.written,
            how == unsynced::garbled ? &dice : nullptr);
    else
      fs::resize_file(name, kept);
    return kept < file.written;
  }

  fs::path folder_;
  fs::path graveyard_;
  mutable std::mutex mutex_;
  std::mt19937_64 dice_;
  disk_fault fault_;
  std::size_t done_ = 0;
  bool struck_ = false;
  std::map<fs::path, file_ptr> files_;
  std::vector<name_change> changes_;
  std::size_t buried_ = 0;
};

// -- files --------------------------------------------------------------------

namespace {

template <class Disk>
class faulty_file final : public rocksdb::FSWritableFileOwnerWrapper {
public:
  faulty_file(std::shared_ptr<Disk> disk, file_ptr state,
              std::unique_ptr<rocksdb::FSWritableFile> real)
    : FSWritableFileOwnerWrapper(std::move(real)), disk_(std::move(disk)),
      state_(std::move(state)) {}

  IOStatus Append(const Slice& data, const IOOptions& options,
                  IODebugContext* debug) override {
    std::size_t part = 0;
    auto refused = disk_->pass_append(data.size(), part);
    if (part > 0) {
      auto status = target()->Append({data.data(), part}, options, debug);
      if (!status.ok())
        return status;
      disk_->wrote(*state_, part);
    }
    return refused;
  }

  IOStatus
  Append(const Slice& data, const IOOptions& options,
         const rocksdb::DataVerificationInfo&, IODebugContext* debug) override {
    return Append(data, options, debug);
  }

  IOStatus Truncate(std::uint64_t size, const IOOptions& options,
                    IODebugContext* debug) override {
    auto status = disk_->pass();
    if (status.ok())
      status = target()->Truncate(size, options, debug);
    if (status.ok())
      disk_->truncated(*state_, size);
    return status;
  }

  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    auto status = disk_->pass();
    if (status.ok())
      disk_->synced(*state_);
    return status;
  }

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    auto refused = disk_->pass();
    auto status = target()->Close(options, debug);
    return refused.ok() ? status : refused;
  }

private:
  std::shared_ptr<Disk> disk_;
  file_ptr state_;
};

template <class Disk>
class faulty_folder final : public rocksdb::FSDirectoryWrapper {
public:
  faulty_folder(std::shared_ptr<Disk> disk,
                std::unique_ptr<rocksdb::FSDirectory> real)
    : FSDirectoryWrapper(std::move(real)), disk_(std::move(disk)) {}

  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    auto status = disk_->pass();
    if (status.ok())
      disk_->synced_names();
    return status;
  }

  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions&) override {
    return Fsync(options, debug);
  }

private:
  std::shared_ptr<Disk> disk_;
};

} // namespace

class faulty_files::file_system final : public rocksdb::FileSystemWrapper {
public:
  explicit file_system(std::shared_ptr<disk> x)
    : FileSystemWrapper(rocksdb::FileSystem::Default()), disk_(std::move(x)) {}

  const char* Name() const override {
    return "faulty_files";
  }

  IOStatus NewWritableFile(const std::string& name, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result,
                           IODebugContext* debug) override {
    auto status = disk_->pass();
    if (!status.ok())
      return status;
    if (fs::exists(name)) {
      disk_->removing(name);
      fs::remove(name);
    }
    std::unique_ptr<rocksdb::FSWritableFile> real;
    status = target()->NewWritableFile(name, options, &real, debug);
    if (status.ok())
      *result = std::make_unique<faulty_file<disk>>(disk_, disk_->created(name),
                                                    std::move(real));
    return status;
  }

  // The log's settings lead to none of these; silently safe files would be
  // worse than a refusal.
  IOStatus ReopenWritableFile(const std::string&, const FileOptions&,
                              std::unique_ptr<rocksdb::FSWritableFile>*,
                              IODebugContext*) override {
    return IOStatus::NotSupported("reopening a file");
  }

  IOStatus
  ReuseWritableFile(const std::string&, const std::string&, const FileOptions&,
                    std::unique_ptr<rocksdb::FSWritableFile>*,
                    IODebugContext*) override {
    return IOStatus::NotSupported("reusing a file");
  }

  IOStatus NewRandomRWFile(const std::string&, const FileOptions&,
                           std::unique_ptr<rocksdb::FSRandomRWFile>*,
                           IODebugContext*) override {
    return IOStatus::NotSupported("writing a file in place");
  }

  IOStatus Truncate(const std::string&, size_t, const IOOptions&,
                    IODebugContext*) override {
    return IOStatus::NotSupported("cutting a file");
  }

  IOStatus LinkFile(const std::string&, const std::string&, const IOOptions&,
                    IODebugContext*) override {
    return IOStatus::NotSupported("linking a file");
  }

  IOStatus NewDirectory(const std::string& name, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* result,
                        IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSDirectory> real;
    auto status = target()->NewDirectory(name, options, &real, debug);
    if (status.ok())
      *result = std::make_unique<faulty_folder<disk>>(disk_, std::move(real));
    return status;
  }

  IOStatus DeleteFile(const std::string& name, const IOOptions& options,
                      IODebugContext* debug) override {
    auto status = disk_->pass();
    if (!status.ok())
      return status;
    if (fs::exists(name))
      disk_->removing(name);
    return target()->DeleteFile(name, options, debug);
  }

  IOStatus
  RenameFile(const std::string& from, const std::string& to,
             const IOOptions& options, IODebugContext* debug) override {
    auto status = disk_->pass();
    if (!status.ok())
      return status;
    if (fs::exists(from))
      disk_->renaming(from, to);
    return target()->RenameFile(from, to, options, debug);
  }

private:
  std::shared_ptr<disk> disk_;
};

// -- the whole ----------------------------------------------------------------

faulty_files::faulty_files(std::string folder)
  : disk_(std::make_shared<disk>(fs::path{std::move(folder)})),
    env_(rocksdb::NewCompositeEnv(std::make_shared<file_system>(disk_))) {}

faulty_files::~faulty_files() = default;

rocksdb::Env* faulty_files::env() {
  return env_.get();
}

void faulty_files::plan(const disk_fault& fault, std::mt19937_64& dice) {
  disk_->plan(fault, dice);
}

std::size_t faulty_files::operations() const {
  return disk_->operations();
}

bool faulty_files::has_struck() const {
  return disk_->has_struck();
}

bool faulty_files::cut_power(unsynced how, std::mt19937_64& dice) {
  return disk_->cut_power(how, dice);
}

} // namespace fc::events::log
