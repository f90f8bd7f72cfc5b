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

  bool operator==(const answered&) const = default;
};

bytes encode(const answered& x);
expected<answered>
decode(byte_view raw, std::uint8_t version, std::type_identity<answered>);

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

  bool operator==(const classified&) const = default;
};

bytes encode(const classified& x);
expected<classified>
decode(byte_view raw, std::uint8_t version, std::type_identity<classified>);

using judgement_events = list<answered, classified>;

} // namespace fc::events
