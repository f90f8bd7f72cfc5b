#pragma once

#include "projections/json_text.hpp"
#include "projections/tables/table_output.hpp"

namespace fc::projections {

/// Table `pr_events`, the audit trail: every event of every pull request in
/// order, with the policy behind each verdict. Not public: it has what the
/// tables of failures, packages and problems have.
struct pr_events {
  static constexpr std::string_view name = "pr_events";
  static constexpr int version = 4;
  using handles = pull_request_stream;
  static const table rows;

  template <events::event E>
  void apply(const event_context& m, const E& x) {
    if (m.pull_request != nullptr)
      put_event(m, E::name, x);
  }

  table_output to;

private:
  /// The parts of an event that have a column of their own.
  struct reasons {
    cell stage;
    cell rule;
    cell explanation;
  };

  template <events::event E>
  static reasons reasons_of(const E& x) {
    reasons result;
    if constexpr (requires { x.stage; })
      result.stage = make::text_or_null(x.stage);
    if constexpr (requires { x.rule; })
      result.rule = make::text_or_null(x.rule);
    if constexpr (requires { x.explanation; })
      result.explanation = make::text_or_null(x.explanation);
    return result;
  }

  template <events::event E>
  void put_event(const event_context& m, std::string_view event, const E& x) {
    put(m, event, reasons_of(x), make::table_document(x));
  }
  void put(const event_context& m, std::string_view event, reasons why,
           cell details);
};

} // namespace fc::projections
