#pragma once

#include "actors/judge/judge_settings.hpp"
#include "events/pull_request.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace fc::actors {

/// What a model is shown of a pull request.
struct question_text {
  std::string text;
  std::uint64_t left_out = 0; ///< Bytes of the diff that are not in it.
};

/// Tokens that a text has, rather too many.
std::uint64_t tokens_of(std::uint64_t bytes, const judge_settings& settings);

/// Title, description, table of files and diff, so long that prompt, question
/// and answer fit into the context. What is cut says so and how much it was;
/// cuts fall between lines, or at least between characters.
/// @param prompt_bytes Of the prompt and the schema, which are sent as well.
/// @param share Of the diff that would be shown: less than 1 where a service
/// found the question too long.
/// @returns `ec::too_long` where not even the other parts fit.
events::expected<question_text>
compose_question(const events::scraped& facts, std::string_view diff,
                 std::uint64_t prompt_bytes, const judge_settings& settings,
                 double share = 1);

} // namespace fc::actors
