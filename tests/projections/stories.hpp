#pragma once

#include "events/log/event_log.hpp"
#include "events/policy/policy.hpp"

/// Small pull requests that come to every kind of end, and logs of them.
namespace fc::stories {

/// A stream and what is appended to it, step by step.
struct story {
  events::stream_name stream;
  std::vector<events::new_event> events;
};

/// The policy of all verdicts.
const events::policy::policy& shipped();

/// `acme/geo#number`; merged in March 2024 below 5, else in April.
events::pull_request_id id_of(std::uint32_t number);

/// Numbers 1 to 7.
story rejected_by_title();
story judged_no();
story build_broken();
story wears_off();
story published_one();
story given_up();
story still_open();

/// Of other streams.
story adopted();
story a_run();
story repository();
story excluded_repository();

/// All of the above.
std::vector<story> all();

/// A trial of a benchmark, twenty pairs with the patched side `ratio` times as
/// fast, beside one that did not change and one that was left out.
events::new_event trial_event(std::string benchmark, double ratio);

/// Appends one event; the test fails if the log refuses it.
void append(events::log::event_log& to, const events::stream_name& stream,
            const events::new_event& event);

/// One story after the other.
void write_in_turn(events::log::event_log& to,
                   const std::vector<story>& stories);

/// One step of each story at a time, the last story first.
void write_interleaved(events::log::event_log& to,
                       const std::vector<story>& stories);

} // namespace fc::stories
