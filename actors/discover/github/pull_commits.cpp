#include "actors/discover/github/pull_commits.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <unordered_set>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using services::git_repository;
using services::partial_clone;

namespace {

/// Commits of one pull request that a rebase may have put on the branch.
constexpr std::size_t max_rebased = 50;

class commit_finder {
public:
  commit_finder(partial_clone& clone,
                const std::vector<const listed_pull*>& pulls,
                const services::stop_flag& stop)
    : clone_(clone), pulls_(pulls), stop_(stop), out_(pulls.size()) {}

  expected<std::vector<pull_commits>> run() {
    if (auto err = bring_commits())
      return err;
    auto git = git_repository::open(clone_.path(), stop_);
    if (!git)
      return git.error();
    git_ = std::move(*git);
    for (std::size_t i = 0; i < pulls_.size(); ++i)
      if (auto err = first_guess(i))
        return err;
    if (auto err = compare_trees())
      return err;
    if (auto err = look_further())
      return err;
    return std::move(out_);
  }

private:
  /// Merge commits, and the branches where there is none or it is gone.
  error bring_commits() {
    std::vector<std::string> merges;
    for (const auto* pull : pulls_)
      merges.push_back(pull->facts.merge);
    std::vector<std::string> branches;
    const auto add_branch = [&](const listed_pull& pull) {
      branches.insert(branches.end(), {pull.facts.head, pull.base_tip});
    };
    for (const auto* pull : pulls_)
      if (pull->facts.merge.empty())
        add_branch(*pull);
    merges.insert(merges.end(), branches.begin(), branches.end());
    if (auto err = bring(std::move(merges)))
      return err;
    branches.clear();
    for (const auto* pull : pulls_)
      if (gone_.contains(pull->facts.merge))
        add_branch(*pull);
    return bring(std::move(branches));
  }

  /// What is absent, in one operation; what is gone is known then.
  error bring(std::vector<std::string> wanted) {
    std::erase_if(wanted, [](const auto& id) { return id.empty(); });
    auto absent = clone_.absent(wanted);
    if (!absent)
      return absent.error();
    return absent->empty() ? error{} : fetch(*absent);
  }

  /// One that is gone makes git refuse all: halves tell which it is.
  error fetch(std::span<const std::string> ids) {
    auto err = clone_.fetch_commits({ids.begin(), ids.end()}, stop_);
    if (events::code_of(err) != ec::missing_object)
      return err;
    if (ids.size() == 1) {
      gone_.insert(ids.front());
      return {};
    }
    const auto half = ids.size() / 2;
    if (auto failed = fetch(ids.first(half)))
      return failed;
    return fetch(ids.subspan(half));
  }

  bool here(const std::string& id) const {
    return !id.empty() && !gone_.contains(id);
  }

  error first_guess(std::size_t i) {
    const auto& pull = *pulls_[i];
    auto& x = out_[i];
    if (!here(pull.facts.merge))
      return without_merge(i);
    x.merge = pull.facts.merge;
    auto commit = git_->describe(x.merge);
    if (!commit)
      return commit.error();
    if (commit->base.empty()) {
      x.note = "the merge commit has no parent";
      return {};
    }
    x.bases = {commit->base};
    x.kind = commit->kind.empty() ? "squash" : commit->kind;
    // A merge, and a commit that names the pull request, were made by GitHub's
    // button; any other may be the last of several.
    if (x.kind != "merge" && commit->number != pull.facts.number)
      doubtful_.push_back(i);
    return {};
  }

  error without_merge(std::size_t i) {
    const auto& pull = *pulls_[i];
    auto& x = out_[i];
    x.note = pull.facts.merge.empty()
               ? "GitHub names no merge commit"
               : "the merge commit " + pull.facts.merge + " is not to be had";
    if (!here(pull.facts.head) || !here(pull.base_tip))
      return {};
    auto base = clone_.merge_base(pull.base_tip, pull.facts.head);
    if (!base)
      return base.error();
    if (!*base)
      return {};
    if (**base == pull.facts.head) {
      x.note += ", and the base branch held its commits when it was last seen";
      return {};
    }
    x.kind = "head";
    x.merge = pull.facts.head;
    x.bases = {**base};
    return {};
  }

