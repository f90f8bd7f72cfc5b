#pragma once

#include "events/pull_request.hpp"

#include <filesystem>
#include <vector>

namespace fc::support {

/// A merged pull request before any policy saw it; `facts.diff` is not set.
struct corpus_row {
  events::scraped facts;
  std::uint64_t patch_bytes = 0;
};

/// The rows of `*.jsonl.zst` in a folder, by file and number of line.
/// @returns an error that names the file and line which cannot be read.
events::expected<std::vector<corpus_row>>
read_rows(const std::filesystem::path& folder);

/// Rows of made-up repositories, for machines without the real ones.
std::vector<corpus_row> make_rows(std::size_t count, std::uint64_t seed);

/// Exactly `count` rows: every so many of them where there are more, else all
/// again under other owners (`owner-2/name`).
std::vector<corpus_row>
fit_rows(const std::vector<corpus_row>& rows, std::size_t count);

/// The text of a diff over the row's files, the same each time: a few short
/// hunks; as large as the row says where that is tiny or too large to judge.
std::string diff_text(const corpus_row& row);

} // namespace fc::support
