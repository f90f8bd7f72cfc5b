#pragma once

#include <concepts>
#include <string>
#include <string_view>

/// FC_ASSERT(condition, values...) states what always holds, in every build:
/// else the program names place, condition and values, and aborts before a
/// mistake of ours reaches the disk. Never for what others wrote: use `error`.
#define FC_ASSERT(condition, ...)                                              \
  do {                                                                         \
    if (!(condition)) [[unlikely]]                                             \
      ::fc::events::common::assertion_failed(                                  \
        {__FILE__, __LINE__, #condition}, #__VA_ARGS__,                        \
        ::fc::events::common::values_of(__VA_ARGS__));                         \
  } while (false)

namespace fc::events::common {

/// Where it stands and what it says.
struct assertion {
  std::string_view file;
  int line;
  std::string_view condition;
};

/// Prints one line to standard error and aborts.
[[noreturn]] void
assertion_failed(const assertion& what, std::string_view names,
                 const std::string& values) noexcept;

inline std::string value_text(std::string_view x) {
  return "'" + std::string{x} + "'";
}
inline std::string value_text(bool x) {
  return x ? "true" : "false";
}
template <std::integral T>
std::string value_text(T x) {
  return std::to_string(x);
}
template <class T>
requires requires(const T& x) {
  x.hex();
}
std::string value_text(const T& x) {
  return x.hex();
}

/// The values in the order given, between commas.
template <class... Ts>
std::string values_of(const Ts&... values) {
  std::string all;
  ((all += (all.empty() ? "" : ", ") + value_text(values)), ...);
  return all;
}

} // namespace fc::events::common
