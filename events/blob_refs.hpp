#pragma once

#include "events/catalog.hpp"

namespace fc::events {

/// Calls `f` with every blob that an event refers to. An event with a blob has
/// an overload here; the test of this header compares with the schemas.
template <event T, class F>
void for_each_blob(const T&, F&&) {}

template <class F>
void for_each_blob(const scraped& x, F&& f) {
  if (x.diff)
    f(x.diff);
}

template <class F>
void for_each_blob(const attempt_failed& x, F&& f) {
  if (x.log)
    f(x.log);
}

template <class F>
void for_each_blob(const answered& x, F&& f) {
  if (x.answer)
    f(x.answer);
}

template <class F>
void for_each_blob(const problem_rendered& x, F&& f) {
  if (x.statement)
    f(x.statement);
}

template <class F>
void for_each_blob(const synthesized& x, F&& f) {
  for (const auto& side : x.sides)
    if (side.log)
      f(side.log);
}

template <class F>
void for_each_blob(const trialled& x, F&& f) {
  if (x.report)
    f(x.report);
}

} // namespace fc::events
