#pragma once

#include "events/judgement.hpp"
#include "events/log/event_log.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fc::actors {

/// What a question is known by: the same one is never paid twice.
struct question_key {
  events::digest prompt;
  events::digest input;
  std::string model;
};

/// An answer that is on record.
struct known_answer {
  events::model_answered event;
  events::bytes reply;    ///< The blob.
  bool elsewhere = false; ///< In another log, whose evidence is used again.
};

/// Answers of models in the stream of a pull request, and in the same stream of
/// another log if there is one; newest first, its own before the other's.
class known_answers {
public:
  /// @param other May be null.
  static events::expected<known_answers>
  read(const events::log::log_reader& own, const events::log::log_reader* other,
       const events::stream_name& stream);

  /// Those to a question, with their replies.
  events::expected<std::vector<known_answer>> to(const question_key& key) const;

private:
  struct entry {
    events::model_answered event;
    const events::log::log_reader* log;
    bool elsewhere;
  };
  events::error add(const events::log::log_reader& log,
                    const events::stream_name& stream, bool elsewhere);

  std::vector<entry> all_;
};

} // namespace fc::actors
