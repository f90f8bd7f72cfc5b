#pragma once

#include "projections/what_if/what_if.hpp"

#include <functional>
#include <utility>
#include <vector>

namespace fc::projections::what_if {

/// A pull request's stream as it was read.
struct whole_stream {
  events::stream_name stream;
  std::vector<events::record> records;
};

/// What a report takes of one pull request.
struct judged_stream {
  events::stream_name stream;
  events::error failure; ///< It could not be judged; all else is then void.
  /// What its steps cost, in the order of its records.
  std::vector<std::pair<events::stage, stage_cost>> costs;
  bool asked = false; ///< The question is about it; else only `costs` count.
  events::pull_request_id id;
  std::string title;
  bool differs = false; ///< The log lacks verdicts.
  rejudgement verdicts; ///< Without what is to be appended.
};

/// Folds a stream and judges it again. Any thread may.
judged_stream
judge_stream(const whole_stream& from, const judge& by, const question& what);

/// Adds judged pull requests up; the order in which they come decides which of
/// them are named.
class tally {
public:
  /// @param differs Told of each stream that lacks verdicts; may be null.
  tally(const question& what,
        const std::function<void(const events::stream_name&)>& differs)
    : what_{what}, differs_{differs} {}

  events::error add(judged_stream x);
  report finish(const streams_read& read);

private:
  void count(judged_stream& x);
  void lack(const judged_stream& x);

  const question& what_;
  const std::function<void(const events::stream_name&)>& differs_;
  report result_;
  std::vector<change> others_; ///< That end as before.
};

} // namespace fc::projections::what_if
