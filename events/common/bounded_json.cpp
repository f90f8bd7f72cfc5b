#include "events/common/bounded_json.hpp"

#include "events/common/shown.hpp"
#include "events/common/utf8.hpp"

#include <nlohmann/json.hpp>

namespace fc::events::common {

namespace {

using nlohmann::json;

/// What values take beside the bytes of their text: an element of a list that
/// grows by doubling, a list or object, a text, and a member of an object (the
/// node of its tree; its name is a text as well).
constexpr std::uint64_t element_bytes = 2 * sizeof(json);
constexpr std::uint64_t list_bytes = 96;
constexpr std::uint64_t text_bytes = 48;
constexpr std::uint64_t member_bytes = 64;

error too_much(const std::string& why) {
  return make_error(ec::malformed, "the JSON " + why);
}

/// Past the closing quote, or at the end.
std::size_t string_end(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.size();
}

/// Whether `\\uD8xx` or the like stands at a place; which half it is.
char half_at(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text.substr(at, 2) != "\\u"
      || (text[at + 2] | 0x20) != 'd')
    return 0;
  const auto digit = static_cast<char>(text[at + 3] | 0x20);
  if (digit == '8' || digit == '9' || digit == 'a' || digit == 'b')
    return 'h';
  return digit >= 'c' && digit <= 'f' ? 'l' : 0;
}

/// One odd title must not cost a whole answer: bytes that are no UTF-8 and
/// halves of surrogate pairs that stand alone become U+FFFD.
/// @returns whether there were any.
bool repair(std::string& text) {
  bool any = false;
  text = clean_utf8(text, any);
  for (auto at = text.find('\\'); at != std::string::npos;
       at = text.find('\\', at)) {
    const auto half = half_at(text, at);
    if (half == 'h' && half_at(text, at + 6) == 'l') {
      at += 12;
    } else if (half != 0) {
      text.replace(at, 6, "\\ufffd");
      any = true;
      at += 6;
    } else {
      at += 2;
    }
  }
  return any;
}

/// Discarded where it is no JSON even then.
json repaired(std::string_view text) {
  std::string other{text};
  return repair(other) ? json::parse(other, nullptr, false)
                       : json(json::value_t::discarded);
}

} // namespace

error check_json(std::string_view text, const json_bounds& bounds) {
  if (text.size() > bounds.bytes)
    return too_much("has " + std::to_string(text.size()) + " bytes, more than "
                    + std::to_string(bounds.bytes));
  std::uint32_t depth = 0;
  std::uint64_t memory = text.size();
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      i = string_end(text, i);
      memory += text_bytes;
      continue;
    }
    ++i;
    if (c == '[' || c == '{') {
      memory += list_bytes;
      if (++depth > bounds.depth)
        return too_much("is nested deeper than " + std::to_string(bounds.depth)
                        + " levels at byte " + std::to_string(i));
    } else if (c == ']' || c == '}') {
      depth -= depth > 0 ? 1 : 0;
    } else if (c == ',') {
      memory += element_bytes;
    } else if (c == ':') {
      // The comma before it counted an element.
      memory += member_bytes - element_bytes;
    }
    if (memory > bounds.memory)
      return too_much("would take more than "
                      + std::to_string(bounds.memory >> 20U)
                      + " MiB of memory");
  }
  return {};
}

expected<json> parse_json(std::string_view text, const json_bounds& bounds) {
  if (auto err = check_json(text, bounds))
    return err;
  try {
    return json::parse(text);
  } catch (const json::exception& failed) {
    if (auto other = repaired(text); !other.is_discarded())
      return other;
    // The library quotes the token it stumbled over, however long.
    constexpr std::size_t max = 300;
    const std::string why = failed.what();
    return make_error(ec::malformed, shown(utf8_prefix(why, max))
                                       + (why.size() > max ? "…" : ""));
  }
}

json read_json(std::string_view text, const json_bounds& bounds) {
  if (check_json(text, bounds))
    return json(json::value_t::discarded);
  auto result = json::parse(text, nullptr, false);
  return result.is_discarded() ? repaired(text) : result;
}

} // namespace fc::events::common
