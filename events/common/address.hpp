#pragma once

#include "events/error.hpp"

#include <string>
#include <string_view>

namespace fc::events::common {

/// An address and what opens its door. Only `url` may be shown, recorded or
/// given to a program as an argument.
struct split_address {
  std::string url;      ///< Without password; without the name too, but in ssh.
  std::string user;     ///< Decoded; empty: none was given, or ssh has it.
  std::string password; ///< Decoded.

  bool has_credentials() const noexcept {
    return !user.empty() || !password.empty();
  }
};

/// @returns `ec::invalid_argument`, which quotes nothing, for a password that
/// ssh could not take and for control characters.
expected<split_address> split_credentials(std::string_view url);

/// A text with name and password cut out of every address in it, and with the
/// values of parameters such as `?access_token=` replaced.
std::string without_credentials(std::string_view text);

/// Overwrites the same in the arguments of this program, which everybody on
/// the machine can read.
void hide_credentials(int argc, char** argv) noexcept;

/// Why a text is no address of a Postgres database, or no error. Strict where
/// libpq guesses and then quotes parts of the password: `@`, `/` and `%` of a
/// password must be encoded. Never quotes the text.
error check_database_address(std::string_view address);

/// What a library says of a database without the parts of the address that
/// open it.
std::string without_password(std::string message, std::string_view address);

/// A text without what opens the door of `url`, alone or in its address, for
/// what programs say that were given it.
std::string without_secrets_of(std::string text, std::string_view url);

} // namespace fc::events::common
