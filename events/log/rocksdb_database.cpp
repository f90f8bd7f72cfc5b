#include "events/log/database.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/table.h>
#include <rocksdb/table_properties.h>
#include <rocksdb/utilities/backup_engine.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace fc::events::log {

namespace {

constexpr std::array<std::string_view, family_total> names{"log", "streams",
                                                           "blobs", "meta"};

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}

std::string_view view(const rocksdb::Slice& x) {
  return {x.data(), x.size()};
}

/// Keeps no diary of RocksDB's.
class silent_logger final : public rocksdb::Logger {
public:
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
};

bool is_locked(const rocksdb::Status& status) {
  const auto text = status.ToString();
  return status.IsIOError()
         && (text.find("While lock file") != std::string::npos
             || text.find("lock hold by") != std::string::npos);
}

error translate(const rocksdb::Status& status, const std::string& where) {
  if (status.ok())
    return {};
  if (is_locked(status))
    return make_error(ec::already_in_use,
                      where
                        + ": another process appends to this log; stop it "
                          "or open the log for reading ("
                        + status.ToString() + ")");
  // A file that the database names is part of it.
  if (status.IsCorruption() || status.IsPathNotFound())
    return make_error(ec::corrupt, where + ": " + status.ToString());
  return make_error(ec::storage_failure, where + ": " + status.ToString());
}

