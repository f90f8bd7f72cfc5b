#include "events/environment.hpp"

#include "events/codec/codec.hpp"
#include "schemas/environment_generated.h"

#include <algorithm>

namespace fc::events {

fbs::ResolvedV1 table_of(std::type_identity<resolved>);
fbs::EnvResolvedV1 table_of(std::type_identity<env_resolved>);
fbs::ProblemRenderedV1 table_of(std::type_identity<problem_rendered>);
fbs::SynthesizedV1 table_of(std::type_identity<synthesized>);
fbs::ImageBuiltV1 table_of(std::type_identity<image_built>);

template struct codec<resolved>;
template struct codec<env_resolved>;
template struct codec<problem_rendered>;
template struct codec<synthesized>;
template struct codec<image_built>;

const built_side* side_of(const synthesized& x, std::string_view name) {
  const auto found = std::ranges::find(x.sides, name, &built_side::side);
  return found == x.sides.end() ? nullptr : &*found;
}

bool is_compiled(const artefact& x) {
  return x.path.ends_with(".so") || x.path.ends_with(".pyd")
         || x.path.ends_with(".dylib");
}

} // namespace fc::events
