#pragma once

#include "tests/conventions/source_tree.hpp"

/// Rules on `#include` lines. Each returns what it found, in the order of
/// paths; docs/architecture.md says why they are.
namespace fc::conventions {

/// schemas <- events <- projections <- actors <- tools; nothing includes
/// tools/ or tests/; tests may include everything.
breaches check_layers(const source_tree& tree);

/// Headers of a library stay where that library is wrapped; spdlog stays in
/// sources.
breaches check_libraries(const source_tree& tree);

/// Longest chain of own headers below a file outside of tests/.
inline constexpr std::size_t max_include_depth = 11;
breaches check_include_depth(const source_tree& tree);

/// A cycle is named once, from its first file.
breaches check_include_cycles(const source_tree& tree);

inline constexpr std::size_t max_own_includes = 15;
breaches check_own_includes(const source_tree& tree);

} // namespace fc::conventions
