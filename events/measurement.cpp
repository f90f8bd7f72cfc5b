#include "events/measurement.hpp"

#include "events/codec.hpp"
#include "schemas/measurement_generated.h"

namespace fc::events {

static flatbuffers::Offset<fbs::ClockTotalsV1>
put(builder& b, const clock_totals& x) {
  return fbs::CreateClockTotalsV1(b, x.claimed, x.cpu, x.wall, x.resolution);
}

static void get(const fbs::ClockTotalsV1* t, clock_totals& x) {
  if (t == nullptr)
    return;
  get(t->claimed(), x.claimed);
  get(t->cpu(), x.cpu);
  get(t->wall(), x.wall);
  get(t->resolution(), x.resolution);
}

static flatbuffers::Offset<fbs::BenchmarkTrialV1>
put(builder& b, const benchmark_trial& x) {
  return fbs::CreateBenchmarkTrialV1(
    b, put(b, x.name), put(b, x.status), put(b, x.error), put(b, x.reach),
    put(b, x.executed), x.base_single, x.base_loop, x.head_single, x.head_loop,
    put(b, x.screen_base), put(b, x.screen_head), put(b, x.confirm_base),
    put(b, x.confirm_head), put(b, x.aa_base), put(b, x.aa_twin),
    put(b, x.first_base), put(b, x.first_head), put(b, x.left_out), x.base_worn,
    x.head_worn, put(b, x.base_clock), put(b, x.head_clock),
    put(b, x.base_status), put(b, x.head_status));
}

static void get(const fbs::BenchmarkTrialV1* t, benchmark_trial& x) {
  if (t == nullptr)
    return;
  get(t->name(), x.name);
  get(t->status(), x.status);
  get(t->error(), x.error);
  get(t->reach(), x.reach);
  get(t->executed(), x.executed);
  get(t->base_single(), x.base_single);
  get(t->base_loop(), x.base_loop);
  get(t->head_single(), x.head_single);
  get(t->head_loop(), x.head_loop);
  get(t->screen_base(), x.screen_base);
  get(t->screen_head(), x.screen_head);
  get(t->confirm_base(), x.confirm_base);
  get(t->confirm_head(), x.confirm_head);
  get(t->aa_base(), x.aa_base);
  get(t->aa_twin(), x.aa_twin);
  get(t->first_base(), x.first_base);
  get(t->first_head(), x.first_head);
  get(t->left_out(), x.left_out);
  get(t->base_worn(), x.base_worn);
  get(t->head_worn(), x.head_worn);
  get(t->base_clock(), x.base_clock);
  get(t->head_clock(), x.head_clock);
  get(t->base_status(), x.base_status);
  get(t->head_status(), x.head_status);
}

static flatbuffers::Offset<fbs::CandidateV1>
put(builder& b, const candidate& x) {
  return fbs::CreateCandidateV1(b, put(b, x.benchmark), x.estimate, x.low,
                                x.high, x.p, x.p_adjusted, x.pairs, x.accepted,
                                put(b, x.reason));
}

static void get(const fbs::CandidateV1* t, candidate& x) {
  if (t == nullptr)
    return;
  get(t->benchmark(), x.benchmark);
  get(t->estimate(), x.estimate);
  get(t->low(), x.low);
  get(t->high(), x.high);
  get(t->p(), x.p);
  get(t->p_adjusted(), x.p_adjusted);
  get(t->pairs(), x.pairs);
  get(t->accepted(), x.accepted);
  get(t->reason(), x.reason);
}

static flatbuffers::Offset<fbs::GuardV1> put(builder& b, const guard& x) {
  return fbs::CreateGuardV1(b, put(b, x.name), x.value, x.limit, x.held,
                            put(b, x.explanation));
}

static void get(const fbs::GuardV1* t, guard& x) {
  if (t == nullptr)
    return;
  get(t->name(), x.name);
  get(t->value(), x.value);
  get(t->limit(), x.limit);
  get(t->held(), x.held);
  get(t->explanation(), x.explanation);
}

bytes encode(const trialled& x) {
  builder b;
  return finish(
    b, fbs::CreateTrialledV1(
         b, put(b, x.environment), put(b, x.machine), put(b, x.isolation),
         put(b, x.clock), put(b, x.benchmarks), x.listed, x.impacted,
         put(b, x.import_errors), put(b, x.changed_functions),
         x.changed_compiled, x.artefacts_differ, x.budget_spent, x.seconds,
         put(b, x.report), x.control, x.modules, x.modules_seen, x.ran,
         x.survey_cut, put(b, x.ignored), put(b, x.instrument)));
}

expected<trialled>
decode(byte_view raw, std::uint8_t version, std::type_identity<trialled>) {
  auto t = verified<fbs::TrialledV1>(raw, version, trialled::version,
                                     trialled::name);
  if (!t)
    return t.error();
  trialled x;
  get((*t)->environment(), x.environment);
  get((*t)->machine(), x.machine);
  get((*t)->isolation(), x.isolation);
  get((*t)->clock(), x.clock);
  get((*t)->benchmarks(), x.benchmarks);
  get((*t)->listed(), x.listed);
  get((*t)->impacted(), x.impacted);
  get((*t)->import_errors(), x.import_errors);
  get((*t)->changed_functions(), x.changed_functions);
  get((*t)->changed_compiled(), x.changed_compiled);
  get((*t)->artefacts_differ(), x.artefacts_differ);
  get((*t)->budget_spent(), x.budget_spent);
  get((*t)->seconds(), x.seconds);
  get((*t)->report(), x.report);
  get((*t)->control(), x.control);
  get((*t)->modules(), x.modules);
  get((*t)->modules_seen(), x.modules_seen);
  get((*t)->ran(), x.ran);
  get((*t)->survey_cut(), x.survey_cut);
  get((*t)->ignored(), x.ignored);
  get((*t)->instrument(), x.instrument);
  return x;
}

bytes encode(const speedup_measured& x) {
  builder b;
  return finish(b, fbs::CreateSpeedupMeasuredV1(
                     b, x.accepted, put(b, x.rule), put(b, x.explanation),
                     put(b, x.benchmark), x.estimate, x.low, x.high, x.delta,
                     x.aa_floor, x.geomean, x.geomean_low, x.screened,
                     put(b, x.candidates), put(b, x.guards), x.failed));
}

expected<speedup_measured> decode(byte_view raw, std::uint8_t version,
                                  std::type_identity<speedup_measured>) {
  auto t = verified<fbs::SpeedupMeasuredV1>(
    raw, version, speedup_measured::version, speedup_measured::name);
  if (!t)
    return t.error();
  speedup_measured x;
  get((*t)->accepted(), x.accepted);
  get((*t)->rule(), x.rule);
  get((*t)->explanation(), x.explanation);
  get((*t)->benchmark(), x.benchmark);
  get((*t)->estimate(), x.estimate);
  get((*t)->low(), x.low);
  get((*t)->high(), x.high);
  get((*t)->delta(), x.delta);
  get((*t)->aa_floor(), x.aa_floor);
  get((*t)->geomean(), x.geomean);
  get((*t)->geomean_low(), x.geomean_low);
  get((*t)->screened(), x.screened);
  get((*t)->candidates(), x.candidates);
  get((*t)->guards(), x.guards);
  get((*t)->failed(), x.failed);
  return x;
}

bytes encode(const published& x) {
  builder b;
  return finish(b, fbs::CreatePublishedV1(b, put(b, x.month), put(b, x.task_id),
                                          put(b, x.environment), put(b, x.row),
                                          put(b, x.admitted_by)));
}

expected<published>
decode(byte_view raw, std::uint8_t version, std::type_identity<published>) {
  auto t = verified<fbs::PublishedV1>(raw, version, published::version,
                                      published::name);
  if (!t)
    return t.error();
  published x;
  get((*t)->month(), x.month);
  get((*t)->task_id(), x.task_id);
  get((*t)->environment(), x.environment);
  get((*t)->row(), x.row);
  get((*t)->admitted_by(), x.admitted_by);
  return x;
}

bytes encode(const withdrawn& x) {
  builder b;
  return finish(
    b, fbs::CreateWithdrawnV1(b, put(b, x.rule), put(b, x.explanation),
                              put(b, x.task_id), put(b, x.month), x.seq));
}

expected<withdrawn>
decode(byte_view raw, std::uint8_t version, std::type_identity<withdrawn>) {
  auto t = verified<fbs::WithdrawnV1>(raw, version, withdrawn::version,
                                      withdrawn::name);
  if (!t)
    return t.error();
  withdrawn x;
  get((*t)->rule(), x.rule);
  get((*t)->explanation(), x.explanation);
  get((*t)->task_id(), x.task_id);
  get((*t)->month(), x.month);
  get((*t)->seq(), x.seq);
  return x;
}

} // namespace fc::events
