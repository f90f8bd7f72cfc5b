#pragma once

#include "tests/conventions/source_tree.hpp"

/// Rules on what is written in files. Each returns what it found, in the order
/// of paths.
namespace fc::conventions {

/// To-dos carry the number of an issue, in brackets, and a colon.
breaches check_todos(const source_tree& tree);

/// A disabled test names an issue beside it; a skipped one says what is
/// absent.
breaches check_skipped_tests(const source_tree& tree);

/// No home folder, no package mirror: nothing of the machine it was made on.
breaches check_machine_traces(const source_tree& tree);

/// Body and head of a function that starts at the margin, as clang-format lays
/// it out. Members inside of classes are left to clang-tidy.
inline constexpr std::size_t max_function_lines = 60;
breaches check_function_length(const source_tree& tree);

/// Where what a sandbox wrote is handled, nothing opens, copies, lists or
/// removes files but the helper for it, and what is listed in the rule.
breaches check_sandbox_reads(const source_tree& tree);

/// Top-level types of headers outside of tests/ have a comment of `///`.
/// Specialisations and `detail` need none.
breaches check_type_comments(const source_tree& tree);

/// Text of others is read by `events/common` alone: outside of it nothing calls
/// a library's parser of JSON or TOML, and nothing at all uses a regular
/// expression of the standard library, which recurses once for a character.
breaches check_foreign_text(const source_tree& tree);

} // namespace fc::conventions
