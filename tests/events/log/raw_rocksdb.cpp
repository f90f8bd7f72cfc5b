#include "tests/events/log/raw_rocksdb.hpp"

#include <rocksdb/db.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace fc::events::log {

namespace {

void must(const rocksdb::Status& status) {
  if (!status.ok())
    throw std::runtime_error{status.ToString()};
}

rocksdb::Slice slice(std::string_view x) {
  return {x.data(), x.size()};
}

/// All families, opened and closed in one place.
class raw_database {
public:
  explicit raw_database(const std::string& path) {
    std::vector<std::string> names;
    must(rocksdb::DB::ListColumnFamilies({}, path, &names));
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const auto& name : names) {
      rocksdb::ColumnFamilyOptions options;
      options.enable_blob_files = name == "blobs";
      families.emplace_back(name, options);
    }
    rocksdb::DBOptions options;
    // What lies in memory stays there, as far as nobody asks.
    options.avoid_flush_during_recovery = true;
    rocksdb::DB* opened = nullptr;
    must(rocksdb::DB::Open(options, path, families, &handles, &opened));
    db.reset(opened);
  }

  raw_database(const raw_database&) = delete;
  raw_database& operator=(const raw_database&) = delete;

  ~raw_database() {
    for (auto* handle : handles)
      db->DestroyColumnFamilyHandle(handle);
  }

  rocksdb::ColumnFamilyHandle* family(const std::string& name) {
    const auto i = std::ranges::find_if(
      handles, [&](auto* handle) { return handle->GetName() == name; });
    if (i != handles.end())
      return *i;
    handles.push_back(nullptr);
    must(db->CreateColumnFamily({}, name, &handles.back()));
    return handles.back();
  }

  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
};

} // namespace

void set_raw(const std::string& path, const std::string& family,
             std::string_view key, std::optional<std::string_view> value) {
  raw_database raw{path};
  auto* handle = raw.family(family);
  must(value ? raw.db->Put({}, handle, slice(key), slice(*value))
             : raw.db->Delete({}, handle, slice(key)));
}

std::string get_raw(const std::string& path, const std::string& family,
                    std::string_view key) {
  raw_database raw{path};
  std::string value;
  must(raw.db->Get({}, raw.family(family), slice(key), &value));
  return value;
}

void make_other_database(const std::string& path) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* opened = nullptr;
  must(rocksdb::DB::Open(options, path, &opened));
  const std::unique_ptr<rocksdb::DB> db{opened};
  must(db->Put({}, "key", "value"));
}

void flush_raw(const std::string& path, const std::string& family) {
  raw_database raw{path};
  must(raw.db->Flush({}, raw.family(family)));
}

void flush_raw(const std::string& path) {
  raw_database raw{path};
  for (auto* handle : raw.handles)
    must(raw.db->Flush({}, handle));
}

} // namespace fc::events::log
