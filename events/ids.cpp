#include "events/ids.hpp"

#include <openssl/evp.h>
#include <sys/random.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdio>
#include <span>

namespace fc::events {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string to_hex(byte_view data) {
  std::string text;
  text.reserve(data.size() * 2);
  for (const auto byte : data) {
    text += hex_digits[byte >> 4U];
    text += hex_digits[byte & 15U];
  }
  return text;
}

bool is_name_part(std::string_view text) {
  return !text.empty() && text != "." && text != ".."
         && std::ranges::all_of(text, [](char c) {
              return std::isalnum(static_cast<unsigned char>(c)) != 0
                     || c == '.' || c == '_' || c == '-';
            });
}

} // namespace

digest::operator bool() const noexcept {
  return *this != digest{};
}

std::string digest::hex() const {
  return to_hex(value);
}

expected<digest> digest::from_hex(std::string_view text) {
  digest result;
  if (text.size() != result.value.size() * 2)
    return make_error(ec::malformed, "a digest has 64 hex digits: '"
                                       + std::string{text} + "'");
  for (std::size_t i = 0; i < result.value.size(); ++i) {
    const auto pair = text.substr(i * 2, 2);
    const auto [end, code]
      = std::from_chars(pair.data(), pair.data() + 2, result.value[i], 16);
    if (code != std::errc{} || end != pair.data() + 2)
      return make_error(ec::malformed, "a digest has 64 hex digits: '"
                                         + std::string{text} + "'");
  }
  return result;
}

digest sha256(byte_view data) {
  return sha256({data});
}

struct sha256_stream::state {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{
    EVP_MD_CTX_new(), &EVP_MD_CTX_free};

  void begin() {
    // Looked up once: to find it costs as much as to hash a record.
    static const EVP_MD* const algorithm
      = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_DigestInit_ex(context.get(), algorithm, nullptr);
  }

  void add(byte_view piece) {
    EVP_DigestUpdate(context.get(), piece.data(), piece.size());
  }

  digest end() {
    digest result;
    EVP_DigestFinal_ex(context.get(), result.value.data(), nullptr);
    return result;
  }
};

sha256_stream::sha256_stream() : state_(std::make_unique<state>()) {
  state_->begin();
}

sha256_stream::~sha256_stream() = default;

void sha256_stream::add(byte_view piece) {
  state_->add(piece);
}

digest sha256_stream::end() {
  return state_->end();
}

digest sha256(std::initializer_list<byte_view> pieces) {
  thread_local sha256_stream::state kept;
  kept.begin();
  for (const auto piece : pieces)
    kept.add(piece);
  return kept.end();
}

byte_view as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view as_text(byte_view data) noexcept {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

blob_ref::operator bool() const noexcept {
  return static_cast<bool>(id);
}

std::string event_id::hex() const {
  return to_hex(value);
}

event_id event_id::random() {
  event_id id;
  // 16 bytes are never cut short once the pool is ready (getrandom(2)).
  [[maybe_unused]] const auto got
    = ::getrandom(id.value.data(), id.value.size(), 0);
  return id;
}

expected<repo_name> repo_name::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || !is_name_part(text.substr(0, slash))
      || !is_name_part(text.substr(slash + 1)))
    return make_error(ec::invalid_argument,
                      "a repository is named owner/name: '" + std::string{text}
                        + "'");
  repo_name name;
  name.text_ = text;
  return name;
}

std::string_view repo_name::owner() const noexcept {
  return std::string_view{text_}.substr(0, text_.find('/'));
}

std::string_view repo_name::name() const noexcept {
  const auto slash = text_.find('/');
  return slash == std::string::npos ? std::string_view{}
                                    : std::string_view{text_}.substr(slash + 1);
}

std::string repo_name::file_name() const {
  return std::string{owner()} + "__" + std::string{name()};
}

std::string pull_request_id::str() const {
  return repo.str() + "#" + std::to_string(number);
}

