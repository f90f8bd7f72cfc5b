#include "events/log/key.hpp"

namespace fc::events::log {

namespace {

constexpr std::string_view blob_mark = "fc-blob\n";

template <class T>
void put_big_endian(std::string& out, T value) {
  for (auto shift = static_cast<int>(sizeof(T) * 8) - 8; shift >= 0; shift -= 8)
    out += static_cast<char>(static_cast<std::uint8_t>(value >> shift));
}

template <class T>
T big_endian(std::string_view raw) {
  T value = 0;
  for (const char byte : raw)
    value = static_cast<T>(value << 8U) | static_cast<std::uint8_t>(byte);
  return value;
}

} // namespace

std::string position_key(position at) {
  std::string key;
  key.reserve(sizeof(at));
  put_big_endian(key, at);
  return key;
}

std::optional<position> parse_position(std::string_view key) {
  if (key.size() != sizeof(position))
    return std::nullopt;
  return big_endian<position>(key);
}

bool is_stream_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= max_stream_name
         && name.find('\0') == std::string_view::npos;
}

std::string stream_key(std::string_view stream, sequence seq) {
  std::string key;
  key.reserve(stream.size() + 1 + sizeof(seq));
  key += stream;
  key += '\0';
  put_big_endian(key, seq);
  return key;
}

std::optional<stream_position> parse_stream_key(std::string_view key) {
  const auto end = key.find('\0');
  if (end == std::string_view::npos || end == 0
      || key.size() != end + 1 + sizeof(sequence))
    return std::nullopt;
  return stream_position{key.substr(0, end),
                         big_endian<sequence>(key.substr(end + 1))};
}

std::string after_stream(std::string_view stream) {
  std::string key{stream};
  key += '\x01';
  return key;
}

std::string_view blob_key(const digest& id) noexcept {
  return as_text(id.value);
}

std::string blob_chunk_key(const digest& id, std::uint32_t index) {
  std::string key{blob_key(id)};
  put_big_endian(key, index);
  return key;
}

std::string blob_head(std::uint64_t size) {
  std::string head{blob_mark};
  put_big_endian(head, size);
  return head;
}

std::optional<std::uint64_t> parse_blob_head(std::string_view value) {
  if (value.size() != blob_mark.size() + sizeof(std::uint64_t)
      || !value.starts_with(blob_mark))
    return std::nullopt;
  return big_endian<std::uint64_t>(value.substr(blob_mark.size()));
}

} // namespace fc::events::log
