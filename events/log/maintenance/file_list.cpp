#include "events/log/maintenance/file_list.hpp"

#include "events/log/database.hpp"
#include "events/log/maintenance/wal.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>

namespace fc::events::log {

namespace fs = std::filesystem;

namespace {

// -- the manifest -------------------------------------------------------------

enum class tag : std::uint32_t {
  comparator = 1,
  log_number = 2,
  next_file_number = 3,
  last_sequence = 4,
  new_file = 103,
  family_id = 200,
  family_add = 201,
  blob_file = 400,
};

/// In the order in which every log makes them; 0 is the default family.
constexpr std::array all_families{family::log, family::streams, family::blobs,
                                  family::meta};

/// Above that of every row, so that each is seen.
constexpr std::uint64_t latest = 1ULL << 55U;

std::uint32_t id_of(family x) {
  return static_cast<std::uint32_t>(x) + 1;
}

/// One change of the list of files.
class edit {
public:
  edit& put(std::uint64_t x) {
    for (; x >= 0x80; x >>= 7U)
      data_ += static_cast<char>((x & 0x7fU) | 0x80U);
    data_ += static_cast<char>(x);
    return *this;
  }

  edit& put(tag x) {
    return put(static_cast<std::uint64_t>(x));
  }

  edit& put(std::string_view text) {
    put(text.size());
    data_ += text;
    return *this;
  }

