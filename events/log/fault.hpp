#pragma once

#include "events/error.hpp"
#include "events/ids.hpp"

#include <string>
#include <string_view>

namespace fc::events::log {

/// What to do about damage, to end an error with.
inline constexpr const char* way_out
  = "; restore the log from a backup or run fcreplay --repair";

/// A damaged record, with what the user can do about it.
error corrupt_record(position at, std::string_view what);

/// The words of an error without its code, to be part of another error.
std::string text_of(const error& err);

} // namespace fc::events::log
