#include "actors/services/github/etag_cache.hpp"

#include "actors/services/python/json.hpp"
#include "events/common/bounded_json.hpp"
#include "events/ids.hpp"

#include <array>
#include <fstream>
#include <iterator>

namespace fc::actors::services {

using nlohmann::json;

namespace {

/// Headers that readers of an answer look at.
constexpr std::array<std::string_view, 4> kept_headers{
  "etag", "link", "content-type", "last-modified"};

} // namespace

etag_cache::etag_cache(std::filesystem::path folder)
  : folder_(std::move(folder)) {}

std::filesystem::path
etag_cache::file_of(const std::string& url, const std::string& accept) const {
  return folder_ / events::sha256(events::as_bytes(accept + "\n" + url)).hex();
}

std::optional<etag_cache::entry>
etag_cache::find(const std::string& url, const std::string& accept) const {
  if (folder_.empty())
    return std::nullopt;
  std::ifstream in{file_of(url, accept), std::ios::binary};
  std::string line;
  if (!in || !std::getline(in, line))
    return std::nullopt;
  const auto about = events::common::read_json(line);
  entry x;
  x.answer.body.assign(std::istreambuf_iterator<char>{in}, {});
  // The digest covers the body; the address guards against a file put there.
  if (!about.is_object() || json_text(about, "url") != url
      || json_text(about, "accept") != accept
      || json_text(about, "sha256")
           != events::sha256(events::as_bytes(x.answer.body)).hex())
    return std::nullopt;
  x.answer.status = 200;
  for (const auto name : kept_headers) {
    auto value = json_text(about, std::string{name}.c_str());
    if (!value.empty())
      x.answer.headers.emplace_back(name, std::move(value));
  }
  x.etag = json_text(about, "etag");
  if (x.etag.empty())
    return std::nullopt;
  return x;
}

void etag_cache::keep(const std::string& url, const std::string& accept,
                      const http_response& answer) const {
  if (folder_.empty() || answer.status != 200 || answer.cut
      || !answer.header("etag"))
    return;
  json about{{"url", url},
             {"accept", accept},
             {"sha256", events::sha256(events::as_bytes(answer.body)).hex()}};
  for (const auto name : kept_headers)
    if (const auto value = answer.header(name))
      about[std::string{name}] = *value;
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  const auto file = file_of(url, accept);
  auto part = file;
  part += ".part-" + events::event_id::random().hex();
  {
    std::ofstream out{part, std::ios::binary};
    out << about.dump(-1, ' ', false, json::error_handler_t::replace) << '\n'
        << answer.body;
    out.close();
    if (!out) {
      std::filesystem::remove(part, ignored);
      return;
    }
  }
  std::filesystem::rename(part, file, ignored);
  if (ignored)
    std::filesystem::remove(part, ignored);
}

bool same_etag(std::string_view a, std::string_view b) {
  const auto strong = [](std::string_view x) {
    return x.starts_with("W/") ? x.substr(2) : x;
  };
  return strong(a) == strong(b);
}

} // namespace fc::actors::services
