#pragma once

#include "events/policy/policy.hpp"
#include "events/pull_request.hpp"

#include <memory>
#include <variant>

namespace fc::events::policy {

using symbolic_verdict = std::variant<symbolic_passed, symbolic_rejected>;

inline bool is_passed(const symbolic_verdict& x) noexcept {
  return std::holds_alternative<symbolic_passed>(x);
}

/// The symbolic rules with their terms compiled once; immutable, so any number
/// of threads may share one.
class symbolic_gate {
public:
  explicit symbolic_gate(const symbolic_rules& rules);
  ~symbolic_gate();
  symbolic_gate(symbolic_gate&&) noexcept;
  symbolic_gate& operator=(symbolic_gate&&) noexcept;

  /// The rules come in three parts, as what they read becomes known, and each
  /// part takes the verdict of those before. A rejection stays.
  symbolic_verdict by_title(std::string_view title) const;
  /// Number of files, lines, core files. The diff is worth fetching only if
  /// these pass.
  symbolic_verdict by_files(symbolic_verdict so_far, const scraped& x) const;
  /// The size of the diff.
  symbolic_verdict by_diff(symbolic_verdict so_far, const scraped& x) const;

  /// All that needs no diff.
  symbolic_verdict before_diff(const scraped& x) const {
    return by_files(by_title(x.title), x);
  }
  symbolic_verdict decide(const scraped& x) const {
    return by_diff(before_diff(x), x);
  }

private:
  struct terms;
  symbolic_rules rules_;
  std::unique_ptr<terms> terms_;
};

} // namespace fc::events::policy
