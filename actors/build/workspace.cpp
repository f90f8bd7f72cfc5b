#include "actors/build/workspace.hpp"

#include "actors/services/sandbox/remove_tree.hpp"

#include <fstream>

namespace fc::actors {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view seal_name = "sealed";

} // namespace

workspace::workspace(const fs::path& root, const events::pull_request_id& id)
  : root_(root / id.repo.file_name() / std::to_string(id.number)) {}

fs::path workspace::source(std::string_view side) const {
  return root_ / side / "src";
}

fs::path workspace::environment(std::string_view side) const {
  return root_ / side / "env";
}

fs::path workspace::cache(std::string_view side) const {
  return root_ / side / "cache";
}

fs::path workspace::tree() const {
  return root_ / "tree";
}

fs::path workspace::tree(std::string_view side) const {
  return root_ / side / "tree";
}

fs::path workspace::home(std::string_view side) const {
  return root_ / side / "home";
}

fs::path workspace::scratch() const {
  return root_ / "scratch";
}

bool workspace::seal(const events::digest& environment) const {
  const auto temporary = root_ / "sealed.part";
  {
    std::ofstream out{temporary};
    out << environment.hex() << '\n';
    if (!out.flush())
      return false;
  }
  std::error_code err;
  fs::rename(temporary, root_ / seal_name, err);
  return !err;
}

events::digest workspace::sealed() const {
  std::ifstream in{root_ / seal_name};
  std::string text;
  if (!(in >> text))
    return {};
  auto id = events::digest::from_hex(text);
  return id ? *id : events::digest{};
}

events::error workspace::begin_trial() const {
  for (const auto side : all_sides) {
    for (const auto& old : {tree(side), home(side), cache(side)})
      if (auto err = services::remove_tree(old))
        return err;
    std::error_code err;
    fs::create_directories(home(side), err);
    if (!err)
      fs::create_directories(cache(side), err);
    if (!err)
      fs::copy(tree(), tree(side),
               fs::copy_options::recursive | fs::copy_options::copy_symlinks,
               err);
    if (err)
      return events::make_error(events::ec::storage_failure,
                                "cannot make the working tree "
                                  + tree(side).string() + ": " + err.message());
  }
  return {};
}

events::error workspace::clear() const {
  return services::remove_tree(root_);
}

} // namespace fc::actors
