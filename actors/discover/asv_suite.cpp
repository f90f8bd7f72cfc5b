#include "actors/discover/asv_suite.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <unordered_map>

namespace fc::actors {

using events::expected;
using services::tree_entry;

namespace {

/// Folders below the top that are looked into.
constexpr int deepest = 3;

/// Configurations of one tree that are looked at: a few tree objects can name
/// any number of them.
constexpr std::size_t max_configs = 200;

/// Folders of other people's files, or of files that are data to tests.
constexpr std::array<std::string_view, 16> passed_over{
  ".git",     "node_modules", "vendor",     "vendored",
  "_vendor",  "third_party",  "thirdparty", "extern",
  "external", "testdata",     "test_data",  "test-data",
  "fixtures", "__fixtures__", "template",   "templates"};

/// `asv.conf.json`, `asv.conf.jsonc`, `asv.ci.conf.json` and the like.
bool is_config(std::string_view name) {
  if (!name.starts_with("asv."))
    return false;
  const bool json = name.ends_with(".json") || name.ends_with(".jsonc");
  return json && name.find("conf") != std::string_view::npos;
}

bool is_passed_over(std::string_view name) {
  return std::find(passed_over.begin(), passed_over.end(), name)
         != passed_over.end();
}

std::string joined(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + '/' + name;
}

std::string parent_of(const std::string& path) {
  const auto at = path.rfind('/');
  return at == std::string::npos ? std::string{} : path.substr(0, at);
}

/// `folder` / `relative` without dots; nullopt when that leaves the tree.
std::optional<std::string>
below(const std::string& folder, std::string relative) {
  std::replace(relative.begin(), relative.end(), '\\', '/');
  if (relative.starts_with('/'))
    return std::nullopt;
  std::vector<std::string> parts;
  auto text = folder + '/' + relative + '/';
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('/', at);
    auto part = text.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".")
      continue;
    if (part != "..")
      parts.push_back(std::move(part));
    else if (parts.empty())
      return std::nullopt;
    else
      parts.pop_back();
  }
  std::string out;
  for (const auto& part : parts)
    out = joined(out, part);
  return out;
}

struct found_config {
  std::string path; ///< Relative to the tree it was found in.
  std::string id;
};

auto rank(const found_config& x) {
  const auto name = x.path.substr(x.path.rfind('/') + 1);
  return std::tuple{std::count(x.path.begin(), x.path.end(), '/'),
                    name != "asv.conf.json", x.path};
}

} // namespace

struct suite_finder::state {
  using configs = std::vector<found_config>;
  using entries = std::vector<tree_entry>;

  explicit state(services::git_repository& repository) : git(repository) {}

  expected<entries> list(const std::string& commit, const std::string& path) {
    auto found = git.folder(commit, path);
    if (!found)
      return found.error();
    return *found ? std::move(**found) : entries{};
  }

  /// Configurations in a folder whose entries are known, and below it.
  expected<configs> search(const std::string& commit, const std::string& path,
                           const entries& here, int depth) {
    configs out;
    for (const auto& entry : here) {
      if (!entry.folder && !entry.submodule && is_config(entry.name))
        out.push_back({entry.name, entry.id});
      if (!entry.folder || depth == deepest || is_passed_over(entry.name))
        continue;
      auto inner
        = below_folder(commit, joined(path, entry.name), entry.id, depth + 1);
      if (!inner)
        return inner.error();
      for (const auto& x : *inner)
        if (out.size() < max_configs)
          out.push_back({entry.name + '/' + x.path, x.id});
    }
    return out;
  }

  expected<configs>
  below_folder(const std::string& commit, const std::string& path,
               const std::string& tree, int depth) {
    const auto key = tree + ':' + std::to_string(depth);
    if (const auto known = found_in.find(key); known != found_in.end())
      return known->second;
    auto here = list(commit, path);
    if (!here)
      return here.error();
    auto out = search(commit, path, *here, depth);
    if (out)
      found_in.emplace(key, *out);
    return out;
  }

  /// The configuration, or what is wrong with it.
  expected<std::variant<asv_config, std::string>>
  read(const std::string& commit, const found_config& at) {
    if (const auto known = parsed.find(at.id); known != parsed.end())
      return known->second;
    auto text = git.file(commit, at.path);
    if (!text)
      return text.error();
    auto config = parse_asv_config(*text ? **text : std::string{});
    std::variant<asv_config, std::string> out;
    if (config)
      out = std::move(*config);
    else
      out = events::describe(config.error());
    parsed.emplace(at.id, out);
    return out;
  }

