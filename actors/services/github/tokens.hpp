#pragma once

#include "actors/services/process/process.hpp"
#include "events/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace fc::actors::services {

/// Whose tokens a service is asked with. Thread-safe.
class token_source {
public:
  virtual ~token_source() = default;
  virtual std::size_t size() const = 0;
  /// A name that stays when the token is made anew; tells no secret.
  virtual std::string name(std::size_t index) const = 0;
  /// The token itself, made or refreshed where needed; may ask a server.
  virtual events::expected<std::string>
  token(std::size_t index, const stop_flag& stop) = 0;
  /// The service said that it is not valid (401).
  /// @returns whether `token` now gives another that is worth a try.
  virtual bool renew(std::size_t index) = 0;
};

/// Personal tokens as the user gave them; empty ones and repeated ones are left
/// out.
std::shared_ptr<token_source> fixed_tokens(const std::vector<std::string>& all);

/// A name for a secret: the first 12 hex digits of its SHA-256.
std::string name_of_secret(const std::string& secret);

} // namespace fc::actors::services
