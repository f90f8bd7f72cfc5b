#include "actors/services/http/client.hpp"

#include "events/common/address.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <mutex>
#include <strings.h>

namespace fc::actors::services {

using events::ec;
using events::error;
using events::make_error;

namespace {

struct curl_deleter {
  void operator()(CURL* x) const noexcept {
    ::curl_easy_cleanup(x);
  }
  void operator()(curl_slist* x) const noexcept {
    ::curl_slist_free_all(x);
  }
};

using handle = std::unique_ptr<CURL, curl_deleter>;
using header_list = std::unique_ptr<curl_slist, curl_deleter>;

/// Where libcurl's callbacks put what comes.
struct receiver {
  http_response answer;
  std::uint64_t max_bytes = 0;
  const stop_flag* stop = nullptr;
};

/// Less than was offered means: no more of it.
std::size_t take_body(char* data, std::size_t, std::size_t count, void* raw) {
  auto& into = *static_cast<receiver*>(raw);
  const auto room = into.max_bytes - into.answer.body.size();
  const auto taken = std::min<std::uint64_t>(room, count);
  into.answer.body.append(data, taken);
  into.answer.cut = taken < count;
  return taken;
}

std::string_view trimmed(std::string_view x) {
  const auto from = x.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos)
    return {};
  return x.substr(from, x.find_last_not_of(" \t\r\n") - from + 1);
}

std::size_t take_header(char* data, std::size_t, std::size_t count, void* raw) {
  auto& headers = static_cast<receiver*>(raw)->answer.headers;
  const std::string_view line{data, count};
  if (line.starts_with("HTTP/"))
    headers.clear(); // of a redirect or of "100 Continue" before
  const auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return count;
  std::string name{line.substr(0, colon)};
  std::ranges::transform(name, name.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  headers.emplace_back(std::move(name), trimmed(line.substr(colon + 1)));
  return count;
}

/// Other than 0 ends the transfer.
int watch(void* raw, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& stop = *static_cast<receiver*>(raw)->stop;
  return stop && stop->load() ? 1 : 0;
}

bool is_address(const std::string& url) {
  return (url.starts_with("http://") || url.starts_with("https://"))
         && url.find('\0') == std::string::npos;
}

/// The name of a header that would end early and begin another; a secret may
/// come from a file with a line end.
std::optional<std::string> torn_header(const http_request& request) {
  for (const auto& [name, value] : request.headers)
    for (const auto* part : {&name, &value})
      if (part->find_first_of(std::string_view{"\r\n\0", 3})
          != std::string::npos)
        return part == &name ? "a header's name" : name;
  return std::nullopt;
}

/// Scheme and host alone.
std::string host_of(const std::string& url) {
  const auto shown = without_credentials(url);
  const auto start = shown.find("://") + 3;
  return shown.substr(0, shown.find_first_of("/?#", start));
}

error failure_of(CURLcode code, const http_request& request,
                 const stop_flag& stop) {
  auto why = host_of(request.url) + ": " + ::curl_easy_strerror(code);
  if (code == CURLE_ABORTED_BY_CALLBACK && stop && stop->load())
    return make_error(ec::cancelled, host_of(request.url) + ": stopped");
  if (code == CURLE_URL_MALFORMAT)
    return make_error(ec::invalid_argument, std::move(why));
  if (code == CURLE_OPERATION_TIMEDOUT)
    return make_error(ec::timeout, std::move(why));
  return make_error(ec::unavailable, std::move(why));
}

/// Servers and proxies quote what they refuse, and answers are recorded: what
/// opened the door does not come back with them.
void hide_echoes(const http_request& request, http_response& answer) {
  constexpr std::size_t shortest = 8;
  constexpr std::string_view mark = "[key]";
  for (const auto& [name, value] : request.headers) {
    const bool opens = ::strcasecmp(name.c_str(), "authorization") == 0
                       || ::strcasecmp(name.c_str(), "x-api-key") == 0
                       || ::strcasecmp(name.c_str(), "api-key") == 0;
    const auto secret = value.substr(value.rfind(' ') + 1);
    if (!opens || secret.size() < shortest)
      continue;
    const auto hide = [&](std::string& text) {
      for (auto at = text.find(secret); at != std::string::npos;
           at = text.find(secret, at + mark.size()))
        text.replace(at, secret.size(), mark);
    };
    hide(answer.body);
    for (auto& header : answer.headers)
      hide(header.second);
  }
}

class curl_client : public http_client {
public:
  explicit curl_client(std::string user_agent)
    : user_agent_(std::move(user_agent)) {}

  expected<http_response>
  send(const http_request& request, const stop_flag& stop) override {
    if (!is_address(request.url))
      return make_error(ec::invalid_argument,
                        "'" + without_credentials(request.url)
                          + "' is not an http or https address");
    if (const auto torn = torn_header(request))
      return make_error(ec::invalid_argument,
                        host_of(request.url) + ": " + *torn
                          + " holds a line end and is not sent");
    auto curl = borrow();
    if (!curl)
      return make_error(ec::internal, "libcurl cannot be set up");
    // An empty one: large bodies are sent without asking first.
    header_list headers{::curl_slist_append(nullptr, "Expect:")};
    for (const auto& [name, value] : request.headers)
      headers.reset(
        ::curl_slist_append(headers.release(), (name + ": " + value).c_str()));
    receiver into{{}, request.max_bytes, &stop};
    prepare(curl.get(), request, headers.get(), into);
    const auto code = ::curl_easy_perform(curl.get());
    ::curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE,
                        &into.answer.status);
    ::curl_easy_getinfo(curl.get(), CURLINFO_TOTAL_TIME, &into.answer.seconds);
    give_back(std::move(curl));
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && into.answer.cut)) {
      hide_echoes(request, into.answer);
      return std::move(into.answer);
    }
    return failure_of(code, request, stop);
  }

