#include "actors/build/render_problems.hpp"

#include "actors/build/problem_statement.hpp"
#include "events/environment.hpp"

namespace fc::actors {

render_problems::render_problems(
  std::shared_ptr<const events::log::log_reader> log)
  : log_(std::move(log)) {}

stage_result render_problems::perform(const work& job) {
  const auto& facts = *job.state->facts;
  events::bytes diff;
  if (facts.diff) {
    auto found = log_->blob_of(facts.diff.id);
    if (!found)
      return failed(found.error());
    diff = std::move(*found);
  }
  auto statement = render_problem(facts, events::as_text(diff));
  stage_result result;
  auto blob = events::log::make_blob(statement.text);
  events::problem_rendered rendered;
  rendered.statement = {blob.id, blob.data.size()};
  rendered.linked = std::move(statement.linked);
  rendered.template_id = events::sha256(events::as_bytes(problem_template()));
  result.blobs.push_back(std::move(blob));
  result.evidence.push_back(events::make_event(rendered));
  return result;
}

} // namespace fc::actors
