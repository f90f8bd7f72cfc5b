#include "tools/shell/checks.hpp"

#include <cmath>
#include <cstdlib>
#include <string_view>

namespace fc::shell {

namespace {

std::string not_finite(std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !std::isfinite(value))
    return "'" + text + "' is no number";
  return {};
}

std::string empty_value(std::string& text) {
  return text.empty() ? "the value is empty; leave the option out, or give one"
                      : "";
}

} // namespace

const CLI::Validator finite_number{not_finite, "NUMBER"};

void refuse_empty_values(CLI::App& app) {
  for (auto* option : app.get_options(
         [](const CLI::Option* x) { return x->get_items_expected_max() > 0; }))
    option->check(CLI::Validator{empty_value, ""});
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

} // namespace fc::shell
