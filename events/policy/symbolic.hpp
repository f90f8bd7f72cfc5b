#pragma once

#include "events/policy/policy.hpp"
#include "events/pull_request.hpp"

#include <memory>
#include <variant>

namespace fc::events::policy {

using symbolic_verdict = std::variant<symbolic_passed, symbolic_rejected>;

/// The symbolic rules with their terms compiled once; immutable, so any number
/// of threads may share one.
class symbolic_gate {
public:
  explicit symbolic_gate(const symbolic_rules& rules);
  ~symbolic_gate();
  symbolic_gate(symbolic_gate&&) noexcept;
  symbolic_gate& operator=(symbolic_gate&&) noexcept;

  /// Rules that need no diff: title, number of files, lines, core files. The
  /// diff is worth fetching only if these pass.
  symbolic_verdict before_diff(const scraped& x) const;

  /// All rules, the size of the diff included.
  symbolic_verdict decide(const scraped& x) const;

private:
  struct terms;
  symbolic_rules rules_;
  std::unique_ptr<terms> terms_;
};

} // namespace fc::events::policy
