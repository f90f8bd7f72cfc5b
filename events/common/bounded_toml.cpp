#include "events/common/bounded_toml.hpp"

#include "events/common/bounded_file.hpp"

namespace fc::events::common {

namespace {

constexpr std::size_t max_dots = 16;

/// Past a string that begins at `at`; one of one line ends with it.
std::size_t string_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool lines = text.substr(at, 3) == three;
  for (at += lines ? 3 : 1; at < text.size(); ++at) {
    if (text[at] == '\\' && quote == '"')
      ++at;
    else if (lines && text.substr(at, 3) == three)
      return at + 3;
    else if (!lines && (text[at] == quote || text[at] == '\n'))
      return at + (text[at] == quote ? 1 : 0);
  }
  return text.size();
}

} // namespace

error check_toml(std::string_view text, std::string_view origin) {
  const auto no = [&](std::size_t line, const std::string& why) {
    return make_error(ec::invalid_argument, std::string{origin} + ":"
                                              + std::to_string(line) + ": "
                                              + why);
  };
  if (text.size() > max_config_bytes)
    return no(1, "more than " + std::to_string(max_config_bytes) + " bytes");
  std::size_t line = 1;
  std::size_t dots = 0;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      const auto end = string_end(text, i);
      for (; i < end; ++i)
        line += text[i] == '\n' ? 1 : 0;
      continue;
    }
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size());
      continue;
    }
    if (c == '.' && ++dots > max_dots)
      return no(line, "a key has more than " + std::to_string(max_dots + 1)
                        + " parts");
    if (std::string_view{",={}[]\n"}.find(c) != std::string_view::npos)
      dots = 0;
    line += c == '\n' ? 1 : 0;
    ++i;
  }
  return {};
}

} // namespace fc::events::common
