#include "tools/shell/checks.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace fc::shell {

namespace {

std::string not_finite(std::string& text) {
  // Not as C reads it: no hexadecimal numbers, no spaces.
  double value = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || !std::isfinite(value)
      || value < 0)
    return "'" + text + "' is not a number of at least 0";
  return {};
}

/// CLI11 takes -1 for the largest number there is, and what is larger still.
std::string not_whole(std::string& text) {
  std::int64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc{} || read.ptr != end || value < 0)
    return "'" + text
           + "' is not a whole number of at least 0, or it is too large";
  return {};
}

std::string empty_value(std::string& text) {
  return text.empty() ? "the value is empty; leave the option out, or give one"
                      : "";
}

} // namespace

void check_all_values(CLI::App& app) {
  for (auto* option : app.get_options([](const CLI::Option* x) {
         return x->get_items_expected_max() > 0;
       })) {
    // The type comes first in its name, before those of other checks.
    const auto type = option->get_type_name();
    option->check(CLI::Validator{empty_value, ""});
    if (type.starts_with("FLOAT"))
      option->check(CLI::Validator{not_finite, ""});
    else if (type.starts_with("INT") || type.starts_with("UINT"))
      option->check(CLI::Validator{not_whole, ""});
  }
}

std::string option_without_value(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word{argv[i]};
    if (word == "--")
      return {};
    if (word.starts_with("--") && word.find('=') == word.size() - 1)
      return std::string{word.substr(0, word.size() - 1)};
  }
  return {};
}

std::string usage_error_text(const CLI::ParseError& err, const CLI::App& app) {
  if (dynamic_cast<const CLI::ExtrasError*>(&err) == nullptr)
    return err.what();
  std::string names;
  for (const auto& word : app.remaining())
    if (word.starts_with("--") && word.size() > 2)
      names += " " + word.substr(0, word.find('='));
  return names.empty() ? err.what() : "there is no option" + names;
}

} // namespace fc::shell
