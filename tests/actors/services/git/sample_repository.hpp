#pragma once

#include "actors/services/git/git_repository.hpp"
#include "tests/support/files.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace fc::test {

/// A small repository made with git's own tools in a folder that goes with the
/// test. Each commit is a day later than the one before, from 2020-01-01 on.
class sample_repository {
public:
  using names = std::vector<std::string>;

  explicit sample_repository(names init = {}) {
    std::filesystem::create_directory(folder());
    init.insert(init.begin(), {"init", "--quiet", "--initial-branch=main"});
    git(init);
  }

  std::filesystem::path folder() const {
    return dir_.path() / "work";
  }

  /// Output of a git command without its last line end; fails the test if git
  /// does.
  std::string git(names args, const std::string& input = {}) {
    actors::services::process_spec spec;
    spec.argv = std::move(args);
    spec.argv.insert(spec.argv.begin(), "git");
    spec.env = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                {"GIT_CONFIG_GLOBAL", "/dev/null"},
                {"GIT_CONFIG_NOSYSTEM", "1"},
                {"GIT_AUTHOR_NAME", "A"},
                {"GIT_AUTHOR_EMAIL", "a@example.org"},
                {"GIT_COMMITTER_NAME", "A"},
                {"GIT_COMMITTER_EMAIL", "a@example.org"},
                {"GIT_AUTHOR_DATE", date()},
                {"GIT_COMMITTER_DATE", date()}};
    spec.directory = folder().string();
    spec.input = input;
    spec.max_output = 64u << 20;
    auto result = actors::services::run(spec, nullptr);
    if (!result || !result->ok()) {
      ADD_FAILURE() << "git " << spec.argv[1] << ": "
                    << (result ? result->err
                               : events::describe(result.error()));
      return {};
    }
    while (result->out.ends_with('\n'))
      result->out.pop_back();
    return result->out;
  }

  void write(const std::string& path, std::string_view text) {
    const auto file = folder() / path;
    std::filesystem::create_directories(file.parent_path());
    support::write_file(file, text);
  }

  void remove(const std::string& path) {
    std::filesystem::remove_all(folder() / path);
  }

  /// Commits the files as they stand; `main` then is the new commit.
  std::string commit(const std::string& message) {
    return commit(message, head_.empty() ? names{} : names{head_});
  }

  std::string commit(const std::string& message, const names& parents) {
    head_ = side_commit(message, parents);
    git({"update-ref", "refs/heads/main", head_});
    return head_;
  }

  /// The same, but `main` stays where it is.
  std::string side_commit(const std::string& message, const names& parents) {
    seconds_ += 86400;
    git({"add", "--all"});
    names args{"commit-tree", git({"write-tree"}), "-F", "-"};
    for (const auto& x : parents)
      args.insert(args.end(), {"-p", x});
    return git(std::move(args), message);
  }

  /// A commit whose message is these very bytes: git would mend them.
  std::string raw_commit(const std::string& message) {
    seconds_ += 86400;
    git({"add", "--all"});
    const auto who = "A <a@example.org> " + std::to_string(seconds_) + " +0000";
    const auto text = "tree " + git({"write-tree"}) + "\nparent " + head_
                      + "\nauthor " + who + "\ncommitter " + who + "\n\n"
                      + message;
    head_ = git({"hash-object", "-w", "-t", "commit", "--stdin"}, text);
    git({"update-ref", "refs/heads/main", head_});
    return head_;
  }

  /// Merges a side branch that holds the files as they stand.
  std::string merge(const std::string& message) {
    const auto base = head_;
    return commit(message, {base, side_commit("work", {base})});
  }

  /// Removes a loose object.
  void lose(const std::string& id) {
    EXPECT_TRUE(std::filesystem::remove(folder() / ".git/objects"
                                        / id.substr(0, 2) / id.substr(2)));
  }

  /// The id of `commit:path`.
  std::string id(const std::string& name) {
    return git({"rev-parse", name});
  }

  const std::string& head() const {
    return head_;
  }

  /// Time of the next commit less a day.
  void at(std::int64_t seconds) {
    seconds_ = seconds;
  }

  events::timestamp now() const {
    return events::timestamp{std::chrono::seconds{seconds_}};
  }

  std::unique_ptr<actors::services::git_repository> open() const {
    auto opened = actors::services::git_repository::open(folder());
    if (!opened) {
      ADD_FAILURE() << events::describe(opened.error());
      return nullptr;
    }
    return std::move(*opened);
  }

private:
  std::string date() const {
    return "@" + std::to_string(seconds_) + " +0000";
  }

  support::temp_dir dir_;
  std::string head_;
  std::int64_t seconds_ = 1577750400; // 2019-12-31
};

/// All time there is.
inline constexpr auto first_moment = events::timestamp::min();
inline constexpr auto last_moment = events::timestamp::max();

} // namespace fc::test
