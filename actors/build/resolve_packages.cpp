#include "actors/build/resolve_packages.hpp"

#include "actors/discover/asv_suite.hpp"
#include "actors/services/sandbox/remove_tree.hpp"
#include "events/environment.hpp"

namespace fc::actors {

namespace {

/// What the tree says, as evidence.
void add_declared(events::resolved& x, const services::declared& says) {
  x.package = says.name;
  x.package_version = says.version;
  x.package_root = says.package_root;
  x.requires_python = says.requires_python;
  x.build_backend = says.build_backend;
  for (const auto& each : says.build_requires)
    x.build_requires.push_back(each.text);
  for (const auto& each : says.requirements)
    x.requirements.push_back(each.text);
  x.dropped = says.bad;
  x.missing = says.missing();
}

} // namespace

resolve_packages::resolve_packages(workshop_ptr shop)
  : shop_(std::move(shop)) {}

stage_result resolve_packages::perform(const work& job) {
  const auto& facts = *job.state->facts;
  auto git = shop_->repository(facts.repo, {facts.merge}, job.stop);
  if (!git)
    return failed(git.error());
  events::resolved x;
  auto suite = find_suite(**git, facts.merge);
  if (!suite)
    return failed(suite.error());
  if (const auto* found = std::get_if<asv_suite>(&*suite)) {
    x.suite_config = found->config;
    x.suite_dir = found->folder;
  }
  const auto tree
    = shop_->space({facts.repo, facts.number}).root() / "declared";
  if (auto err = services::remove_tree(tree))
    return failed(err);
  if (auto err = (*git)->export_tree(facts.merge, tree))
    return failed(err);
  auto says = services::read_declared(shop_->tools(), tree, job.stop);
  if (auto err = services::remove_tree(tree))
    return failed(err);
  if (!says)
    return failed(says.error());
  add_declared(x, *says);
  const auto& python = shop_->tools().python;
  x.interpreter = python.path.string();
  x.python_version = python.version;
  x.interpreter_source
    = says->python_fits ? "given" : "given, outside of requires-python";
  x.installer = "pip " + python.pip;
  x.index = shop_->index().answer().shown;
  stage_result result;
  result.evidence.push_back(events::make_event(x));
  return result;
}

} // namespace fc::actors