expected<pull_request_id> pull_request_id::parse(std::string_view text) {
  const auto malformed = [&] {
    return make_error(ec::invalid_argument,
                      "a pull request is named owner/name#number: '"
                        + std::string{text} + "'");
  };
  const auto hash = text.find('#');
  if (hash == std::string_view::npos)
    return malformed();
  auto repo = repo_name::parse(text.substr(0, hash));
  if (!repo)
    return repo.error();
  pull_request_id id{*repo, 0};
  const auto digits = text.substr(hash + 1);
  const auto [end, code]
    = std::from_chars(digits.data(), digits.data() + digits.size(), id.number);
  if (code != std::errc{} || end != digits.data() + digits.size()
      || id.number == 0)
    return malformed();
  return id;
}

stream_name stream_of(const pull_request_id& id) {
  return "pr/" + id.str();
}

stream_name stream_of(const repo_name& repo) {
  return "repo/" + repo.str();
}

stream_name service_stream(std::string_view service) {
  return "service/" + std::string{service};
}

stream_name run_stream(std::string_view run) {
  return "run/" + std::string{run};
}

expected<pull_request_id> pull_request_of(std::string_view stream) {
  if (!stream.starts_with("pr/"))
    return make_error(ec::invalid_argument,
                      "not a pull request's stream: " + std::string{stream});
  return pull_request_id::parse(stream.substr(3));
}

std::string to_iso8601(timestamp at) {
  using namespace std::chrono;
  // In seconds from here on: the start of the first day that nanoseconds reach
  // is none that they can hold.
  constexpr std::int64_t second = 1'000'000'000;
  const auto count = at.time_since_epoch().count();
  const auto ns = (count % second + second) % second;
  const sys_seconds whole{seconds{count / second - (count % second < 0)}};
  const auto day = floor<days>(whole);
  const year_month_day date{day};
  const hh_mm_ss time{whole - day};
  std::array<char, 48> text{};
  std::snprintf(
    text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
    static_cast<int>(time.minutes().count()),
    static_cast<int>(time.seconds().count()));
  std::string result{text.data()};
  if (ns != 0) {
    std::snprintf(text.data(), text.size(), ".%09lld",
                  static_cast<long long>(ns));
    result += text.data();
  }
  return result + "Z";
}

namespace {

/// Reads as many digits as `pattern` has zeros, at their places; all else must
/// be the same. Nothing that `sscanf` would forgive: signs, spaces, few digits.
bool matches(std::string_view text, std::string_view pattern,
             std::span<int> values) {
  if (text.size() != pattern.size())
    return false;
  std::size_t at = 0;
  bool in_number = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (pattern[i] != '0') {
      if (text[i] != pattern[i])
        return false;
      in_number = false;
      continue;
    }
    if (text[i] < '0' || text[i] > '9')
      return false;
    if (!in_number)
      values[at++] = 0;
    in_number = true;
    values[at - 1] = values[at - 1] * 10 + (text[i] - '0');
  }
  return true;
}

} // namespace

expected<timestamp> parse_time(std::string_view text) {
  using namespace std::chrono;
  const auto refused = [&](const char* why) {
    return make_error(ec::invalid_argument,
                      why + (": '" + std::string{text} + "'"));
  };
  std::array<int, 6> parts{};
  if (!matches(text, "0000-00-00", parts)
      && !matches(text, "0000-00-00T00:00:00Z", parts))
    return refused(
      "a time is written 2024-01-31 or 2024-01-31T12:00:00Z (UTC)");
  const auto [y, mo, d, h, mi, s] = parts;
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)},
                            day{static_cast<unsigned>(d)}};
  if (!date.ok() || h > 23 || mi > 59 || s > 59)
    return refused(
      "a time is written 2024-01-31 or 2024-01-31T12:00:00Z (UTC)");
  const auto at
    = sys_seconds{sys_days{date}} + hours{h} + minutes{mi} + seconds{s};
  if (at < ceil<std::chrono::seconds>(timestamp::min())
      || at > floor<std::chrono::seconds>(timestamp::max()))
    return refused("a time is of the years 1678 to 2261");
  return timestamp{at};
}

std::string month_of(timestamp at) {
  return to_iso8601(at).substr(0, 7);
}

} // namespace fc::events