  error compare_trees() {
    std::vector<git_repository::change_request> pairs;
    std::vector<std::size_t> of;
    for (std::size_t i = 0; i < out_.size(); ++i)
      if (!out_[i].kind.empty()) {
        pairs.push_back({out_[i].bases.front(), out_[i].merge, false});
        of.push_back(i);
      }
    auto changes = clone_.raw_changes(pairs);
    if (!changes)
      return changes.error();
    for (std::size_t k = 0; k < of.size(); ++k)
      out_[of[k]].changes = std::move((*changes)[k]);
    return {};
  }

  /// For each doubtful one, all ancestors from which the files fit. Rounds go
  /// back one commit for all of them at a time.
  error look_further() {
    struct search {
      std::size_t at;
      std::string base;
      bool found;
    };
    std::vector<search> open;
    for (const auto i : doubtful_) {
      const bool fits = same_files(out_[i].changes, *pulls_[i]);
      if (!fits)
        out_[i].note = "from no commit on did the files change that GitHub "
                       "lists; before is the first parent of the merge";
      open.push_back({i, out_[i].bases.front(), fits});
    }
    for (std::size_t round = 1; round < max_rebased && !open.empty(); ++round) {
      std::vector<search> next;
      std::vector<git_repository::change_request> pairs;
      for (auto each : open) {
        auto older = git_->describe(each.base);
        if (!older)
          return older.error();
        // Another pull request's commit ends this one.
        if (older->number != 0 || older->base.empty())
          continue;
        each.base = older->base;
        pairs.push_back({each.base, out_[each.at].merge, false});
        next.push_back(std::move(each));
      }
      auto changes = clone_.raw_changes(pairs);
      if (!changes)
        return changes.error();
      open.clear();
      for (std::size_t k = 0; k < next.size(); ++k)
        if (judge(next[k].at, next[k].base, std::move((*changes)[k]),
                  next[k].found))
          open.push_back(std::move(next[k]));
    }
    return {};
  }

  /// @returns whether going back further may still find the base.
  bool judge(std::size_t i, const std::string& base,
             std::vector<services::raw_change> changes, bool& found) {
    auto& x = out_[i];
    if (same_files(changes, *pulls_[i])) {
      if (found) {
        x.bases.push_back(base); // the lines will decide
      } else {
        x.bases = {base};
        x.changes = std::move(changes);
        x.kind = "rebase";
        x.note.clear();
      }
      found = true;
      return true;
    }
    // More files than the pull request has: too far back.
    return !found
           && changes.size()
                <= pulls_[i]->facts.changed_files + pulls_[i]->renamed_files;
  }

  partial_clone& clone_;
  const std::vector<const listed_pull*>& pulls_;
  const services::stop_flag& stop_;
  std::vector<pull_commits> out_;
  std::unique_ptr<git_repository> git_;
  std::unordered_set<std::string> gone_;
  std::vector<std::size_t> doubtful_;
};

} // namespace

bool same_files(const std::vector<services::raw_change>& changes,
                const listed_pull& pull) {
  std::set<std::string_view> paths;
  for (const auto& each : changes)
    paths.insert(each.path);
  const bool all_there
    = std::ranges::all_of(pull.facts.files, [&](const auto& file) {
        return paths.contains(file.path);
      });
  const auto max = std::size_t{pull.facts.changed_files} + pull.renamed_files;
  return all_there
         && (pull.files_whole ? paths.size() == max
                              : paths.size() >= pull.facts.changed_files);
}

expected<std::vector<pull_commits>>
find_commits(partial_clone& clone, const std::vector<const listed_pull*>& pulls,
             const services::stop_flag& stop) {
  return commit_finder{clone, pulls, stop}.run();
}

} // namespace fc::actors
