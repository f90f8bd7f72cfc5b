#include "actors/services/git/export/export_tree.hpp"

#include "actors/services/git/export/submodules.hpp"
#include "actors/services/git/export/tree_survey.hpp"
#include "actors/services/git/object_reader.hpp"

#include <algorithm>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

namespace fs = std::filesystem;

/// Seconds for one of the two steps; trees are small, disks may be slow.
constexpr double step_timeout = 1800;

events::error cannot(const fs::path& into, const std::string& why) {
  return make_error(ec::invalid_argument,
                    "cannot export to " + into.string() + ": " + why);
}

/// Removes what a folder holds and, if it was made here, the folder.
class cleanup {
public:
  cleanup(fs::path folder, bool made)
    : folder_(std::move(folder)), made_(made) {}
  cleanup(const cleanup&) = delete;
  cleanup& operator=(const cleanup&) = delete;
  ~cleanup() {
    if (done_)
      return;
    std::error_code ignored;
    if (made_) {
      fs::remove_all(folder_, ignored);
      return;
    }
    for (fs::directory_iterator at{folder_, ignored}, end; at != end;
         at.increment(ignored))
      fs::remove_all(at->path(), ignored);
  }
  void keep() noexcept {
    done_ = true;
  }

private:
  fs::path folder_;
  bool made_;
  bool done_ = false;
};

/// Whether a path that needs not exist lies in `folder` or is it.
bool lies_in(const fs::path& path, const fs::path& folder) {
  const auto [at, rest]
    = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return at == folder.end();
}

/// A link in a loop leads nowhere, and so not out.
bool leads_out(const fs::path& link, const fs::path& folder) {
  std::error_code failed;
  const auto target = fs::read_symlink(link, failed);
  if (failed || target.is_absolute())
    return true;
  const auto real = fs::weakly_canonical(link.parent_path() / target, failed);
  if (failed == std::errc::too_many_symbolic_link_levels)
    return false;
  return failed || !lies_in(real, folder);
}

events::error
step(process_spec spec, const fs::path& index, const std::string& what) {
  spec.env["GIT_INDEX_FILE"] = index.string();
  spec.timeout_s = step_timeout;
  auto result = run(spec, spec.stop);
  if (!result)
    return result.error();
  return result->ok() ? events::error{} : git_failed(what, *result);
}

events::error check_out(const private_git_dir& git, const std::string& commit,
                        const fs::path& into) {
  const auto index = git.folder() / "export-index";
  const auto what = "cannot export " + commit + " to " + into.string();
  auto read = git.command({"read-tree", commit});
  if (auto err = step(std::move(read), index, what))
    return err;
  auto write = git.command({"checkout-index", "--all", "--force", "--quiet",
                            "--prefix=" + into.string() + '/'});
  write.env["GIT_WORK_TREE"] = into.string();
  write.directory = into.string();
  auto err = step(std::move(write), index, what);
  std::error_code ignored;
  fs::remove(index, ignored);
  return err;
}

/// Submodules within submodules are filled so far down.
constexpr int deepest_submodule = 3;

events::error write_all(const private_git_dir& git, const std::string& commit,
                        const fs::path& into, int depth);

/// The text of a file at the top of a commit; empty where there is none.
expected<std::string>
text_at_top(const private_git_dir& git, const std::string& commit,
            std::string_view name) {
  object_reader objects{git.command({"cat-file", "--batch"})};
  auto at = objects.entry(commit, name);
  if (!at)
    return at.error();
  if (!*at || (*at)->folder || (*at)->submodule)
    return std::string{};
  auto found = objects.read((*at)->id);
  if (!found)
    return found.error();
  return *found ? std::move((*found)->content) : std::string{};
}

/// Fills one submodule from the clone's own copy of its repository. Without
/// such a copy its folder stays empty, as in a fresh clone: nothing is fetched
/// from addresses that somebody's tree names.
events::error
fill(const private_git_dir& git, const std::string& gitmodules,
     const submodule_entry& module, const fs::path& root, int depth) {
  const auto name = submodule_name(gitmodules, module.path);
  std::error_code failed;
  if (!name || !fs::is_directory(git.modules() / *name, failed))
    return {};
  auto inner = private_git_dir::open(git.modules() / *name, git.stop());
  if (!inner)
    return events::code_of(inner.error()) == ec::cancelled ? inner.error()
                                                           : events::error{};
  object_reader objects{(*inner)->command({"cat-file", "--batch"})};
  if (auto there = objects.commit(module.commit); !there)
    return events::code_of(there.error()) == ec::not_found ? events::error{}
                                                           : there.error();
  const auto into = root / module.path;
  fs::create_directories(into, failed);
  // Never through a link that the tree put in the way.
  if (failed || fs::canonical(into, failed) != into || failed
      || !fs::is_empty(into, failed))
    return {};
  return write_all(**inner, module.commit, into, depth + 1);
}

/// All that a commit holds, in an empty folder.
events::error write_all(const private_git_dir& git, const std::string& commit,
                        const fs::path& into, int depth) {
  const auto survey = survey_tree(git, commit);
  if (!survey)
    return survey.error();
  if (auto err = check_out(git, commit, into))
    return err;
  if (survey->submodules.empty() || depth >= deepest_submodule)
    return {};
  const auto gitmodules = text_at_top(git, commit, ".gitmodules");
  if (!gitmodules)
    return gitmodules.error();
  for (const auto& module : survey->submodules)
    if (auto err = fill(git, *gitmodules, module, into, depth))
      return err;
  return {};
}

} // namespace

events::error disarm_links(const fs::path& folder) {
  std::error_code failed;
  const auto root = fs::canonical(folder, failed);
  // Found first and changed then: a folder is not changed while it is read.
  std::vector<fs::path> armed;
  fs::recursive_directory_iterator at{root, failed};
  for (; !failed && at != fs::recursive_directory_iterator{};
       at.increment(failed))
    if (at->is_symlink(failed) && leads_out(at->path(), root))
      armed.push_back(at->path());
  for (const auto& link : armed) {
    if (!failed)
      fs::remove(link, failed);
    if (!failed)
      fs::create_symlink(nowhere, link, failed);
  }
  if (failed)
    return cannot(folder, failed.message());
  return {};
}

events::error write_tree(const private_git_dir& git, const std::string& commit,
                         const fs::path& into) {
  std::error_code failed;
  const bool made = fs::create_directories(into, failed);
  if (failed)
    return cannot(into, failed.message());
  const bool empty = fs::is_empty(into, failed);
  if (failed || !empty)
    return cannot(into, "the folder is not empty");
  const auto root = fs::canonical(into, failed);
  cleanup undo{root, made};
  if (failed)
    return cannot(into, failed.message());
  if (auto err = write_all(git, commit, root, 0))
    return err;
  if (auto err = disarm_links(root))
    return err;
  undo.keep();
  return {};
}

} // namespace fc::actors::services
