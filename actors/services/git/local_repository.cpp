#include "actors/services/git/change_lanes.hpp"
#include "actors/services/git/export/export_tree.hpp"
#include "actors/services/git/history/history.hpp"
#include "actors/services/git/history/log_walk.hpp"
#include "actors/services/git/object_reader.hpp"
#include "actors/services/git/origin.hpp"
#include "actors/services/git/text.hpp"

#include <algorithm>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

class local_repository final : public git_repository {
public:
  local_repository(std::filesystem::path path,
                   std::unique_ptr<private_git_dir> git)
    : path_(std::move(path)), git_(std::move(git)),
      objects_(git_->command({"cat-file", "--batch"})),
      names_(git_->source_command({"cat-file", "--batch"})) {}

  expected<std::string> resolve(std::string_view revision) override {
    const auto name = std::string{revision} + "^{commit}";
    auto found = revision.empty()         ? std::optional<git_object>{}
                 : is_object_id(revision) ? objects_.read(name)
                                          : names_.read(name);
    if (!found)
      return found.error();
    if (*found)
      return std::move((*found)->id);
    return make_error(ec::not_found,
                      "'" + std::string{revision} + "' names no commit of "
                        + path_.string()
                        + "; is the name right and the clone not empty?");
  }

  std::optional<events::repo_name> name_from_origin() override {
    const auto asked
      = run(git_->source_command({"config", "--get", "remote.origin.url"}),
            git_->stop());
    return asked && asked->ok() ? name_of_url(asked->out) : std::nullopt;
  }

  expected<std::vector<merged_commit>>
  merged(std::string_view head, events::timestamp start,
         events::timestamp end) override {
    auto from = resolve(head);
    if (!from)
      return from.error();
    auto found = walk(*from);
    if (!found)
      return found;
    // First one a number, then the window: what a number means must not
    // depend on the window. Dates are not monotonic along the history.
    auto kept = one_per_number(std::move(*found));
    std::erase_if(kept, [&](const merged_commit& x) {
      return x.merged_at < start || x.merged_at >= end;
    });
    return kept;
  }

  expected<merged_commit> describe(std::string_view revision) override {
    auto id = resolve(revision);
    if (!id)
      return id.error();
    auto found = objects_.commit(*id);
    if (!found)
      return found.error();
    return as_pull_request(found->log).value_or(as_plain_commit(found->log));
  }

  events::error changes(const std::vector<change_request>& requests,
                        const change_visitor& visit) override {
    for (const auto& x : requests)
      if (!is_object_id(x.commit) || !is_object_id(x.base))
        return make_error(ec::invalid_argument,
                          "cannot compare '" + x.base + "' with '" + x.commit
                            + "': both must be whole commit ids");
    return read_changes(*git_, requests, visit);
  }

  expected<std::optional<std::string>>
  file(std::string_view commit, std::string_view path) override {
    auto at = entry(commit, path);
    if (!at)
      return at.error();
    if (!*at || (*at)->folder || (*at)->submodule)
      return std::optional<std::string>{};
    auto found = objects_.read((*at)->id);
    if (!found)
      return found.error();
    if (!*found)
      return make_error(ec::missing_object,
                        "object " + (*at)->id + " of " + std::string{path}
                          + " is absent; fetch the repository again");
    return std::optional{std::move((*found)->content)};
  }

  expected<std::optional<std::vector<tree_entry>>>
  folder(std::string_view commit, std::string_view path) override {
    auto at = entry(commit, path);
    if (!at)
      return at.error();
    if (!*at || !(*at)->folder)
      return std::optional<std::vector<tree_entry>>{};
    auto entries = objects_.tree((*at)->id);
    if (!entries)
      return entries.error();
    return std::optional{std::move(*entries)};
  }

  events::error export_tree(std::string_view commit,
                            const std::filesystem::path& into) override {
    auto id = resolve(commit);
    if (!id)
      return id.error();
    return write_tree(*git_, *id, into);
  }

  expected<std::string> newest_tag(std::string_view commit) override {
    auto id = resolve(commit);
    if (!id)
      return id.error();
    const auto asked
      = run(git_->source_command({"describe", "--tags", "--abbrev=0", *id}),
            git_->stop());
    if (!asked)
      return asked.error();
    if (asked->stopped || asked->timed_out)
      return git_failed("cannot describe " + *id, *asked);
    // Without a tag git fails, which is an answer.
    return asked->ok() ? std::string{trimmed(asked->out)} : std::string{};
  }

  const std::filesystem::path& path() const override {
    return path_;
  }

private:
  expected<std::optional<tree_entry>>
  entry(std::string_view commit, std::string_view path) {
    if (is_object_id(commit))
      return objects_.entry(commit, path);
    auto id = resolve(commit);
    if (!id)
      return id.error();
    return objects_.entry(*id, path);
  }

  /// All pull requests on the first-parent history, newest first.
  expected<std::vector<merged_commit>> walk(const std::string& head) {
    std::vector<merged_commit> found;
    auto err = read_log(*git_, head, [&](log_commit x) -> events::error {
      if (auto failed = restore_parents(x))
        return failed;
      if (auto known = as_pull_request(x))
        found.push_back(std::move(*known));
      return {};
    });
    if (err)
      return err;
    return found;
  }

  /// Where a shallow clone ends git hides the parents; the commit names them.
  events::error restore_parents(log_commit& x) {
    const auto& ends = git_->shallow();
    if (!x.parents.empty()
        || std::find(ends.begin(), ends.end(), x.id) == ends.end())
      return {};
    auto stored = objects_.commit(x.id);
    if (!stored)
      return stored.error();
    x.parents = std::move(stored->log.parents);
    return {};
  }

  std::filesystem::path path_;
  std::unique_ptr<private_git_dir> git_;
  object_reader objects_;
  object_reader names_; ///< Knows the repository's branches and tags.
};

} // namespace

expected<std::unique_ptr<git_repository>>
git_repository::open(const std::filesystem::path& path, const stop_flag& stop) {
  auto git = private_git_dir::open(path, stop);
  if (!git)
    return git.error();
  return std::unique_ptr<git_repository>{
    std::make_unique<local_repository>(path, std::move(*git))};
}

} // namespace fc::actors::services
