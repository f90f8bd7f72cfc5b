#include "events/environment.hpp"

#include "events/codec.hpp"
#include "schemas/environment_generated.h"

#include <algorithm>

namespace fc::events {

static flatbuffers::Offset<fbs::DroppedRequirementV1>
put(builder& b, const dropped_requirement& x) {
  return fbs::CreateDroppedRequirementV1(b, put(b, x.requirement),
                                         put(b, x.reason));
}

static void get(const fbs::DroppedRequirementV1* t, dropped_requirement& x) {
  if (t == nullptr)
    return;
  get(t->requirement(), x.requirement);
  get(t->reason(), x.reason);
}

static flatbuffers::Offset<fbs::ArtefactV1> put(builder& b, const artefact& x) {
  return fbs::CreateArtefactV1(b, put(b, x.path), put(b, x.id), x.size);
}

static void get(const fbs::ArtefactV1* t, artefact& x) {
  if (t == nullptr)
    return;
  get(t->path(), x.path);
  get(t->id(), x.id);
  get(t->size(), x.size);
}

static flatbuffers::Offset<fbs::BuiltSideV1>
put(builder& b, const built_side& x) {
  return fbs::CreateBuiltSideV1(b, put(b, x.side), put(b, x.commit), x.ok,
                                x.seconds, put(b, x.log), put(b, x.error),
                                put(b, x.artefacts));
}

static void get(const fbs::BuiltSideV1* t, built_side& x) {
  if (t == nullptr)
    return;
  get(t->side(), x.side);
  get(t->commit(), x.commit);
  get(t->ok(), x.ok);
  get(t->seconds(), x.seconds);
  get(t->log(), x.log);
  get(t->error(), x.error);
  get(t->artefacts(), x.artefacts);
}

bytes encode(const resolved& x) {
  builder b;
  return finish(
    b, fbs::CreateResolvedV1(
         b, put(b, x.interpreter), put(b, x.python_version),
         put(b, x.interpreter_source), put(b, x.requires_python),
         put(b, x.package), put(b, x.package_version), put(b, x.package_root),
         put(b, x.build_backend), put(b, x.build_requires),
         put(b, x.requirements), put(b, x.dropped), put(b, x.missing),
         put(b, x.suite_config), put(b, x.suite_dir), put(b, x.installer),
         put(b, x.index), put(b, x.suite_project), put(b, x.build_env),
         put(b, x.run_env), x.suite_timeout_s, put(b, x.base_package_root),
         put(b, x.base_package_version), put(b, x.ignored_settings),
         put(b, x.version_tag)));
}

expected<resolved>
decode(byte_view raw, std::uint8_t version, std::type_identity<resolved>) {
  auto t = verified<fbs::ResolvedV1>(raw, version, resolved::version,
                                     resolved::name);
  if (!t)
    return t.error();
  resolved x;
  get((*t)->interpreter(), x.interpreter);
  get((*t)->python_version(), x.python_version);
  get((*t)->interpreter_source(), x.interpreter_source);
  get((*t)->requires_python(), x.requires_python);
  get((*t)->package(), x.package);
  get((*t)->package_version(), x.package_version);
  get((*t)->package_root(), x.package_root);
  get((*t)->build_backend(), x.build_backend);
  get((*t)->build_requires(), x.build_requires);
  get((*t)->requirements(), x.requirements);
  get((*t)->dropped(), x.dropped);
  get((*t)->missing(), x.missing);
  get((*t)->suite_config(), x.suite_config);
  get((*t)->suite_dir(), x.suite_dir);
  get((*t)->installer(), x.installer);
  get((*t)->index(), x.index);
  get((*t)->suite_project(), x.suite_project);
  get((*t)->build_env(), x.build_env);
  get((*t)->run_env(), x.run_env);
  get((*t)->suite_timeout_s(), x.suite_timeout_s);
  get((*t)->base_package_root(), x.base_package_root);
  get((*t)->base_package_version(), x.base_package_version);
  get((*t)->ignored_settings(), x.ignored_settings);
  get((*t)->version_tag(), x.version_tag);
  return x;
}

bytes encode(const env_resolved& x) {
  builder b;
  return finish(b, fbs::CreateEnvResolvedV1(b, put(b, x.python_version),
                                            put(b, x.probe),
                                            put(b, x.explanation)));
}

expected<env_resolved>
decode(byte_view raw, std::uint8_t version, std::type_identity<env_resolved>) {
  auto t = verified<fbs::EnvResolvedV1>(raw, version, env_resolved::version,
                                        env_resolved::name);
  if (!t)
    return t.error();
  env_resolved x;
  get((*t)->python_version(), x.python_version);
  get((*t)->probe(), x.probe);
  get((*t)->explanation(), x.explanation);
  return x;
}

bytes encode(const problem_rendered& x) {
  builder b;
  return finish(b, fbs::CreateProblemRenderedV1(b, put(b, x.statement),
                                                put(b, x.linked),
                                                put(b, x.template_id)));
}

expected<problem_rendered> decode(byte_view raw, std::uint8_t version,
                                  std::type_identity<problem_rendered>) {
  auto t = verified<fbs::ProblemRenderedV1>(
    raw, version, problem_rendered::version, problem_rendered::name);
  if (!t)
    return t.error();
  problem_rendered x;
  get((*t)->statement(), x.statement);
  get((*t)->linked(), x.linked);
  get((*t)->template_id(), x.template_id);
  return x;
}

bytes encode(const synthesized& x) {
  builder b;
  return finish(b, fbs::CreateSynthesizedV1(
                     b, put(b, x.recipe), put(b, x.sides), put(b, x.isolation),
                     x.network, put(b, x.suite_commit), put(b, x.suite_dir),
                     put(b, x.compiled_changed), x.control));
}

expected<synthesized>
decode(byte_view raw, std::uint8_t version, std::type_identity<synthesized>) {
  auto t = verified<fbs::SynthesizedV1>(raw, version, synthesized::version,
                                        synthesized::name);
  if (!t)
    return t.error();
  synthesized x;
  get((*t)->recipe(), x.recipe);
  get((*t)->sides(), x.sides);
  get((*t)->isolation(), x.isolation);
  get((*t)->network(), x.network);
  get((*t)->suite_commit(), x.suite_commit);
  get((*t)->suite_dir(), x.suite_dir);
  get((*t)->compiled_changed(), x.compiled_changed);
  get((*t)->control(), x.control);
  return x;
}

const built_side* side_of(const synthesized& x, std::string_view name) {
  const auto found = std::ranges::find(x.sides, name, &built_side::side);
  return found == x.sides.end() ? nullptr : &*found;
}

bool is_compiled(const artefact& x) {
  return x.path.ends_with(".so") || x.path.ends_with(".pyd")
         || x.path.ends_with(".dylib");
}

bytes encode(const image_built& x) {
  builder b;
  return finish(
    b, fbs::CreateImageBuiltV1(b, put(b, x.image), put(b, x.environment)));
}

expected<image_built>
decode(byte_view raw, std::uint8_t version, std::type_identity<image_built>) {
  auto t = verified<fbs::ImageBuiltV1>(raw, version, image_built::version,
                                       image_built::name);
  if (!t)
    return t.error();
  image_built x;
  get((*t)->image(), x.image);
  get((*t)->environment(), x.environment);
  return x;
}

} // namespace fc::events
