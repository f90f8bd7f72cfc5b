#pragma once

#include "actors/services/http/client.hpp"
#include "actors/services/limits/clock.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace fc::actors::services {

/// Who asks Google. Thread-safe; may ask a server for a token.
class google_access {
public:
  virtual ~google_access() = default;
  virtual expected<std::string> token(const stop_flag& stop) = 0;
  /// The service refused the token (401).
  /// @returns whether `token` now gives another.
  virtual bool renew() = 0;
  /// Who it is, for people; no secret. Empty: not known.
  virtual std::string account() const = 0;
  /// The account's own project; empty: not known.
  virtual std::string project() const = 0;
};

/// A token that somebody else made, e.g. `gcloud auth print-access-token`.
std::shared_ptr<google_access> ready_access(std::string token);

/// A service account: signs for a token at the address its file names, and for
/// the next one shortly before that expires.
/// @param json Text of the account's key file; `origin` names it in errors.
/// @returns `ec::invalid_argument` for what is no such file.
expected<std::shared_ptr<google_access>>
service_account(std::string_view json, std::string_view origin,
                std::shared_ptr<http_client> http,
                std::shared_ptr<wait_clock> time);

} // namespace fc::actors::services
