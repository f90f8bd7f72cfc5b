#pragma once

#include "events/judgement.hpp"
#include "events/policy/policy.hpp"
#include "events/pull_request.hpp"

#include <string_view>

namespace fc::events::policy {

/// The judge that asks no model: evidence from title, body and diff.
answered
judge_by_rules(const scraped& x, std::string_view diff, const policy& p);

/// What `answered::prompt` holds where the rules answered.
digest rules_digest(const judge_rules& rules);

/// What `answered::prompt` holds where a model answered these prompts.
digest prompts_digest(const judge_rules& rules);

} // namespace fc::events::policy
