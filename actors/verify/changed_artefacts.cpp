#include "actors/verify/changed_artefacts.hpp"

#include "actors/build/sandbox_builder.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

namespace fc::actors {

namespace {

/// A build that differs in more is looked at as far as this.
constexpr std::size_t max_generated = 10'000;

std::string_view below_site(std::string_view path) {
  constexpr std::string_view site = "site-packages/";
  const auto at = path.find(site);
  return at == std::string_view::npos ? path : path.substr(at + site.size());
}

/// `pkg/_ext.cpython-311-x86_64-linux-gnu.so` is `pkg._ext`.
std::string import_name(std::string_view path) {
  std::string name{below_site(path)};
  const auto slash = name.rfind('/');
  const auto dot = name.find('.', slash == std::string::npos ? 0 : slash);
  name = name.substr(0, dot);
  std::ranges::replace(name, '/', '.');
  return name;
}

/// Files that one side alone has, or both with different contents.
std::vector<const events::artefact*> differing(const events::synthesized& x) {
  std::vector<const events::artefact*> changed;
  const auto* base = events::side_of(x, base_side);
  const auto* head = events::side_of(x, head_side);
  if (base == nullptr || head == nullptr)
    return changed;
  // A wheel may hold a hundred thousand of them.
  std::map<std::string_view, const events::artefact*> before;
  for (const auto& file : base->artefacts)
    before.emplace(file.path, &file);
  for (const auto& file : head->artefacts) {
    const auto found = before.find(file.path);
    if (found == before.end() || *found->second != file)
      changed.push_back(&file);
    if (found != before.end())
      before.erase(found);
  }
  for (const auto& file : base->artefacts)
    if (before.contains(file.path))
      changed.push_back(&file);
  return changed;
}

/// Builds write their version in there, and no benchmark's speed is in it.
bool is_version(std::string_view path) {
  static constexpr std::array<std::string_view, 6> names{
    "_version.py",     "version.py",       "__version__.py",
    "_scm_version.py", "_version_info.py", "__config__.py"};
  const auto name = path.substr(path.rfind('/') + 1);
  return std::ranges::find(names, name) != names.end()
         || path.substr(0, path.find('/')).ends_with(".dist-info");
}

} // namespace

std::vector<std::string> changed_extensions(const events::synthesized& x) {
  std::vector<std::string> changed;
  for (const auto* file : differing(x))
    if (events::is_compiled(*file))
      changed.push_back(import_name(file->path));
  return changed;
}

std::vector<std::string>
generated_changes(const events::synthesized& x,
                  const std::vector<std::string>& changed) {
  // Wherever its source lies, an installed file keeps the end of its path.
  std::set<std::string_view> sources;
  for (const std::string_view path : changed)
    for (std::size_t at = 0; at != std::string_view::npos;) {
      sources.insert(path.substr(at));
      const auto slash = path.find('/', at);
      at = slash == std::string_view::npos ? slash : slash + 1;
    }
  std::vector<std::string> found;
  for (const auto* file : differing(x)) {
    const auto path = below_site(file->path);
    if (found.size() < max_generated && !events::is_compiled(*file)
        && !is_version(path) && !sources.contains(path))
      found.emplace_back(path);
  }
  return found;
}

} // namespace fc::actors