/// Measured choices: zstd 1 in 32 KB blocks is 0.44 of the raw bytes and scans
/// at half the speed of lz4, which is 0.71.
rocksdb::ColumnFamilyOptions
family_options(family which, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 32U << 10U;
  options.compression = rocksdb::kZSTD;
  options.compression_opts.level = 1;
  options.write_buffer_size = 64U << 20U;
  switch (which) {
  case family::log:
    break;
  case family::streams:
    table.block_size = 8U << 10U;
    options.write_buffer_size = 16U << 20U;
    break;
  case family::blobs:
    // Values stay out of the tree; the filter answers "is it new?".
    options.enable_blob_files = true;
    options.min_blob_size = 4U << 10U;
    options.blob_compression_type = rocksdb::kZSTD;
    table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
    break;
  case family::meta:
    options.write_buffer_size = 1U << 20U;
    break;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

rocksdb::DBOptions database_options() {
  rocksdb::DBOptions options;
  // The default mode drops acknowledged records after a damaged one silently.
  options.wal_recovery_mode
    = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // The small families would otherwise pin write-ahead logs without limit.
  options.max_total_wal_size = 32U << 20U;
  // Its own diary aborts the program when it meets a full disk (an assertion in
  // Debian's build); errors reach us as status values all the same.
  options.info_log = std::make_shared<silent_logger>();
  return options;
}

std::vector<rocksdb::ColumnFamilyDescriptor>
descriptors(std::span<const family> wanted) {
  const auto cache = rocksdb::NewLRUCache(64U << 20U);
  std::vector<rocksdb::ColumnFamilyDescriptor> all{
    {rocksdb::kDefaultColumnFamilyName, {}}};
  for (const auto each : wanted)
    all.emplace_back(std::string{to_string(each)}, family_options(each, cache));
  return all;
}

constexpr std::array all_families{family::log, family::streams, family::blobs,
                                  family::meta};

} // namespace

std::string_view to_string(family x) noexcept {
  return names[static_cast<std::size_t>(x)];
}

// -- cursor -------------------------------------------------------------------

struct cursor::impl {
  std::unique_ptr<rocksdb::Iterator> it;
};

cursor::cursor(std::unique_ptr<impl> x) : impl_(std::move(x)) {}

cursor::cursor(cursor&&) noexcept = default;
cursor::~cursor() = default;

void cursor::seek_first() {
  impl_->it->SeekToFirst();
}

void cursor::seek_last() {
  impl_->it->SeekToLast();
}

void cursor::seek(std::string_view key) {
  impl_->it->Seek(slice(key));
}

void cursor::seek_back(std::string_view key) {
  impl_->it->SeekForPrev(slice(key));
}

void cursor::next() {
  impl_->it->Next();
}

bool cursor::valid() const {
  return impl_->it->Valid();
}

std::string_view cursor::key() const {
  return view(impl_->it->key());
}

byte_view cursor::value() const {
  return as_bytes(view(impl_->it->value()));
}

std::optional<std::string> cursor::failure() const {
  const auto status = impl_->it->status();
  if (status.ok())
    return std::nullopt;
  return status.ToString();
}

// -- database -----------------------------------------------------------------

/// Bytes that are only in the write-ahead log and worth a flush on closing.
constexpr std::uint64_t long_tail = 8U << 20U;

struct database::impl {
  std::string path;
  std::shared_ptr<rocksdb::Env> files; ///< Those of a backup; else none.
  std::unique_ptr<rocksdb::DB> db;
  rocksdb::ColumnFamilyHandle* fallback = nullptr; ///< The default family.
  std::array<rocksdb::ColumnFamilyHandle*, family_total> handles{};
  bool writes = false;

  impl() = default;
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  ~impl() {
    if (!db)
      return;
    if (writes)
      settle();
    for (auto* handle : handles)
      if (handle != nullptr)
        db->DestroyColumnFamilyHandle(handle);
    db->DestroyColumnFamilyHandle(fallback);
    // Every append was synced; a failed close loses nothing.
    db->Close().PermitUncheckedError();
  }

  /// A reader that opens reads the whole write-ahead log, 5 ms a megabyte; what
  /// is left of it at the end is made tables, unless it is short anyway.
  void settle() {
    std::uint64_t waiting = 0;
    db->GetAggregatedIntProperty("rocksdb.cur-size-all-mem-tables", &waiting);
    if (waiting < long_tail)
      return;
    const std::vector<rocksdb::ColumnFamilyHandle*> all{handles.begin(),
                                                        handles.end()};
    // Nothing is lost by a failure: the write-ahead log stays.
    db->Flush({}, all).PermitUncheckedError();
  }

  rocksdb::ColumnFamilyHandle* handle(family x) const {
    return handles[static_cast<std::size_t>(x)];
  }

  /// Opens by a function of RocksDB's shape, the families in `wanted`.
  template <class Open>
  static expected<database>
  open(const std::string& path, std::span<const family> wanted, Open how) {
    auto result = std::make_unique<impl>();
    result->path = path;
    std::vector<rocksdb::ColumnFamilyHandle*> opened;
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status = how(descriptors(wanted), &opened, &db);
    if (!status.ok())
      return translate(status, path);
    result->db.reset(db);
    result->fallback = opened[0];
    for (std::size_t i = 0; i < wanted.size(); ++i)
      result->handles[static_cast<std::size_t>(wanted[i])] = opened[i + 1];
    return database{std::move(result)};
  }

  static expected<database>
  open_read_only(const std::string& path, std::span<const family> wanted,
                 const rocksdb::DBOptions& options) {
    return open(path, wanted,
                [&](const auto& families, auto* handles, auto* db) {
                  return rocksdb::DB::OpenForReadOnly(options, path, families,
                                                      handles, db);
                });
  }
};

database::database(std::unique_ptr<impl> x) : impl_(std::move(x)) {}

database::database(database&&) noexcept = default;
database::~database() = default;

expected<std::vector<std::string>>
database::family_names(const std::string& path) {
  std::vector<std::string> found;
  const auto status
    = rocksdb::DB::ListColumnFamilies(database_options(), path, &found);
  if (!status.ok())
    return translate(status, path);
  return found;
}

expected<database> database::open_writer(const std::string& path, bool create,
                                         rocksdb::Env* files) {
  auto options = database_options();
  if (files != nullptr)
    options.env = files;
  options.create_if_missing = create;
  options.create_missing_column_families = create;
  auto opened = impl::open(
    path, all_families, [&](const auto& families, auto* handles, auto* db) {
      return rocksdb::DB::Open(options, path, families, handles, db);
    });
  if (opened)
    opened->impl_->writes = true;
  return opened;
}

// Not as a secondary instance: those cannot read blob files and crash on them.
expected<database> database::open_reader(const std::string& path) {
  return impl::open_read_only(path, all_families, database_options());
}

expected<database> database::open_frozen(const std::string& path, family only) {
  auto options = database_options();
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  return impl::open_read_only(path, std::array{only}, options);
}

expected<database> database::open_salvage(const std::string& path) {
  auto options = database_options();
  options.wal_recovery_mode
    = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  return impl::open_read_only(path, all_families, options);
}

expected<std::optional<bytes>>
database::get(family from, std::string_view key) const {
  rocksdb::PinnableSlice value;
  const auto status
    = impl_->db->Get({}, impl_->handle(from), slice(key), &value);
  if (status.IsNotFound())
    return std::optional<bytes>{};
  if (!status.ok())
    return translate(status, impl_->path);
  const auto data = as_bytes(view(value));
  return std::optional<bytes>{std::in_place, data.begin(), data.end()};
}

cursor database::walk(family over, reading how) const {
  rocksdb::ReadOptions options;
  if (how == reading::bulk) {
    options.fill_cache = false;
    options.readahead_size = 2U << 20U;
  }
  auto x = std::make_unique<cursor::impl>();
  x->it.reset(impl_->db->NewIterator(options, impl_->handle(over)));
  return cursor{std::move(x)};
}

error database::write(std::span<const put_row> rows) {
  constexpr std::size_t row_room = 16; // Its kind, family and sizes.
  std::size_t size = row_room;
  for (const auto& row : rows)
    size += row.key.size() + row.value.size() + row_room;
  rocksdb::WriteBatch batch{size};
  for (const auto& row : rows) {
    const auto status = batch.Put(impl_->handle(row.to), slice(row.key),
                                  slice(as_text(row.value)));
    if (!status.ok())
      return translate(status, impl_->path);
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  return translate(impl_->db->Write(options, &batch), impl_->path);
}

error database::remove(family from, std::span<const std::string> keys) {
  rocksdb::WriteBatch batch;
  for (const auto& key : keys) {
    const auto status = batch.Delete(impl_->handle(from), slice(key));
    if (!status.ok())
      return translate(status, impl_->path);
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  return translate(impl_->db->Write(options, &batch), impl_->path);
}

error database::compact(family over) {
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction
    = rocksdb::BottommostLevelCompaction::kForceOptimized;
  options.blob_garbage_collection_policy
    = rocksdb::BlobGarbageCollectionPolicy::kForce;
  options.blob_garbage_collection_age_cutoff = 1.0;
  return translate(
    impl_->db->CompactRange(options, impl_->handle(over), nullptr, nullptr),
    impl_->path);
}

expected<std::string> family_of_table(const std::string& file) {
  rocksdb::SstFileReader reader{rocksdb::Options{}};
  if (const auto status = reader.Open(file); !status.ok())
    return make_error(ec::corrupt, file + ": " + status.ToString());
  return reader.GetTableProperties()->column_family_name;
}

// -- lock ---------------------------------------------------------------------

struct database_lock::impl {
  rocksdb::FileLock* lock = nullptr;

  impl() = default;
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  ~impl() {
    // The end of the process would release it as well.
    if (lock != nullptr)
      rocksdb::Env::Default()->UnlockFile(lock).PermitUncheckedError();
  }
};

database_lock::database_lock(std::unique_ptr<impl> x) : impl_(std::move(x)) {}

database_lock::database_lock(database_lock&&) noexcept = default;
database_lock::~database_lock() = default;

expected<database_lock> database_lock::take(const std::string& path) {
  auto result = std::make_unique<impl>();
  const auto status
    = rocksdb::Env::Default()->LockFile(path + "/LOCK", &result->lock);
  if (!status.ok())
    return translate(status, path);
  return database_lock{std::move(result)};
}

// -- backups ------------------------------------------------------------------

namespace {

template <class Engine>
expected<std::unique_ptr<Engine>> open_engine(const std::string& folder) {
  // A backup is opened where it lies by absolute paths only.
  rocksdb::BackupEngineOptions options{
    std::filesystem::absolute(folder).string()};
  Engine* engine = nullptr;
  const auto status = Engine::Open(rocksdb::Env::Default(), options, &engine);
  if (!status.ok())
    return translate(status, folder);
  return std::unique_ptr<Engine>{engine};
}

} // namespace

expected<std::vector<backup_entry>> backups_in(const std::string& folder) {
  auto engine = open_engine<rocksdb::BackupEngineReadOnly>(folder);
  if (!engine)
    return engine.error();
  std::vector<rocksdb::BackupInfo> infos;
  (*engine)->GetBackupInfo(&infos);
  std::vector<backup_entry> all;
  for (auto& info : infos)
    all.push_back({info.backup_id, std::move(info.app_metadata)});
  return all;
}

expected<std::uint32_t>
database::back_up(const std::string& folder, const std::string& note) const {
  auto engine = open_engine<rocksdb::BackupEngine>(folder);
  if (!engine)
    return engine.error();
  rocksdb::BackupID id = 0;
  const auto status = (*engine)->CreateNewBackupWithMetadata(
    rocksdb::CreateBackupOptions{}, impl_->db.get(), note, &id);
  if (!status.ok())
    return translate(status, folder);
  return id;
}

expected<database>
database::open_backup(const std::string& folder, std::uint32_t id) {
  auto engine = open_engine<rocksdb::BackupEngineReadOnly>(folder);
  if (!engine)
    return engine.error();
  rocksdb::BackupInfo info;
  const rocksdb::Status status = (*engine)->GetBackupInfo(id, &info, true);
  if (!status.ok())
    return translate(status, folder);
  auto options = database_options();
  options.env = info.env_for_open.get();
  auto opened = impl::open_read_only(info.name_for_open, all_families, options);
  if (opened)
    opened->impl_->files = info.env_for_open;
  return opened;
}

error drop_backup(const std::string& folder, std::uint32_t id) {
  auto engine = open_engine<rocksdb::BackupEngine>(folder);
  if (!engine)
    return engine.error();
  return translate((*engine)->DeleteBackup(id), folder);
}

error restore_backup(const std::string& folder, std::uint32_t id,
                     const std::string& to) {
  auto engine = open_engine<rocksdb::BackupEngineReadOnly>(folder);
  if (!engine)
    return engine.error();
  return translate((*engine)->RestoreDBFromBackup(id, to, to), folder);
}

} // namespace fc::events::log
