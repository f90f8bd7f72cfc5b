#include "actors/services/git/export_tree.hpp"

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
  auto result = run(spec, nullptr);
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

} // namespace

events::error check_links(const fs::path& folder) {
  std::error_code failed;
  const auto root = fs::canonical(folder, failed);
  fs::recursive_directory_iterator at{root, failed};
  for (; !failed && at != fs::recursive_directory_iterator{};
       at.increment(failed))
    if (at->is_symlink(failed) && leads_out(at->path(), root))
      return make_error(ec::refused,
                        "link " + at->path().lexically_relative(root).string()
                          + " leads out of the tree; it is not exported");
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
  if (auto err = check_out(git, commit, root))
    return err;
  if (auto err = check_links(root))
    return err;
  undo.keep();
  return {};
}

} // namespace fc::actors::services