  const std::string& data() const noexcept {
    return data_;
  }

private:
  std::string data_;
};

/// A row's key as tables have it: with its age and kind.
std::string bound(std::string key, std::uint64_t age) {
  const auto packed = age << 8U | 1U;
  for (unsigned shift = 0; shift < 64; shift += 8)
    key += static_cast<char>((packed >> shift) & 0xffU);
  return key;
}

std::string table_edit(const listed_table& x, family of, std::uint64_t index,
                       std::uint64_t first_blobs) {
  constexpr std::uint64_t end = 1;
  constexpr std::uint64_t oldest_blob_file = 4;
  // No longer key is written: see key.hpp.
  constexpr std::size_t max_key_bytes = 1024;
  edit to;
  to.put(tag::new_file).put(std::uint64_t{0}).put(x.number).put(x.size);
  to.put(bound("", (1ULL << 56U) - 1));
  to.put(bound(std::string(max_key_bytes, '\xff'), 0));
  to.put(2 * index + 1).put(2 * index + 2);
  // Files of large values that no table refers to would be left out.
  if (of == family::blobs && first_blobs != 0)
    to.put(oldest_blob_file).put(edit{}.put(first_blobs).data());
  to.put(end).put(tag::family_id).put(std::uint64_t{id_of(of)});
  return to.data();
}

std::string blob_edit(const listed_blob_file& x, std::uint64_t frame) {
  edit to;
  to.put(tag::blob_file).put(x.number).put(x.count).put(x.size - frame);
  to.put("").put("").put(std::uint64_t{0});
  to.put(tag::family_id).put(std::uint64_t{id_of(family::blobs)});
  return to.data();
}

// -- files of large values ----------------------------------------------------

constexpr std::uint64_t header_size = 30;
constexpr std::uint64_t footer_size = 32;
constexpr std::uint64_t record_header_size = 32;
constexpr std::uint32_t magic = 2395959;

std::string fixed(std::uint64_t x, unsigned size) {
  std::string raw;
  for (unsigned i = 0; i < size; ++i)
    raw += static_cast<char>((x >> (8 * i)) & 0xffU);
  return raw;
}

std::string footer_of(std::uint64_t count) {
  auto raw = fixed(magic, 4) + fixed(count, 8) + std::string(16, '\0');
  return raw + fixed(masked_checksum(raw), 4);
}

std::string
bytes_at(std::ifstream& in, std::uint64_t offset, std::uint64_t size) {
  std::string raw(size, '\0');
  in.clear();
  in.seekg(static_cast<std::streamoff>(offset));
  in.read(raw.data(), static_cast<std::streamsize>(size));
  raw.resize(
    static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  return raw;
}

/// Where the whole records of a file end, and how many there are.
struct whole_part {
  std::uint64_t end = header_size;
  std::uint64_t count = 0;
};

whole_part whole_part_of(std::ifstream& in, std::uint64_t size) {
  whole_part x;
  for (;;) {
    const auto raw = bytes_at(in, x.end, record_header_size);
    if (raw.size() < record_header_size)
      return x;
    const auto key = little_endian(std::string_view{raw}.substr(0, 8));
    const auto value = little_endian(std::string_view{raw}.substr(8, 8));
    // The checksum of the two sizes and the time says that this is a header.
    if (masked_checksum(raw.substr(0, 24))
        != little_endian(std::string_view{raw}.substr(24, 4)))
      return x;
    const auto left = size - x.end - record_header_size;
    if (key > left || value > left - key)
      return x;
    x.end += record_header_size + key + value;
    ++x.count;
  }
}

error not_written(const fs::path& file) {
  return make_error(ec::storage_failure,
                    file.string() + ": cannot be written; is the disk full?");
}

} // namespace

error write_file_list(const fs::path& folder, const file_list& list) {
  constexpr std::string_view comparator = "leveldb.BytewiseComparator";
  std::vector<std::string> edits;
  edits.push_back(edit{}
                    .put(tag::comparator)
                    .put(comparator)
                    .put(tag::log_number)
                    .put(std::uint64_t{0})
                    .put(tag::next_file_number)
                    .put(list.next_number + 1)
                    .put(tag::last_sequence)
                    .put(latest)
                    .data());
  for (const auto each : all_families)
    edits.push_back(edit{}
                      .put(tag::comparator)
                      .put(comparator)
                      .put(tag::log_number)
                      .put(std::uint64_t{0})
                      .put(tag::family_id)
                      .put(std::uint64_t{id_of(each)})
                      .put(tag::family_add)
                      .put(to_string(each))
                      .data());
  std::uint64_t first_blobs = 0;
  for (const auto& each : list.blobs) {
    edits.push_back(blob_edit(each, header_size + footer_size));
    first_blobs
      = first_blobs == 0 ? each.number : std::min(first_blobs, each.number);
  }
  std::uint64_t index = 0;
  for (const auto& each : list.tables)
    for (const auto of : all_families)
      if (each.family == to_string(of))
        edits.push_back(table_edit(each, of, index++, first_blobs));
  auto digits = std::to_string(list.next_number);
  digits.insert(0, 6 - std::min<std::size_t>(digits.size(), 6), '0');
  const auto name = "MANIFEST-" + digits;
  if (auto err = write_records(folder / name, edits))
    return err;
  std::ofstream current{folder / "CURRENT", std::ios::binary};
  current << name << '\n';
  current.flush();
  return current ? error{} : not_written(folder / "CURRENT");
}

expected<std::uint64_t>
copy_blob_file(const fs::path& from, const fs::path& to) {
  std::error_code code;
  const auto size = fs::file_size(from, code);
  std::ifstream in{from, std::ios::binary};
  const auto head = bytes_at(in, 0, header_size);
  if (code || head.size() < header_size
      || little_endian(std::string_view{head}.substr(0, 4)) != magic)
    return std::uint64_t{0};
  const auto part = whole_part_of(in, size);
  if (part.count == 0)
    return std::uint64_t{0};
  std::ofstream out{to, std::ios::binary | std::ios::trunc};
  constexpr std::uint64_t step = 1U << 20U;
  for (std::uint64_t at = 0; at < part.end && out; at += step) {
    const auto wanted = std::min(step, part.end - at);
    const auto raw = bytes_at(in, at, wanted);
    if (raw.size() != wanted)
      return make_error(ec::storage_failure,
                        from.string() + ": cannot be read");
    out << raw;
  }
  out << footer_of(part.count);
  out.flush();
  if (!out)
    return not_written(to);
  return part.count;
}

std::uint64_t values_in(const fs::path& file) {
  std::error_code code;
  const auto size = fs::file_size(file, code);
  if (code || size < header_size + footer_size)
    return 0;
  std::ifstream in{file, std::ios::binary};
  if (little_endian(bytes_at(in, 0, 4)) != magic)
    return 0;
  const auto raw = bytes_at(in, size - footer_size, footer_size);
  const auto count = little_endian(std::string_view{raw}.substr(4, 8));
  return raw == footer_of(count) ? count : 0;
}

} // namespace fc::events::log
