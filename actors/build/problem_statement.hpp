#pragma once

#include "events/pull_request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fc::actors {

/// A task's text as shown to whoever is to solve it.
struct problem_statement {
  std::string text; ///< Markdown.
  /// Issues and pull requests named in title or body: `#12`, `owner/name#3`.
  std::vector<std::string> linked;
};

/// Renders title and body without the solution: what quotes the diff, code
/// blocks that hold added lines, sign-offs, addresses and account names go.
problem_statement
render_problem(const events::scraped& x, std::string_view diff);

/// The fixed part of the text; its digest goes with every statement.
std::string_view problem_template() noexcept;

} // namespace fc::actors
