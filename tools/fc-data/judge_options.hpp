#pragma once

#include "actors/judge/judge_settings.hpp"
#include "actors/judge/ledger.hpp"
#include "actors/services/llm/settings.hpp"

#include <set>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace fc::tools {

/// Who judges, and how a model is asked. Keys come from the environment alone:
/// a command line is seen by everybody on the machine.
struct judge_options {
  /// "rules" or "model"; empty: a model where one is named.
  std::string judge;
  actors::services::model_settings model;
  /// Asked where the first cannot be; no name: there is none.
  actors::services::model_settings fallback;
  std::set<events::ec> fallback_on;
  actors::judge_settings reading;
  actors::judge_budget budget;
  /// What the options say before `finish_judge_options` reads them.
  struct texts {
    std::string api = "openai";
    std::string temperature;
    std::string structured = "auto";
    double price_in = -1;
    double price_out = -1;
  };
  texts model_texts;
  texts fallback_texts;
  std::vector<std::string> fallback_words{"unavailable", "rate_limited",
                                          "timeout"};
  double budget_usd = -1;
  std::int64_t budget_tokens = -1;

  bool by_model() const {
    return judge == "model";
  }
};

/// Adds the options to a command line.
void add_judge_options(CLI::App& app, judge_options& x);

/// Reads the keys, and turns what was given into settings.
/// @returns one clear mistake of the user, if there is one.
events::error finish_judge_options(judge_options& x);

/// What a restart must have in common, as JSON; without keys and addresses.
/// Empty for the rules.
std::string judge_configuration(const judge_options& x);

} // namespace fc::tools
