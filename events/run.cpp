#include "events/run.hpp"

#include "events/codec.hpp"
#include "schemas/run_generated.h"

namespace fc::events {

static flatbuffers::Offset<fbs::StageCountV1>
put(builder& b, const stage_count& x) {
  return fbs::CreateStageCountV1(b, put(b, x.stage), x.done, x.rejected,
                                 x.failed, x.deferred);
}

static void get(const fbs::StageCountV1* t, stage_count& x) {
  if (t == nullptr)
    return;
  get(t->stage(), x.stage);
  get(t->done(), x.done);
  get(t->rejected(), x.rejected);
  get(t->failed(), x.failed);
  get(t->deferred(), x.deferred);
}

bytes encode(const run_started& x) {
  builder b;
  return finish(b, fbs::CreateRunStartedV1(
                     b, put(b, x.run), put(b, x.configuration), put(b, x.id),
                     ticks(x.start), ticks(x.end), x.control));
}

expected<run_started>
decode(byte_view raw, std::uint8_t version, std::type_identity<run_started>) {
  auto t = verified<fbs::RunStartedV1>(raw, version, run_started::version,
                                       run_started::name);
  if (!t)
    return t.error();
  run_started x;
  get((*t)->run(), x.run);
  get((*t)->configuration(), x.configuration);
  get((*t)->id(), x.id);
  get((*t)->start(), x.start);
  get((*t)->end(), x.end);
  get((*t)->control(), x.control);
  return x;
}

bytes encode(const run_finished& x) {
  builder b;
  return finish(
    b, fbs::CreateRunFinishedV1(b, put(b, x.stages), x.published, x.failed));
}

expected<run_finished>
decode(byte_view raw, std::uint8_t version, std::type_identity<run_finished>) {
  auto t = verified<fbs::RunFinishedV1>(raw, version, run_finished::version,
                                        run_finished::name);
  if (!t)
    return t.error();
  run_finished x;
  get((*t)->stages(), x.stages);
  get((*t)->published(), x.published);
  get((*t)->failed(), x.failed);
  return x;
}

bytes encode(const spent& x) {
  builder b;
  return finish(b, fbs::CreateSpentV1(b, put(b, x.stage), x.wall_seconds,
                                      x.cpu_seconds, x.bytes, x.tokens,
                                      x.cost_usd, x.calls));
}

expected<spent>
decode(byte_view raw, std::uint8_t version, std::type_identity<spent>) {
  auto t = verified<fbs::SpentV1>(raw, version, spent::version, spent::name);
  if (!t)
    return t.error();
  spent x;
  get((*t)->stage(), x.stage);
  get((*t)->wall_seconds(), x.wall_seconds);
  get((*t)->cpu_seconds(), x.cpu_seconds);
  get((*t)->bytes(), x.bytes);
  get((*t)->tokens(), x.tokens);
  get((*t)->cost_usd(), x.cost_usd);
  get((*t)->calls(), x.calls);
  return x;
}

bytes encode(const program_died& x) {
  builder b;
  return finish(b, fbs::CreateProgramDiedV1(b, put(b, x.stream),
                                            put(b, x.stage), put(b, x.cause),
                                            x.blamed, put(b, x.program)));
}

expected<program_died>
decode(byte_view raw, std::uint8_t version, std::type_identity<program_died>) {
  auto t = verified<fbs::ProgramDiedV1>(raw, version, program_died::version,
                                        program_died::name);
  if (!t)
    return t.error();
  program_died x;
  get((*t)->stream(), x.stream);
  get((*t)->stage(), x.stage);
  get((*t)->cause(), x.cause);
  get((*t)->blamed(), x.blamed);
  get((*t)->program(), x.program);
  return x;
}

} // namespace fc::events
