#pragma once

#include "events/event.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::events {

/// A judge (a model or the rules) answered: evidence, not a verdict.
struct answered {
  static constexpr std::uint16_t tag = 200;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Answered";

  std::string judge; ///< "rules" or the model's name.
  digest prompt;     ///< Of the prompt or of the rules.
  bool performance = false;
  std::string category;
  std::string difficulty;
  std::string reason;
  blob_ref answer; ///< The whole answer of a model.
  std::uint64_t tokens_in = 0;
  std::uint64_t tokens_out = 0;
  double cost_usd = 0;

  using fields
    = members<&answered::judge, &answered::prompt, &answered::performance,
              &answered::category, &answered::difficulty, &answered::reason,
              &answered::answer, &answered::tokens_in, &answered::tokens_out,
              &answered::cost_usd>;
  bool operator==(const answered&) const = default;
};

/// Whether the pull request is performance work, by the policy's reading of
/// the answer.
struct classified {
  static constexpr std::uint16_t tag = 201;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Classified";

  bool performance = false;
  std::string category;
  std::string difficulty;
  std::string explanation;
  std::string judge;

  using fields = members<&classified::performance, &classified::category,
                         &classified::difficulty, &classified::explanation,
                         &classified::judge>;
  bool operator==(const classified&) const = default;
};

/// A model answered one question: evidence that is paid for once, whatever is
/// made of it. The same prompt, input and model are not asked again.
struct model_answered {
  static constexpr std::uint16_t tag = 202;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "ModelAnswered";

  std::string pass;      ///< "classify" or "judge": the prompt's name.
  std::string model;     ///< As it was asked for.
  std::string served_by; ///< As the service names it; may be more exact.
  std::string api;       ///< Shape of `answer`: "openai" or "anthropic".
  digest prompt;         ///< Of the prompt's text.
  digest input;          ///< Of the question's text.
  blob_ref answer;       ///< The service's reply as it came.
  std::string finish;    ///< Why the answer ended, in the service's words.
  std::uint64_t tokens_in = 0;
  std::uint64_t tokens_out = 0;
  bool estimated = false; ///< The service named no tokens.
  double cost_usd = 0;
  double seconds = 0;
  std::uint64_t left_out = 0; ///< Bytes of the diff that were not shown.

  using fields
    = members<&model_answered::pass, &model_answered::model,
              &model_answered::served_by, &model_answered::api,
              &model_answered::prompt, &model_answered::input,
              &model_answered::answer, &model_answered::finish,
              &model_answered::tokens_in, &model_answered::tokens_out,
              &model_answered::estimated, &model_answered::cost_usd,
              &model_answered::seconds, &model_answered::left_out>;
  bool operator==(const model_answered&) const = default;
};

using judgement_events = list<answered, classified, model_answered>;

} // namespace fc::events
