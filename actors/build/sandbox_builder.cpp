#include "actors/build/sandbox_builder.hpp"

#include "actors/build/asv_environment.hpp"
#include "actors/build/working_tree.hpp"
#include "actors/services/python/build.hpp"
#include "events/policy/verdicts.hpp"

#include <algorithm>
#include <map>

namespace fc::actors {

namespace {

namespace fs = std::filesystem;
using events::ec;
using events::error;
using events::expected;
using events::make_error;

bool is_compiled_source(const std::string& path) {
  static constexpr std::array suffixes{
    ".c",   ".cc",  ".cpp", ".cxx", ".h",   ".hh",  ".hpp", ".hxx", ".pyx",
    ".pxd", ".pxi", ".rs",  ".f",   ".f90", ".f77", ".for", ".cu",  ".cuh",
  };
  return std::ranges::any_of(
    suffixes, [&](std::string_view suffix) { return path.ends_with(suffix); });
}

/// Where a side is built from; a control run builds its patched side from base
/// while the patched tree is kept for comparison.
struct side_plan {
  std::string_view name;
  std::string commit;
  fs::path source;
};

std::array<side_plan, 3>
plan_sides(const workspace& space, const events::scraped& facts, bool control) {
  return {{
    {base_side, facts.base, space.source(base_side)},
    {head_side, control ? facts.base : facts.merge,
     control ? space.root() / head_side / "same" : space.source(head_side)},
    {twin_side, facts.base, space.source(twin_side)},
  }};
}

/// Where the package lies in a side's own tree, and its version there.
std::string root_of(const events::resolved& x, const side_plan& side,
                    const events::scraped& facts) {
  const bool own = side.commit == facts.base && !x.base_package_root.empty();
  return own ? x.base_package_root : x.package_root;
}

std::string version_of(const events::resolved& x, const side_plan& side,
                       const events::scraped& facts) {
  const bool own = side.commit == facts.base && !x.base_package_version.empty();
  return own ? x.base_package_version : x.package_version;
}

/// Exports all trees that are needed. What was there before is removed.
error export_all(stage_context& context, const workspace& space,
                 const events::pull_request_state& known,
                 const std::array<side_plan, 3>& sides,
                 const services::stop_flag& stop) {
  auto git = context.repository(known.facts->repo,
                                {known.facts->base, known.facts->merge}, stop);
  if (!git)
    return git.error();
  if (auto err = space.clear())
    return err;
  for (const auto& side : sides)
    if (auto err = (*git)->export_tree(side.commit, side.source))
      return err;
  const auto merged = space.source(head_side);
  if (sides[1].source != merged)
    if (auto err = (*git)->export_tree(known.facts->merge, merged))
      return err;
  return (*git)->export_tree(known.facts->merge, space.tree());
}

events::built_side
describe(const side_plan& side, const services::build_outcome& outcome,
         const events::log::blob& log) {
  events::built_side x;
  x.side = side.name;
  x.commit = side.commit;
  x.ok = outcome.ok;
  x.seconds = outcome.seconds;
  x.log = {log.id, log.data.size()};
  x.error = outcome.error;
  x.artefacts = outcome.package.artefacts;
  return x;
}

} // namespace

events::digest environment_of(const events::synthesized& x,
                              const events::policy::policy& policy) {
  const auto verdict = events::policy::read_synthesis(x, policy);
  const auto* ready = std::get_if<events::image_built>(&verdict);
  return ready != nullptr ? ready->environment : events::digest{};
}

bool artefacts_differ(const events::synthesized& x) {
  const auto of = [&](std::string_view name) {
    const auto* side = events::side_of(x, name);
    return side == nullptr ? std::vector<events::artefact>{} : side->artefacts;
  };
  return of(base_side) != of(head_side);
}

namespace {

expected<built_sandbox> build_in(const workspace& space, stage_context& context,
                                 const events::pull_request_state& known,
                                 const services::stop_flag& stop) {
  const auto& facts = *known.facts;
  const auto& plan = context.policy().trial;
  const bool control = context.options().control;
  const auto sides = plan_sides(space, facts, control);
  if (auto err = export_all(context, space, known, sides, stop))
    return err;
  built_sandbox built;
  auto& x = built.evidence;
  x.isolation = context.sandbox().isolation();
  x.suite_commit = facts.merge;
  x.suite_dir = known.resolution->suite_dir;
  x.control = control;
  const auto& resolution = *known.resolution;
  const auto variables = asv_environment_of(resolution, facts.merge);
  for (const auto& file : facts.files)
    if (is_compiled_source(file.path))
      x.compiled_changed.push_back(file.path);
  for (const auto& side : sides) {
    auto outcome
      = services::build_side(context.tools(),
                             {.source = side.source,
                              .environment = space.environment(side.name),
                              .package_root = root_of(resolution, side, facts),
                              .version = version_of(resolution, side, facts),
                              .tag = resolution.version_tag,
                              .index = context.index().answer(),
                              .uv = {},
                              .env = variables.build,
                              .timeout_s = plan.build_timeout_s,
                              .memory_mb = plan.memory_mb,
                              .processes = plan.processes},
                             stop);
    if (!outcome)
      return outcome.error();
    auto log = events::log::make_blob(outcome->log);
    x.sides.push_back(describe(side, *outcome, log));
    x.network = x.network || outcome->network;
    if (x.recipe.empty())
      x.recipe = outcome->recipe;
    built.cpu_seconds += outcome->cpu_seconds;
    built.blobs.push_back(std::move(log));
    // The patched side says nothing where base does not build.
    if (!outcome->ok && side.name == base_side)
      break;
  }
  const auto environment = environment_of(x, context.policy());
  if (environment)
    if (auto err = remove_shadowing(space.tree(), x))
      return err;
  if (environment && !space.seal(environment))
    return make_error(ec::storage_failure,
                      "cannot write into " + space.root().string());
  return built;
}

} // namespace

expected<built_sandbox>
build_sandbox(stage_context& context, const events::pull_request_state& known,
              const services::stop_flag& stop) {
  const auto space = context.space({known.facts->repo, known.facts->number});
  auto built = build_in(space, context, known, stop);
  // A stop has no time for that, and the next attempt begins with nothing.
  const bool stopped
    = !built && events::code_of(built.error()) == ec::cancelled;
  if (!space.sealed() && !stopped)
    context.tidy_up(space);
  return built;
}

} // namespace fc::actors
