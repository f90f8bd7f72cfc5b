#include "actors/build/workspace.hpp"

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

fs::path workspace::suite(std::string_view name) const {
  return root_ / "suite" / name;
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

void workspace::clear() const {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

} // namespace fc::actors
