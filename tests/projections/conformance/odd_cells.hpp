#pragma once

#include "tests/projections/stories.hpp"

namespace fc::projections::conformance {

/// Text with all that a store may trip over: tabs, line ends, quotes,
/// backslashes, COPY's and SQL's marks, control characters, emoji, and bytes
/// that are no UTF-8.
std::string odd_text();

/// Pull requests whose rows hold odd texts, empty and odd lists, nested
/// documents, extreme numbers, nulls, and times before 2000 and before 1970
/// with microseconds.
std::vector<stories::story> odd_stories();

} // namespace fc::projections::conformance
