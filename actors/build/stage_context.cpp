#include "actors/build/stage_context.hpp"

#include "actors/services/git/partial_clone.hpp"
#include "actors/services/sandbox/remove_tree.hpp"

#include <spdlog/spdlog.h>

namespace fc::actors {

namespace fs = std::filesystem;
using events::ec;
using events::expected;
using events::make_error;

expected<std::shared_ptr<stage_context>>
stage_context::open(stage_context_options options,
                    std::shared_ptr<const events::policy::policy> policy) {
  if (!fs::exists(options.data / "bench" / "fcbench")
      || !fs::exists(options.data / "python" / "fcmeta.py"))
    return make_error(ec::not_found, "no benchmark harness below "
                                       + options.data.string()
                                       + "; name its folder with --data");
  auto python = services::find_interpreter(options.interpreter);
  if (!python)
    return python.error();
  auto sandbox = services::sandbox::open(python->path);
  if (!sandbox)
    return sandbox.error();
  std::shared_ptr<stage_context> context{new stage_context};
  context->policy_ = std::move(policy);
  context->sandbox_ = std::move(*sandbox);
  context->index_ = std::make_unique<services::package_index>(
    options.index, options.pip_index_url, *python);
  context->tools_.reset(new services::python_tools{*context->sandbox_, *python,
                                                   options.data / "python"});
  context->options_ = std::move(options);
  return context;
}

workspace stage_context::space(const events::pull_request_id& id) const {
  return {options_.work / "sandboxes", id};
}

void stage_context::tidy_up(const workspace& space) {
  tidy_up(space, space.root());
}

void stage_context::tidy_up(const workspace& space, const fs::path& folder) {
  if (auto err = services::remove_tree(folder)) {
    ++left_behind_;
    spdlog::warn("stage-context leaves sandbox behind what={}",
                 events::describe(err));
  }
  std::error_code not_empty;
  fs::remove(space.root(), not_empty);
}

namespace {

/// Brings what the trees of these commits lack.
events::error
complete(const fs::path& path, const std::vector<std::string>& commits,
         const services::stop_flag& stop) {
  if (!services::partial_clone::is_one(path))
    return {};
  auto clone = services::partial_clone::at(path, stop);
  auto absent = clone.absent_files(commits);
  if (!absent)
    return absent.error();
  return absent->empty() ? events::error{} : clone.fetch_files(*absent, stop);
}

} // namespace

expected<std::unique_ptr<services::git_repository>>
stage_context::repository(const events::repo_name& name,
                          const std::vector<std::string>& commits,
                          const services::stop_flag& stop) const {
  const auto found = options_.repositories.find(name);
  if (found == options_.repositories.end())
    return make_error(ec::not_found,
                      name.str()
                        + " is not a source of this run; name its "
                          "repository with --source");
  if (auto err = complete(found->second, commits, stop))
    return err;
  return services::git_repository::open(found->second, stop);
}

} // namespace fc::actors
