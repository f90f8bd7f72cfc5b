#pragma once

#include "projections/json_text.hpp"
#include "projections/tables/table_output.hpp"

namespace fc::projections {

/// An event on its way into a row.
struct event_row {
  const event_context& context;
  std::string_view event;
  cell stage, rule, explanation; ///< Null where the event has none.
  cell details;

  template <class Part>
  const Part* part() const {
    if constexpr (std::is_same_v<Part, record>)
      return &context.at;
    else
      return &context.pull_request->id;
  }
};

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
    if (m.pull_request == nullptr)
      return;
    event_row result{m, E::name, {}, {}, {}, make::table_document(x)};
    if constexpr (requires { x.stage; })
      result.stage = make::text_or_null(x.stage);
    if constexpr (requires { x.rule; })
      result.rule = make::text_or_null(x.rule);
    if constexpr (requires { x.explanation; })
      result.explanation = make::text_or_null(x.explanation);
    put(std::move(result));
  }

  table_output to;

private:
  void put(event_row x);
};

} // namespace fc::projections
