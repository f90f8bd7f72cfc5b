#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

namespace fc::actors {

/// How many a page asks for. Halved when GitHub cannot make the page in time,
/// doubled again after a row of pages that worked. A timeout costs points: each
/// time that the larger page fails again, the row must be twice as long.
class page_size {
public:
  static constexpr std::uint32_t max = 100;

  explicit page_size(std::uint32_t begin = max)
    : size_(std::clamp(begin, 1u, max)) {}

  std::uint32_t now() const noexcept {
    return size_;
  }
  /// Of at most `left` that are expected.
  std::uint32_t of(std::uint32_t left) const noexcept {
    return std::clamp(left, 1u, size_);
  }
  void worked() noexcept {
    if (size_ == max || ++good_ < patience_)
      return;
    size_ = std::min(size_ * 2, max);
    good_ = 0;
    grown_ = true;
  }
  /// @param asked What the page that was too heavy asked for.
  /// @returns false when a page of one is too heavy.
  bool too_heavy(std::uint32_t asked) noexcept {
    good_ = 0;
    if (std::exchange(grown_, false))
      patience_ = std::min(patience_ * 2, 640u);
    if (asked <= 1)
      return false;
    size_ = std::max(1u, std::min(size_, asked) / 2);
    return true;
  }

private:
  std::uint32_t size_;
  std::uint32_t good_ = 0;
  std::uint32_t patience_ = 20; ///< Pages that must work before it grows.
  bool grown_ = false;          ///< And has not failed since.
};

} // namespace fc::actors
