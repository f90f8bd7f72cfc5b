#pragma once

#include "caf/error.hpp"
#include "caf/expected.hpp"
#include "caf/make_message.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace fc::events {

/// Why something could not be done. The text that goes with a code says what,
/// where and what to do about it.
enum class ec : std::uint8_t {
  /// Never used: zero means success to CAF.
  none = 0,
  /// The user's input cannot be used.
  invalid_argument,
  /// A named thing does not exist.
  not_found,
  /// The stream is not at the expected sequence; nothing was written.
  conflict,
  /// The log or a store could not be read or written.
  storage_failure,
  /// Another process holds the log.
  already_in_use,
  /// Bytes are damaged: a checksum, the hash chain or a verifier failed.
  corrupt,
  /// Written by a newer program.
  too_new,
  /// A service or tool could not be reached or started; worth a retry.
  unavailable,
  /// A service said to come back later.
  rate_limited,
  /// Something ran longer than it was allowed to.
  timeout,
  /// A service or tool refused; a retry will not help.
  refused,
  /// An answer could not be understood.
  malformed,
  /// Objects that a repository should hold are absent.
  missing_object,
  /// The program was asked to stop.
  cancelled,
  /// A service wants money first: nothing can be asked of it.
  no_money,
  /// A service does not know who asks, or does not have what is asked for:
  /// nothing can be asked of it.
  no_access,
  /// The user's own budget does not allow it; nothing was asked.
  over_budget,
  /// A question is longer than whoever was asked can read.
  too_long,
  /// A model declined to answer this question.
  declined,
  /// A model's answer ended at its cap, before its end.
  answer_cut,
  /// An answer had no end within the bytes it may have.
  endless,
  /// A mistake of ours.
  internal,
};

/// The name of a code, e.g. "storage_failure".
std::string_view to_string(ec code) noexcept;

/// Text of an error as one line: "code: what, where, what to do".
std::string describe(const caf::error& err);

/// Code of one of our errors; `ec::internal` for a foreign one.
ec code_of(const caf::error& err) noexcept;

/// Whether the same request may succeed later without anybody's help.
bool is_transient(const caf::error& err) noexcept;

template <class T>
using expected = caf::expected<T>;
using caf::error;

} // namespace fc::events

CAF_ERROR_CODE_ENUM(fc::events::ec, "fc")

namespace fc::events {

/// The one way to make an error: a code and a line that explains it.
error make_error(ec code, std::string text);

} // namespace fc::events
