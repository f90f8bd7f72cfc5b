#include "actors/build/workspace.hpp"

#include "actors/services/sandbox/remove_tree.hpp"
#include "actors/services/sandbox/sandbox_files.hpp"

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
  constexpr const char* temporary = "sealed.part";
  auto files = services::sandbox_files::open(root_);
  std::error_code err;
  fs::remove(root_ / temporary, err);
  if (!files || files->write_new(temporary, environment.hex() + "\n"))
    return false;
  fs::rename(root_ / temporary, root_ / seal_name, err);
  return !err;
}

events::digest workspace::sealed() const {
  auto files = services::sandbox_files::open(root_);
  if (!files)
    return {};
  auto text = files->read(seal_name, 100);
  if (!text || !text->ends_with('\n'))
    return {};
  auto id = events::digest::from_hex(text->substr(0, text->size() - 1));
  return id ? *id : events::digest{};
}

events::error workspace::begin_trial() const {
  auto files = services::sandbox_files::open(root_);
  if (!files)
    return files.error();
  for (const auto side : all_sides) {
    for (const auto& old : {tree(side), home(side), cache(side)})
      if (auto err = services::remove_tree(old))
        return err;
    std::error_code err;
    fs::create_directories(home(side), err);
    if (!err)
      fs::create_directories(cache(side), err);
    if (err)
      return events::make_error(events::ec::storage_failure,
                                "cannot make folders below " + root_.string()
                                  + ": " + err.message());
    if (auto failed = files->copy_tree("tree", tree(side)))
      return failed;
  }
  return {};
}

events::error workspace::clear() const {
  return services::remove_tree(root_);
}

} // namespace fc::actors
