#pragma once

#include "projections/row_sink.hpp"

#include <functional>
#include <string>

namespace fc::projections::sqlite {

/// What is done with a row; an error ends the reading.
using row_visitor = std::function<events::error(const row&)>;

/// Reads the rows of a public table of a file in the order of its key, as the
/// cells that were written, one row in memory at a time.
/// @returns the first error of the file or of `each`; `ec::corrupt` for a cell
/// that no projection wrote.
events::error
read_rows(const std::string& file, const table& of, const row_visitor& each);

} // namespace fc::projections::sqlite
