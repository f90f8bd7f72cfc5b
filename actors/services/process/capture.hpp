#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fc::actors::services {

/// Keeps the head and the tail of a stream within a number of bytes.
class capture {
public:
  explicit capture(std::uint64_t max) : max_(max) {}

  void add(std::string_view data);

  /// Head, a line that says how much is missing, tail.
  std::string text() const;

private:
  std::uint64_t max_;
  std::string head_;
  std::string tail_; ///< At most twice its share, trimmed now and then.
  std::uint64_t total_ = 0;
};

} // namespace fc::actors::services
