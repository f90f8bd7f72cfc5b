#pragma once

#include "events/policy/policy.hpp"

#include <string>
#include <string_view>

namespace fc::actors {

/// What the first pass says.
struct label_answer {
  bool performance = false;
  std::string reasoning;
};

/// What the second pass says.
struct category_answer {
  std::string category;
  std::string difficulty; ///< "easy", "medium" or "hard".
  std::string reasoning;
};

/// Reads YES or NO: from a JSON object, also one within prose, a code fence or
/// behind thoughts; else from a text that begins with the label or has it in a
/// line of its own.
/// @returns `ec::malformed` for everything else: prose without a label is no
/// "no".
events::expected<label_answer> read_label(std::string_view text);

/// Reads category and difficulty in the same way.
/// @returns `ec::malformed` also for a name that the policy does not have.
events::expected<category_answer>
read_category(std::string_view text, const events::policy::judge_rules& rules);

/// JSON Schema of either answer.
std::string label_schema();
std::string category_schema(const events::policy::judge_rules& rules);

} // namespace fc::actors
