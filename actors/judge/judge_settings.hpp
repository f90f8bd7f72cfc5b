#pragma once

#include <cstdint>

namespace fc::actors {

/// How much a model is shown and may say.
struct judge_settings {
  std::uint64_t context_tokens = 32768; ///< Question and answer together.
  std::uint32_t output_tokens = 6144;   ///< Of one answer.
  /// Counts the question before it is sent; fewer than code has, so that the
  /// count is rather too high.
  double bytes_per_token = 3;
  std::uint64_t title_bytes = 1000;
  std::uint64_t body_bytes = 12000;
  std::uint32_t files = 100; ///< Rows of the table of files.
};

} // namespace fc::actors
