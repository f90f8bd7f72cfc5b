#pragma once

#include "actors/services/process/process.hpp"
#include "events/error.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fc::actors::services {

/// One question to a server.
struct http_request {
  std::string method = "GET";
  std::string url; ///< http or https.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body; ///< Sent where the method is not GET or HEAD.
  double timeout_s = 30;
  std::uint64_t max_bytes = 64 << 20; ///< Of the answer's body.
  /// Redirects followed, at most; headers that hold a secret go to every one
  /// of them, so a request that has one leaves this at 0.
  int redirects = 0;
};

/// What a server answered, whatever its status.
struct http_response {
  long status = 0;
  /// Names in lower case, in the order they came; of the last answer.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body; ///< Unpacked; at most as much as was asked for.
  bool cut = false; ///< There was more.
  double seconds = 0;

  /// The first header of a name (in lower case), or nothing.
  std::optional<std::string_view> header(std::string_view name) const;
};

/// Asks servers. Thread-safe; connections are kept and used again. A port, so
/// that tests and other transports can stand in.
class http_client {
public:
  virtual ~http_client() = default;
  /// Blocks. Errors name the host, never the whole address or a header: they
  /// may hold a secret.
  /// @returns any status; `ec::unavailable` when nobody answered or the answer
  /// was cut off, `ec::timeout`, `ec::cancelled` when `stop` was set,
  /// `ec::invalid_argument` for a bad address.
  virtual expected<http_response>
  send(const http_request& request, const stop_flag& stop) = 0;
};

/// libcurl. @param user_agent Sent with every request; some servers want one.
std::shared_ptr<http_client>
make_http_client(std::string user_agent = "fc-data");

/// The address without user name and password, for logs and events.
std::string without_credentials(const std::string& url);

} // namespace fc::actors::services
