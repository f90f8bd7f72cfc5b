#pragma once

#include "events/catalog.hpp"

namespace fc::events::log {

/// Calls `visitor` with every blob reference of an event; most have none. A
/// new event with blobs needs an overload here (a test counts the samples').
template <event T, class Visitor>
void for_each_blob(const T&, Visitor&&) {}

template <class Visitor>
void for_each_blob(const scraped& x, Visitor&& visitor) {
  visitor(x.diff);
  visitor(x.issue_texts);
}

template <class Visitor>
void for_each_blob(const diff_audited& x, Visitor&& visitor) {
  visitor(x.served);
}

template <class Visitor>
void for_each_blob(const attempt_failed& x, Visitor&& visitor) {
  visitor(x.log);
}

template <class Visitor>
void for_each_blob(const answered& x, Visitor&& visitor) {
  visitor(x.answer);
}

template <class Visitor>
void for_each_blob(const model_answered& x, Visitor&& visitor) {
  visitor(x.answer);
}

template <class Visitor>
void for_each_blob(const problem_rendered& x, Visitor&& visitor) {
  visitor(x.statement);
}

template <class Visitor>
void for_each_blob(const synthesized& x, Visitor&& visitor) {
  for (const auto& side : x.sides)
    visitor(side.log);
}

template <class Visitor>
void for_each_blob(const trialled& x, Visitor&& visitor) {
  visitor(x.report);
}

} // namespace fc::events::log
