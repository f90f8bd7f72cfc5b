#include "actors/services/git/export/tree_survey.hpp"

#include "actors/services/git/object_reader.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <utility>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

constexpr std::size_t max_submodules = 100;

/// Sums of paths stop here, far above every limit, so that they cannot wrap.
constexpr std::uint64_t plenty = std::uint64_t{1} << 60;

std::uint64_t sum(std::uint64_t a, std::uint64_t b) noexcept {
  return std::min(plenty, std::min(a, plenty) + std::min(b, plenty));
}

/// One tree object; totals include everything below it.
struct node {
  std::vector<tree_entry> entries;
  std::vector<std::string> folders; ///< Not looked at yet, last first.
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  int depth = 1;
  bool submodules = false;
};

class surveyor {
public:
  surveyor(const private_git_dir& git, const export_limits& limits)
    : git_(git), limits_(limits),
      objects_(git.command({"cat-file", "--batch"})) {}

  expected<tree_survey> run(const std::string& commit) {
    auto head = objects_.commit(commit);
    if (!head)
      return head.error();
    const auto& top = head->tree;
    if (auto err = read_all(commit, top))
      return err;
    if (auto err = measure())
      return err;
    add_up();
    tree_survey out;
    const auto& all = nodes_.at(top);
    out.files = all.files;
    out.bytes = all.bytes;
    out.depth = all.depth;
    if (auto err = check(commit, out))
      return err;
    find_submodules(top, out);
    return out;
  }

private:
  /// Every tree object once, deepest first in `order_`.
  events::error read_all(const std::string& commit, const std::string& top) {
    std::vector<std::string> open{top};
    if (auto err = read(top))
      return err;
    while (!open.empty()) {
      auto& here = nodes_.at(open.back());
      if (here.folders.empty()) {
        order_.push_back(open.back());
        open.pop_back();
        continue;
      }
      auto next = std::move(here.folders.back());
      here.folders.pop_back();
      if (nodes_.contains(next))
        continue;
      if (open.size() >= static_cast<std::size_t>(limits_.depth))
        return too_much(commit, "is nested deeper than "
                                  + std::to_string(limits_.depth) + " folders");
      if (auto err = read(next))
        return err;
      open.push_back(std::move(next));
    }
    return {};
  }

  events::error read(const std::string& id) {
    auto entries = objects_.tree(id);
    if (!entries)
      return entries.error();
    node x;
    for (const auto& each : *entries) {
      if (each.folder)
        x.folders.push_back(each.id);
      else if (!each.submodule)
        sizes_.try_emplace(each.id, 0);
      x.submodules = x.submodules || each.submodule;
    }
    x.entries = std::move(*entries);
    entries_ += x.entries.size();
    // Distinct entries alone are more than may be written.
    if (entries_ > limits_.files * 2)
      return make_error(ec::refused, "the tree has more than "
                                       + std::to_string(limits_.files)
                                       + " paths; it is not exported");
    nodes_.emplace(id, std::move(x));
    return {};
  }

  /// Sizes of all files, in one question; absent ones count nothing.
  events::error measure() {
    if (sizes_.empty())
      return {};
    auto spec
      = git_.command({"cat-file", "--batch-check=%(objectname) %(objectsize)"});
    for (const auto& [id, size] : sizes_)
      spec.input += id + '\n';
    spec.max_output = 2 * spec.input.size() + (1 << 20);
    auto result = run_quietly(spec);
    if (!result)
      return result.error();
    if (!result->ok())
      return git_failed("cannot ask for sizes of files", *result);
    std::string_view rest{result->out};
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      take_size(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return {};
  }

  expected<process_result> run_quietly(const process_spec& spec) const {
    return services::run(spec, git_.stop());
  }

  void take_size(std::string_view line) {
    const auto at = line.find(' ');
    if (at == std::string_view::npos)
      return;
    const auto known = sizes_.find(std::string{line.substr(0, at)});
    if (known != sizes_.end())
      std::from_chars(line.data() + at + 1, line.data() + line.size(),
                      known->second);
  }

  void add_up() {
    for (const auto& id : order_) {
      auto& x = nodes_.at(id);
      for (const auto& each : x.entries) {
        if (each.submodule)
          continue;
        if (!each.folder) {
          x.files = sum(x.files, 1);
          x.bytes = sum(x.bytes, sizes_.at(each.id));
          continue;
        }
        const auto& inner = nodes_.at(each.id);
        x.files = sum(x.files, inner.files + 1);
        x.bytes = sum(x.bytes, inner.bytes);
        x.depth = std::max(x.depth, inner.depth + 1);
        x.submodules = x.submodules || inner.submodules;
      }
    }
  }

  events::error check(const std::string& commit, const tree_survey& x) const {
    if (x.files > limits_.files)
      return too_much(commit, "has more than " + std::to_string(limits_.files)
                                + " paths");
    if (x.depth > limits_.depth)
      return too_much(commit, "is nested deeper than "
                                + std::to_string(limits_.depth) + " folders");
    if (x.bytes > limits_.bytes)
      return too_much(commit, "has more than " + std::to_string(limits_.bytes)
                                + " bytes");
    return {};
  }

  static events::error
  too_much(const std::string& commit, const std::string& what) {
    return make_error(ec::refused, "the tree of " + commit + " " + what
                                     + "; it is not exported");
  }

  /// Only into folders that hold one; the number of paths is bounded by now.
  void find_submodules(const std::string& top, tree_survey& out) const {
    std::vector<std::pair<std::string, std::string>> open{{"", top}};
    while (!open.empty() && out.submodules.size() < max_submodules) {
      const auto [path, id] = std::move(open.back());
      open.pop_back();
      const auto& x = nodes_.at(id);
      if (!x.submodules)
        continue;
      for (const auto& each : x.entries) {
        if (each.submodule && out.submodules.size() < max_submodules)
          out.submodules.push_back({path + each.name, each.id});
        else if (each.folder)
          open.emplace_back(path + each.name + '/', each.id);
      }
    }
  }

  const private_git_dir& git_;
  export_limits limits_;
  object_reader objects_;
  std::unordered_map<std::string, node> nodes_;
  std::unordered_map<std::string, std::uint64_t> sizes_;
  std::vector<std::string> order_;
  std::size_t entries_ = 0;
};

} // namespace

expected<tree_survey>
survey_tree(const private_git_dir& git, const std::string& commit,
            const export_limits& limits) {
  return surveyor{git, limits}.run(commit);
}

} // namespace fc::actors::services
