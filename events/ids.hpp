#pragma once

#include "events/error.hpp"

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fc::events {

using bytes = std::vector<std::uint8_t>;
using byte_view = std::span<const std::uint8_t>;

/// UTC, nanoseconds since 1970.
using timestamp = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Place of a record in the whole log, dense from 1; 0 means none.
using position = std::uint64_t;

/// Place of a record in its stream, dense from 1; 0 means an empty stream.
using sequence = std::uint32_t;

/// A SHA-256, the name of a blob, a policy or a record. All zero means none.
struct digest {
  std::array<std::uint8_t, 32> value{};

  /// Whether there is one at all.
  explicit operator bool() const noexcept;
  auto operator<=>(const digest&) const = default;

  /// 64 lower-case hex characters.
  std::string hex() const;
  static expected<digest> from_hex(std::string_view text);
};

/// SHA-256 of one or several pieces, joined without separator.
digest sha256(byte_view data);
digest sha256(std::initializer_list<byte_view> pieces);

/// SHA-256 of bytes that come piece by piece.
class sha256_stream {
public:
  sha256_stream();
  ~sha256_stream();

  void add(byte_view piece);
  /// Of all that was added; nothing may be added after it.
  digest end();

private:
  friend digest sha256(std::initializer_list<byte_view> pieces);

  struct state;
  std::unique_ptr<state> state_;
};

/// Bytes of a text; valid as long as the text.
byte_view as_bytes(std::string_view text) noexcept;
std::string_view as_text(byte_view data) noexcept;

/// Large evidence that lies in the log's blob store.
struct blob_ref {
  digest id;
  std::uint64_t size = 0; ///< Bytes before compression.

  explicit operator bool() const noexcept;
  auto operator<=>(const blob_ref&) const = default;
};

/// 128 bits chosen by whoever asks for an append: a repeat is recognised.
struct event_id {
  std::array<std::uint8_t, 16> value{};

  auto operator<=>(const event_id&) const = default;
  std::string hex() const;
  /// From the operating system's random source.
  static event_id random();
};

/// `owner/name` of a repository; always has both parts.
class repo_name {
public:
  repo_name() = default;
  /// Refuses anything but two parts of [A-Za-z0-9._-].
  static expected<repo_name> parse(std::string_view text);

  const std::string& str() const noexcept {
    return text_;
  }
  std::string_view owner() const noexcept;
  std::string_view name() const noexcept;
  /// `owner__name`, usable as a file name.
  std::string file_name() const;
  auto operator<=>(const repo_name&) const = default;

private:
  std::string text_;
};

/// A merged pull request, the unit of everything: `owner/name#12`.
struct pull_request_id {
  repo_name repo;
  std::uint32_t number = 0;

  auto operator<=>(const pull_request_id&) const = default;
  std::string str() const;
  static expected<pull_request_id> parse(std::string_view text);
};

/// Name of a stream: `pr/owner/name#12`, `repo/owner/name`, `run/<id>`,
/// `service/<name>`, `policy`, `deaths`.
using stream_name = std::string;

stream_name stream_of(const pull_request_id& id);
stream_name stream_of(const repo_name& repo);
stream_name run_stream(std::string_view run);
stream_name service_stream(std::string_view service);
inline constexpr std::string_view policy_stream = "policy";
/// Where the program notes that it died, and over what.
inline constexpr std::string_view deaths_stream = "deaths";
/// The pull request whose stream this is; an error for other streams.
expected<pull_request_id> pull_request_of(std::string_view stream);

/// `2024-01-31T12:00:00Z`, with nanoseconds only where there are any.
std::string to_iso8601(timestamp at);
/// Accepts `2024-01-31` and `2024-01-31T12:00:00Z`; refuses impossible dates.
expected<timestamp> parse_time(std::string_view text);
/// `2024-01`.
std::string month_of(timestamp at);

} // namespace fc::events