private:
  handle borrow() {
    // Not safe to do twice at once.
    static std::once_flag once;
    static CURLcode ready = CURLE_OK;
    std::call_once(once,
                   [] { ready = ::curl_global_init(CURL_GLOBAL_DEFAULT); });
    {
      const std::lock_guard lock{mutex_};
      if (!idle_.empty()) {
        auto x = std::move(idle_.back());
        idle_.pop_back();
        return x;
      }
    }
    return handle{ready == CURLE_OK ? ::curl_easy_init() : nullptr};
  }

  void give_back(handle x) {
    ::curl_easy_reset(x.get()); // keeps its connections
    const std::lock_guard lock{mutex_};
    idle_.push_back(std::move(x));
  }

  void prepare(CURL* raw, const http_request& request, curl_slist* headers,
               receiver& into) const {
    const auto milliseconds
      = static_cast<long>(std::clamp(request.timeout_s, 0.001, 86400.0) * 1000);
    ::curl_easy_setopt(raw, CURLOPT_URL, request.url.c_str());
    ::curl_easy_setopt(raw, CURLOPT_PROTOCOLS_STR, "http,https");
    ::curl_easy_setopt(raw, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    ::curl_easy_setopt(raw, CURLOPT_FOLLOWLOCATION,
                       request.redirects > 0 ? 1L : 0L);
    ::curl_easy_setopt(raw, CURLOPT_MAXREDIRS, long{request.redirects});
    ::curl_easy_setopt(raw, CURLOPT_TIMEOUT_MS, milliseconds);
    ::curl_easy_setopt(raw, CURLOPT_TCP_KEEPALIVE, 1L);
    // Signals would hit a random thread of this program.
    ::curl_easy_setopt(raw, CURLOPT_NOSIGNAL, 1L);
    ::curl_easy_setopt(raw, CURLOPT_USERAGENT, user_agent_.c_str());
    ::curl_easy_setopt(raw, CURLOPT_ACCEPT_ENCODING, ""); // all it can unpack
    ::curl_easy_setopt(raw, CURLOPT_HTTPHEADER, headers);
    ::curl_easy_setopt(raw, CURLOPT_WRITEFUNCTION, &take_body);
    ::curl_easy_setopt(raw, CURLOPT_WRITEDATA, &into);
    ::curl_easy_setopt(raw, CURLOPT_HEADERFUNCTION, &take_header);
    ::curl_easy_setopt(raw, CURLOPT_HEADERDATA, &into);
    ::curl_easy_setopt(raw, CURLOPT_NOPROGRESS, 0L);
    ::curl_easy_setopt(raw, CURLOPT_XFERINFOFUNCTION, &watch);
    ::curl_easy_setopt(raw, CURLOPT_XFERINFODATA, &into);
    if (request.method == "GET")
      return;
    if (request.method == "HEAD") {
      ::curl_easy_setopt(raw, CURLOPT_NOBODY, 1L);
      return;
    }
    ::curl_easy_setopt(raw, CURLOPT_POST, 1L);
    ::curl_easy_setopt(raw, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    ::curl_easy_setopt(raw, CURLOPT_POSTFIELDS, request.body.data());
    ::curl_easy_setopt(raw, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(request.body.size()));
  }

  std::string user_agent_;
  std::mutex mutex_;
  std::vector<handle> idle_;
};

} // namespace

std::optional<std::string_view>
http_response::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name)
      return value;
  return std::nullopt;
}

std::shared_ptr<http_client> make_http_client(std::string user_agent) {
  return std::make_shared<curl_client>(std::move(user_agent));
}

std::string without_credentials(const std::string& url) {
  return events::common::without_credentials(url);
}

} // namespace fc::actors::services
