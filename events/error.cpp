#include "events/error.hpp"

#include "caf/deep_to_string.hpp"

#include <array>

namespace fc::events {

namespace {

constexpr std::array names{
  std::string_view{"none"},
  std::string_view{"invalid_argument"},
  std::string_view{"not_found"},
  std::string_view{"conflict"},
  std::string_view{"storage_failure"},
  std::string_view{"already_in_use"},
  std::string_view{"corrupt"},
  std::string_view{"too_new"},
  std::string_view{"unavailable"},
  std::string_view{"rate_limited"},
  std::string_view{"timeout"},
  std::string_view{"refused"},
  std::string_view{"malformed"},
  std::string_view{"missing_object"},
  std::string_view{"cancelled"},
  std::string_view{"no_money"},
  std::string_view{"no_access"},
  std::string_view{"over_budget"},
  std::string_view{"too_long"},
  std::string_view{"declined"},
  std::string_view{"answer_cut"},
  std::string_view{"endless"},
  std::string_view{"internal"},
};

static_assert(names.size() == static_cast<std::size_t>(ec::internal) + 1,
              "every code has a name");

constexpr auto category = caf::atom("fc");

} // namespace

std::string_view to_string(ec code) noexcept {
  const auto index = static_cast<std::size_t>(code);
  return index < names.size() ? names[index] : "unknown";
}

std::string describe(const caf::error& err) {
  if (!err)
    return "no error";
  if (err.category() != category)
    return caf::deep_to_string(err);
  std::string text{to_string(code_of(err))};
  if (err.context().match_elements<std::string>())
    text += ": " + err.context().get_as<std::string>(0);
  return text;
}

ec code_of(const caf::error& err) noexcept {
  if (!err)
    return ec::none;
  if (err.category() != category || err.code() >= names.size())
    return ec::internal;
  return static_cast<ec>(err.code());
}

bool is_transient(const caf::error& err) noexcept {
  switch (code_of(err)) {
  case ec::unavailable:
  case ec::rate_limited:
  case ec::timeout:
  case ec::conflict:
    return true;
  default:
    return false;
  }
}

error make_error(ec code, std::string text) {
  return {code, std::move(text)};
}

} // namespace fc::events
