#pragma once

#include "events/error.hpp"
#include "events/ids.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace fc::actors::services {

/// A private RSA key, to sign with. Shared, never copied; its text is in no
/// error.
class signing_key {
public:
  /// @param pem PKCS#1 or PKCS#8, as GitHub and Google hand it out.
  /// @param origin Names the file in errors.
  /// @returns `ec::invalid_argument` for what is no private RSA key.
  static events::expected<signing_key>
  read(std::string_view pem, std::string_view origin);

  /// A signed JSON Web Token (RFC 7519) with RS256.
  /// @param claims A JSON object.
  events::expected<std::string> jwt(std::string_view claims) const;

private:
  struct state;
  std::shared_ptr<const state> state_;
};

/// Seconds since 1970, as tokens state times.
std::int64_t unix_seconds(events::timestamp at);

/// URL-safe base64 without padding (RFC 4648, section 5).
std::string base64url(events::byte_view data);

} // namespace fc::actors::services
