#include "projections/views.hpp"

#include "events/policy/rules/before_trial.hpp"

namespace fc::projections {

void pull_request_view::note_build(build_attempt end,
                                   const events::attempt_failed& x) {
  if (x.stage != to_string(events::stage::synthesize))
    return;
  end.trouble = x.cause + ": " + x.message;
  builds.push_back(std::move(end));
}

void pull_request_view::note_build(build_attempt end,
                                   const events::synthesized& x) {
  end.built = true;
  for (const auto& side : x.sides) {
    end.side_seconds += side.seconds;
    if (side.ok || !end.built)
      continue;
    end.built = false;
    end.side = side.side;
    end.trouble = side.error;
  }
  builds.push_back(std::move(end));
}

// A step's cost is recorded right behind its evidence.
void pull_request_view::note_cost(const events::record& at,
                                  const events::spent& x) {
  if (x.stage == to_string(events::stage::synthesize) && !builds.empty()
      && builds.back().seq + 1 == at.seq)
    builds.back().cost = x;
}

void repository_view::see(const events::record& at,
                          const events::repository_seen& x) {
  last_seen = at.recorded_at;
  const bool git = !x.head.empty();
  const bool service = !x.node_id.empty();
  // Before there was a service, each look was whole.
  if (!seen || (git && service) || (!git && !service)) {
    seen = x;
  } else if (service) {
    auto next = x;
    next.source = seen->source;
    next.head = seen->head;
    next.suite_config = seen->suite_config;
    next.suite_dir = seen->suite_dir;
    next.note = seen->note;
    seen = std::move(next);
  } else {
    seen->source = x.source;
    seen->head = x.head;
    seen->suite_config = x.suite_config;
    seen->suite_dir = x.suite_dir;
    seen->note = x.note;
    if (!x.requires_python.empty())
      seen->requires_python = x.requires_python;
  }
  const bool of_suite
    = excluded
      && (excluded->rule.empty()
          || excluded->rule == events::policy::rules::no_suite);
  if (of_suite && (git || !service))
    excluded.reset();
}

void repository_view::rename(const events::repository_renamed& x) {
  if (x.from == repo)
    renamed_to = x;
  else if (renamed_to && renamed_to->to == x.from)
    renamed_to.reset(); // it has its old name back
  else
    renamed_from = x;
}

} // namespace fc::projections
