#include "tests/actors/core/good_evidence.hpp"

#include "events/catalog.hpp"

namespace fc::actors::by_hand {

namespace {

using events::stage;

events::digest digest_of(std::string_view text) {
  return events::sha256(events::as_bytes(text));
}

/// Twice as fast, with a little noise, in every pair.
events::benchmark_trial fast(std::string name) {
  events::benchmark_trial x;
  x.name = std::move(name);
  x.status = "ok";
  x.reach = "function";
  x.base_single = x.base_loop = 0.2;
  x.head_single = x.head_loop = 0.1;
  const auto add = [](std::vector<double>& to, double value, int count) {
    for (int i = 0; i < count; ++i)
      to.push_back(value * (1 + 0.001 * ((i * 7) % 5)));
  };
  add(x.screen_base, 0.2, 4);
  add(x.screen_head, 0.1, 4);
  add(x.confirm_base, 0.2, 16);
  add(x.confirm_head, 0.1, 16);
  add(x.aa_base, 0.2, 8);
  add(x.aa_twin, 0.2, 8);
  return x;
}

events::built_side side(std::string name) {
  events::built_side x;
  x.side = std::move(name);
  x.ok = true;
  x.artefacts = {{"pkg/core.py", digest_of(x.side), 10}};
  return x;
}

events::trialled trial() {
  events::trialled x;
  x.environment = "local-sandbox";
  x.benchmarks = {fast("bench.time_a"), fast("bench.time_b")};
  x.listed = 2;
  x.impacted = 2;
  x.changed_functions = {"pkg.core.f"};
  x.artefacts_differ = true;
  return x;
}

template <class T>
events::new_event evidence_of(T x, void (*fill)(T&)) {
  fill(x);
  return events::make_event(x);
}

events::new_event evidence(stage at) {
  switch (at) {
  case stage::classify:
    return evidence_of<events::answered>({}, [](auto& x) {
      x.judge = "rules";
      x.performance = true;
      x.reason = "says so";
    });
  case stage::resolve:
    return evidence_of<events::resolved>({}, [](auto& x) {
      x.python_version = "3.11.2";
      x.suite_config = "asv.conf.json";
      x.suite_dir = "benchmarks";
      x.package_root = ".";
    });
  case stage::synthesize:
    return evidence_of<events::synthesized>({}, [](auto& x) {
      x.recipe = {"pip install ."};
      x.sides = {side("base"), side("head"), side("twin")};
    });
  default:
    return events::make_event(trial());
  }
}

} // namespace

stage_result good(stage at) {
  stage_result result;
  if (at == stage::publish) {
    result.row = digest_of("row");
  } else if (at == stage::render) {
    auto statement = events::log::make_blob("# Make it faster\n");
    events::problem_rendered x;
    x.statement = {statement.id, statement.data.size()};
    x.template_id = digest_of("template");
    result.blobs.push_back(std::move(statement));
    result.evidence.push_back(events::make_event(x));
  } else {
    result.evidence.push_back(evidence(at));
  }
  return result;
}

} // namespace fc::actors::by_hand
