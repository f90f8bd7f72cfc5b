#pragma once

#include "events/error.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <string>
#include <string_view>

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

/// What all fuzzers share. A fuzzer reads an input with the real parser and
/// checks what the parser promises.
namespace fc::fuzz {

/// Ends the program: libFuzzer then keeps the input.
[[noreturn]] inline void broken(std::string_view promise) {
  std::fprintf(stderr, "broken promise: %.*s\n",
               static_cast<int>(promise.size()), promise.data());
  std::abort();
}

inline void check(bool holds, std::string_view promise) {
  if (!holds)
    broken(promise);
}

/// An error must be one of those that the parser names, and say something.
inline void
check_error(const events::error& err, std::initializer_list<events::ec> named) {
  const auto code = events::code_of(err);
  const auto text = events::describe(err);
  if (std::ranges::find(named, code) == named.end())
    broken("an error that is not promised: " + text);
  check(text.size() > events::to_string(code).size() + 2,
        "an error says what is wrong");
}

/// Takes an input apart from its front. What is not there is zero or empty.
class input {
public:
  input(const std::uint8_t* data, std::size_t size)
    : rest_(reinterpret_cast<const char*>(data), size) {}

  std::uint8_t byte() {
    if (rest_.empty())
      return 0;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }

  /// At most so many bytes.
  std::string_view bytes(std::size_t count) {
    const auto first = rest_.substr(0, count);
    rest_.remove_prefix(first.size());
    return first;
  }

  /// Up to a mark, which is left out; all of it where there is none.
  std::string_view until(std::string_view mark) {
    const auto at = rest_.find(mark);
    if (at == std::string_view::npos)
      return bytes(rest_.size());
    const auto first = bytes(at);
    rest_.remove_prefix(mark.size());
    return first;
  }

  std::string_view rest() const noexcept {
    return rest_;
  }
  bool empty() const noexcept {
    return rest_.empty();
  }

private:
  std::string_view rest_;
};

} // namespace fc::fuzz