  /// Whether a folder is there and holds Python files. Kept by the folder at
  /// the top that it lies in: that one's id is already known.
  expected<bool> has_benchmarks(const std::string& commit,
                                const std::string& path, const entries& top) {
    const auto name = path.substr(0, path.find('/'));
    const auto at
      = std::find_if(top.begin(), top.end(), [&](const tree_entry& x) {
          return x.folder && x.name == name;
        });
    if (at == top.end())
      return false;
    const auto key = at->id + ':' + path;
    if (const auto known = python_in.find(key); known != python_in.end())
      return known->second;
    auto inside = list(commit, path);
    if (!inside)
      return inside.error();
    const bool out
      = std::any_of(inside->begin(), inside->end(), [](const tree_entry& x) {
          return !x.folder && !x.submodule && x.name.ends_with(".py");
        });
    python_in.emplace(key, out);
    return out;
  }

  /// The suite that a configuration describes, or why it is of no use.
  expected<suite_answer>
  judge(const std::string& commit, const found_config& at, const entries& top) {
    auto read_config = read(commit, at);
    if (!read_config)
      return read_config.error();
    if (const auto* wrong = std::get_if<std::string>(&*read_config))
      return suite_answer{no_suite{at.path + " cannot be read: " + *wrong}};
    const auto& config = std::get<asv_config>(*read_config);
    const auto folder = below(parent_of(at.path), config.benchmark_dir);
    if (!folder || folder->empty())
      return suite_answer{no_suite{at.path + " has its benchmarks in "
                                   + config.benchmark_dir
                                   + ", which is no folder of the tree"}};
    auto usable = has_benchmarks(commit, *folder, top);
    if (!usable)
      return usable.error();
    if (!*usable)
      return suite_answer{no_suite{at.path + " has its benchmarks in " + *folder
                                   + ", which holds no Python file"}};
    return suite_answer{asv_suite{at.path,
                                  *folder,
                                  config.pythons,
                                  config.requirements,
                                  {},
                                  config.settings}};
  }

  services::git_repository& git;
  std::unordered_map<std::string, configs> found_in; ///< By tree and depth.
  std::unordered_map<std::string, std::variant<asv_config, std::string>>
    parsed;                                        ///< By file.
  std::unordered_map<std::string, bool> python_in; ///< By tree and path.
};

suite_finder::suite_finder(services::git_repository& git)
  : state_(std::make_unique<state>(git)) {}

suite_finder::~suite_finder() = default;
suite_finder::suite_finder(suite_finder&&) noexcept = default;

expected<suite_answer> suite_finder::find(const std::string& commit) {
  auto top = state_->list(commit, "");
  if (!top)
    return top.error();
  auto found = state_->search(commit, "", *top, 0);
  if (!found)
    return found.error();
  std::sort(found->begin(), found->end(),
            [](const auto& a, const auto& b) { return rank(a) < rank(b); });
  std::string passed;
  for (const auto& at : *found) {
    auto answer = state_->judge(commit, at, *top);
    if (!answer)
      return answer;
    if (auto* suite = std::get_if<asv_suite>(&*answer)) {
      suite->note = std::move(passed);
      return answer;
    }
    passed += (passed.empty() ? "" : "; ") + std::get<no_suite>(*answer).reason;
  }
  if (passed.empty())
    passed = "no asv.conf.json at the top or up to 3 folders deep";
  return suite_answer{no_suite{std::move(passed)}};
}

expected<std::vector<std::string>>
suite_finder::configs(const std::string& commit) {
  auto top = state_->list(commit, "");
  if (!top)
    return top.error();
  auto found = state_->search(commit, "", *top, 0);
  if (!found)
    return found.error();
  std::vector<std::string> ids;
  for (const auto& each : *found)
    ids.push_back(each.id);
  return ids;
}

expected<std::vector<std::string>>
suite_config_ids(services::git_repository& git, const std::string& commit) {
  return suite_finder{git}.configs(commit);
}

events::error find_suite(services::git_repository& git,
                         const std::vector<std::string>& commits,
                         events::repository_seen& seen) {
  suite_finder finder{git};
  for (const auto& commit : commits) {
    auto answer = finder.find(commit);
    if (!answer)
      return answer.error();
    if (seen.head.empty())
      seen.head = commit;
    if (const auto* none = std::get_if<no_suite>(&*answer)) {
      seen.note = none->reason;
      continue;
    }
    const auto& suite = std::get<asv_suite>(*answer);
    seen.suite_config = suite.config;
    seen.suite_dir = suite.folder;
    seen.note = suite.note;
    break;
  }
  return {};
}

expected<suite_answer>
find_suite(services::git_repository& git, const std::string& commit) {
  return suite_finder{git}.find(commit);
}

} // namespace fc::actors
