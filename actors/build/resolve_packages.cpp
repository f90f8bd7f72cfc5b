#include "actors/build/resolve_packages.hpp"

#include "actors/discover/asv_suite.hpp"
#include "actors/services/sandbox/remove_tree.hpp"
#include "events/environment.hpp"

#include <algorithm>
#include <array>

namespace fc::actors {

namespace {

namespace fs = std::filesystem;
using events::expected;

/// What the tree says, as evidence.
void add_declared(events::resolved& x,
                  const services::declared_package& declared) {
  x.package = declared.name;
  x.package_version = declared.version;
  x.package_root = declared.package_root;
  x.requires_python = declared.requires_python;
  x.build_backend = declared.build_backend;
  for (const auto& each : declared.build_requires)
    x.build_requires.push_back(each.text);
  for (const auto& each : declared.requirements)
    x.requirements.push_back(each.text);
  x.dropped = declared.bad;
  for (const auto& note : declared.notes)
    x.dropped.push_back({"build files", note});
  x.missing = declared.missing();
}

void add_suite(events::resolved& x, const asv_suite& suite) {
  x.suite_config = suite.config;
  x.suite_dir = suite.folder;
  const auto& asks = suite.settings;
  x.suite_project = asks.project;
  x.build_env = asks.build_env;
  x.run_env = asks.run_env;
  x.suite_timeout_s = asks.timeout_s;
  x.ignored_settings = asks.ignored;
}

/// Whether the base side may keep its package elsewhere, or call it by another
/// version: only where a file that says so was changed, or not all are known.
bool build_files_changed(const events::scraped& facts) {
  static constexpr std::array names{"pyproject.toml", "setup.py", "setup.cfg"};
  const auto says_so = [](const events::file_change& file) {
    return std::ranges::any_of(names, [&](std::string_view name) {
      return fs::path{file.path}.filename() == name;
    });
  };
  return facts.files.size() < facts.changed_files
         || std::ranges::any_of(facts.files, says_so);
}

/// Reads what trees of one pull request declare, each in a place of its own
/// that is gone afterwards: many a pull request ends here.
class tree_reader {
public:
  tree_reader(stage_context& context, const work& job, std::string root)
    : context_(context), job_(job), root_(std::move(root)),
      space_(context.space({job.state->facts->repo, job.state->facts->number})),
      tree_(space_.root() / "declared") {}
  tree_reader(const tree_reader&) = delete;
  tree_reader& operator=(const tree_reader&) = delete;
  ~tree_reader() {
    context_.tidy_up(space_, tree_);
  }

  expected<services::declared_package>
  read(services::git_repository& git, const std::string& commit) {
    if (auto err = services::remove_tree(tree_))
      return err;
    if (auto err = git.export_tree(commit, tree_))
      return err;
    return services::read_declared(context_.tools(), tree_, job_.stop, root_);
  }

private:
  stage_context& context_;
  const work& job_;
  std::string root_;
  workspace space_;
  fs::path tree_;
};

void add_base(events::resolved& x, const services::declared_package& base) {
  if (base.package_root != x.package_root)
    x.base_package_root = base.package_root;
  if (base.version != x.package_version)
    x.base_package_version = base.version;
}

} // namespace

resolve_packages::resolve_packages(stage_context_ptr context)
  : context_(std::move(context)) {}

stage_result resolve_packages::perform(const work& job) {
  const auto& facts = *job.state->facts;
  const bool both = facts.base != facts.merge && build_files_changed(facts);
  std::vector commits{facts.merge};
  if (both)
    commits.push_back(facts.base);
  auto git = context_->repository(facts.repo, commits, job.stop);
  if (!git)
    return failed(git.error());
  events::resolved x;
  auto suite = find_suite(**git, facts.merge);
  if (!suite)
    return failed(suite.error());
  std::string root;
  if (const auto* found = std::get_if<asv_suite>(&*suite)) {
    add_suite(x, *found);
    root = found->settings.repo_subdir;
  } else {
    // What the configuration asks for and does not get: everything, and why.
    x.ignored_settings = {std::get<no_suite>(*suite).reason};
  }
  tree_reader trees{*context_, job, root};
  auto declared = trees.read(**git, facts.merge);
  if (!declared)
    return failed(declared.error());
  add_declared(x, *declared);
  if (both) {
    auto base = trees.read(**git, facts.base);
    if (!base)
      return failed(base.error());
    add_base(x, *base);
  }
  auto tag = (*git)->newest_tag(facts.base);
  if (!tag)
    return failed(tag.error());
  x.version_tag = std::move(*tag);
  const auto& python = context_->tools().python;
  x.interpreter = python.path.string();
  x.python_version = python.version;
  x.interpreter_source
    = declared->python_fits ? "given" : "given, outside of requires-python";
  x.installer = "pip " + python.pip;
  x.index = context_->index().answer().shown;
  stage_result result;
  result.evidence.push_back(events::make_event(x));
  return result;
}

} // namespace fc::actors
