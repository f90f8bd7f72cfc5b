#include "tools/fc-data/judge.hpp"

#include "actors/judge/ask_model.hpp"
#include "actors/judge/metered_model.hpp"
#include "actors/services/llm/fallback.hpp"
#include "events/catalog.hpp"

#include <algorithm>
#include <random>

namespace fc::tools {

namespace services = actors::services;

using events::error;
using events::expected;
using events::stage;

namespace {

/// Uniform in [0, 1).
double jitter() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return std::uniform_real_distribution<double>{0, 1}(engine);
}

/// A model of the options and the way to it.
struct way {
  services::model_settings settings;
  services::model_connection through;
};

std::vector<way> ways_of(const judge_options& settings) {
  const auto http = services::make_http_client();
  std::vector<way> all;
  for (const auto& each : {settings.model, settings.fallback})
    if (!each.model.empty())
      all.push_back({each, services::connect_model(
                             each, http, services::system_clock(), jitter)});
  return all;
}

} // namespace

expected<std::vector<actors::model_facts>>
check_judge(const judge_options& settings, const events::policy::policy& policy,
            const services::stop_flag& stop, bool ask) {
  std::vector<actors::model_facts> all;
  if (!settings.by_model())
    return all;
  for (const auto& [model, through] : ways_of(settings)) {
    auto facts = actors::check_model(model, settings.reading, policy, through,
                                     stop, ask);
    const bool stood_in
      = !facts && !settings.fallback.model.empty()
        && settings.fallback_on.contains(events::code_of(facts.error()));
    if (!facts && !stood_in)
      return facts.error();
    if (facts) {
      all.push_back(std::move(*facts));
    } else {
      all.emplace_back();
      all.back().model = model.model;
      all.back().failure = facts.error();
    }
  }
  const auto failed = [](const actors::model_facts& x) {
    return static_cast<bool>(x.failure);
  };
  if (std::ranges::all_of(all, failed))
    return all.front().failure;
  return all;
}

judge_set
open_judge(const judge_options& settings, const judge_context& context,
           std::vector<actors::model_facts> checked) {
  judge_set judge;
  if (!settings.by_model())
    return judge;
  const auto ways = ways_of(settings);
  judge.checked = std::move(checked);
  judge.ledger = std::make_shared<actors::judge_ledger>(settings.budget);
  actors::model_judge parts{context.log, context.policy, context.recorded, {},
                            {},          judge.ledger,   settings.reading};
  for (const auto& [model, through] : ways) {
    auto metered = actors::make_metered_model(
      services::make_http_model(model, through), model, judge.ledger);
    parts.models.push_back(model.model);
    parts.model = parts.model ? services::make_fallback_model(
                    parts.model, std::move(metered), settings.fallback_on)
                              : std::move(metered);

    // Each try may take its time, and limits are waited out between them.
    judge.lease_s += 2 * (model.tries * model.timeout_s)
                     + model.limit_tries * model.max_pause_s;
  }
  judge.workers = settings.model.in_flight;
  judge.performer = std::make_shared<actors::ask_model>(std::move(parts));
  return judge;
}

error begin_judge(const judge_set& judge, events::log::event_log& log,
                  const actors::run_identity& run) {
  if (!judge.performer)
    return {};
  const auto stream = events::run_stream(run.id);
  const auto own = log.read_stream(stream);
  if (!own)
    return own.error();
  const auto name = events::to_string(stage::classify);
  error unreadable;
  actors::amount before;
  const auto from = own->empty() ? events::position{1} : own->front().at;
  const auto err = log.scan(from, [&](const events::record& at) {
    if (at.run != run.id || at.tag != events::spent::tag)
      return true;
    const auto x = events::event_in<events::spent>(at);
    if (!x) {
      unreadable = x.error();
      return false;
    }
    if (x->stage == name)
      before += {x->cost_usd, x->tokens};
    return true;
  });
  if (err)
    return err;
  if (unreadable)
    return unreadable;
  judge.ledger->add_spent(before);
  events::spent check;
  check.stage = name;
  for (const auto& each : judge.checked) {
    check.calls += each.cost.calls;
    check.tokens += each.cost.tokens;
    check.cost_usd += each.cost.usd;
    check.wall_seconds += each.seconds;
  }
  if (check.calls == 0)
    return {};
  judge.ledger->add_spent({check.cost_usd, check.tokens});
  const auto stored = log.append({{stream,
                                   static_cast<events::sequence>(own->size()),
                                   {events::make_event(check)}}},
                                 {}, {run.id, {}});
  return stored ? stored->front().failure : stored.error();
}

} // namespace fc::tools
