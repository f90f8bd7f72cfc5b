#include "events/log/maintenance/wal.hpp"

#include <array>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

namespace fc::events::log {

namespace {

constexpr std::size_t block_size = 32U << 10U;
constexpr std::size_t header_size = 7;

enum class kind : std::uint8_t { whole = 1, first, middle, last };

constexpr auto crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    auto x = i;
    for (int bit = 0; bit < 8; ++bit)
      x = (x >> 1U) ^ ((x & 1U) != 0 ? 0x82f63b78U : 0U);
    table[i] = x;
  }
  return table;
}();

/// A part of a record that lies in one block.
struct piece {
  kind what;
  std::string_view data;
};

/// Takes a sound piece off the front of a block; none where it ends.
std::optional<piece> take_piece(std::string_view& block) {
  if (block.size() < header_size)
    return std::nullopt;
  const std::size_t length = little_endian(block.substr(4, 2));
  const auto what = static_cast<std::uint8_t>(block[6]);
  if (what < 1 || what > 4 || block.size() < header_size + length
      || masked_checksum(block.substr(6, length + 1))
           != little_endian(block.substr(0, 4)))
    return std::nullopt;
  const piece x{static_cast<kind>(what), block.substr(header_size, length)};
  block.remove_prefix(header_size + length);
  return x;
}

/// Writes records in blocks.
class record_writer {
public:
  explicit record_writer(std::ofstream& to) : to_(to) {}

  void write(std::string_view data) {
    bool begun = false;
    do {
      if (left_ < header_size) {
        to_ << std::string(left_, '\0');
        left_ = block_size;
      }
      const auto part = data.substr(0, left_ - header_size);
      data.remove_prefix(part.size());
      const auto what = data.empty() ? (begun ? kind::last : kind::whole)
                                     : (begun ? kind::middle : kind::first);
      put({what, part});
      begun = true;
    } while (!data.empty());
  }

private:
  void put(const piece& x) {
    std::string body{static_cast<char>(x.what)};
    body += x.data;
    const auto sum = masked_checksum(body);
    for (const auto shift : {0U, 8U, 16U, 24U})
      to_.put(static_cast<char>((sum >> shift) & 0xffU));
    to_.put(static_cast<char>(x.data.size() & 0xffU));
    to_.put(static_cast<char>((x.data.size() >> 8U) & 0xffU));
    to_ << body;
    left_ -= header_size + x.data.size();
  }

  std::ofstream& to_;
  std::size_t left_ = block_size; ///< In the present block.
};

/// Puts pieces together; a record that lacks one is dropped.
class record_joiner {
public:
  explicit record_joiner(record_writer& to) : to_(to) {}

  void add(const piece& x) {
    if (x.what == kind::whole || x.what == kind::first)
      record_.emplace();
    if (!record_)
      return;
    *record_ += x.data;
    if (x.what == kind::whole || x.what == kind::last) {
      to_.write(*record_);
      record_.reset();
    }
  }

  void drop() {
    record_.reset();
  }

private:
  record_writer& to_;
  std::optional<std::string> record_; ///< As far as its pieces were seen.
};

error not_written(const std::filesystem::path& file) {
  return make_error(ec::storage_failure,
                    file.string() + ": cannot be written; is the disk full?");
}

} // namespace

std::uint64_t little_endian(std::string_view raw) {
  std::uint64_t value = 0;
  for (auto i = raw.size(); i > 0; --i)
    value = (value << 8U) | static_cast<std::uint8_t>(raw[i - 1]);
  return value;
}

std::uint32_t masked_checksum(std::string_view data) {
  auto crc = ~0U;
  for (const char c : data)
    crc = crc_table[(crc ^ static_cast<std::uint8_t>(c)) & 0xffU] ^ (crc >> 8U);
  crc = ~crc;
  return ((crc >> 15U) | (crc << 17U)) + 0xa282ead8U;
}

error write_records(const std::filesystem::path& to,
                    const std::vector<std::string>& records) {
  std::ofstream out{to, std::ios::binary | std::ios::trunc};
  record_writer writer{out};
  for (const auto& each : records)
    writer.write(each);
  out.flush();
  return out ? error{} : not_written(to);
}

error copy_whole_records(const std::filesystem::path& from,
                         const std::filesystem::path& to) {
  std::ifstream in{from, std::ios::binary};
  std::ofstream out{to, std::ios::binary | std::ios::trunc};
  record_writer writer{out};
  record_joiner joiner{writer};
  std::string buffer(block_size, '\0');
  while (in.read(buffer.data(), block_size) || in.gcount() > 0) {
    std::string_view block{buffer.data(),
                           static_cast<std::size_t>(in.gcount())};
    while (const auto x = take_piece(block))
      joiner.add(*x);
    // Where the next piece begins is not known but at the next block.
    if (block.size() >= header_size)
      joiner.drop();
  }
  out.flush();
  return in.bad() || !in.eof() || !out ? not_written(to) : error{};
}

} // namespace fc::events::log
