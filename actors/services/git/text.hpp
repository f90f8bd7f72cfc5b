#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fc::actors::services {

/// Valid UTF-8 of bytes that should be it, by the one rule for all
/// (`events/common/utf8`). Sets `repaired` when anything changed.
std::string repair_utf8(std::string_view raw, bool& repaired);

/// Object ids (40 or 64 hex digits, also as a loose object's path) that git
/// names in its messages, each once, in order. Names of packs are left out.
std::vector<std::string> object_ids_in(std::string_view messages);

/// Whether this is a whole object id in lower-case hex.
bool is_object_id(std::string_view text) noexcept;

/// The last line that says something, for an error's text.
std::string last_line(std::string_view messages);

/// Without white space at both ends.
std::string_view trimmed(std::string_view text) noexcept;

} // namespace fc::actors::services
