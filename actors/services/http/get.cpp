#include "actors/services/http/get.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

struct receiver {
  http_answer answer;
  std::uint64_t max_bytes;
};

/// libcurl's callback; less than it offered means: no more of it.
std::size_t receive(char* data, std::size_t, std::size_t count, void* raw) {
  auto& into = *static_cast<receiver*>(raw);
  auto room = into.max_bytes - into.answer.body.size();
  auto taken = std::min<std::uint64_t>(room, count);
  into.answer.body.append(data, taken);
  into.answer.cut = taken < count;
  return taken;
}

struct handle_deleter {
  void operator()(CURL* handle) const noexcept {
    ::curl_easy_cleanup(handle);
  }
};

using handle = std::unique_ptr<CURL, handle_deleter>;

handle make_handle() {
  // Not safe to do twice at once.
  static std::once_flag once;
  static CURLcode ready = CURLE_OK;
  std::call_once(once, [] { ready = ::curl_global_init(CURL_GLOBAL_DEFAULT); });
  return handle{ready == CURLE_OK ? ::curl_easy_init() : nullptr};
}

} // namespace

events::expected<http_answer>
http_get(const std::string& url, double timeout_s, std::uint64_t max_bytes) {
  auto shown = without_credentials(url);
  if ((!url.starts_with("http://") && !url.starts_with("https://"))
      || url.find('\0') != std::string::npos)
    return make_error(ec::invalid_argument,
                      "'" + shown + "' is no http or https address");
  auto curl = make_handle();
  if (!curl)
    return make_error(ec::internal, "libcurl cannot be set up");
  receiver into{{}, max_bytes};
  auto milliseconds
    = static_cast<long>(std::clamp(timeout_s, 0.001, 3600.0) * 1000);
  auto* raw = curl.get();
  ::curl_easy_setopt(raw, CURLOPT_URL, url.c_str());
  ::curl_easy_setopt(raw, CURLOPT_PROTOCOLS_STR, "http,https");
  ::curl_easy_setopt(raw, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  ::curl_easy_setopt(raw, CURLOPT_FOLLOWLOCATION, 1L);
  ::curl_easy_setopt(raw, CURLOPT_MAXREDIRS, 5L);
  ::curl_easy_setopt(raw, CURLOPT_TIMEOUT_MS, milliseconds);
  // Signals would hit a random thread of this program.
  ::curl_easy_setopt(raw, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(raw, CURLOPT_USERAGENT, "fc-data");
  ::curl_easy_setopt(raw, CURLOPT_WRITEFUNCTION, &receive);
  ::curl_easy_setopt(raw, CURLOPT_WRITEDATA, &into);
  auto code = ::curl_easy_perform(raw);
  ::curl_easy_getinfo(raw, CURLINFO_RESPONSE_CODE, &into.answer.status);
  if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && into.answer.cut))
    return std::move(into.answer);
  auto why = shown + ": " + ::curl_easy_strerror(code);
  if (code == CURLE_URL_MALFORMAT)
    return make_error(ec::invalid_argument, std::move(why));
  if (code == CURLE_OPERATION_TIMEDOUT)
    return make_error(ec::timeout, std::move(why));
  return make_error(ec::unavailable, std::move(why));
}

std::string without_credentials(const std::string& url) {
  auto scheme = url.find("://");
  if (scheme == std::string::npos)
    return url;
  auto start = scheme + 3;
  auto end = std::min(url.find_first_of("/?#", start), url.size());
  auto at = url.rfind('@', end);
  if (at == std::string::npos || at < start || at >= end)
    return url;
  return url.substr(0, start) + url.substr(at + 1);
}

} // namespace fc::actors::services
