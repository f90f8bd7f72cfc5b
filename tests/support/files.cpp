#include "tests/support/files.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>

namespace fc::support {

namespace fs = std::filesystem;

namespace {

/// Whether every user may pass through the folder and those above it.
bool is_passable(const fs::path& folder) {
  std::error_code err;
  const auto whole = fs::canonical(folder, err);
  if (err)
    return false;
  for (fs::path at; const auto& part : whole) {
    at /= part;
    const auto all = fs::status(at, err).permissions();
    if (err || (all & fs::perms::others_exec) == fs::perms::none)
      return false;
  }
  return true;
}

} // namespace

temp_dir::temp_dir() : temp_dir(fs::temp_directory_path()) {}

temp_dir::temp_dir(const fs::path& parent) {
  auto name = (parent / "fc-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    throw std::system_error{errno, std::generic_category(), name};
  path_ = name;
}

temp_dir::~temp_dir() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string temp_dir::operator/(std::string_view name) const {
  return (path_ / name).string();
}

fs::path open_temporary_folder() {
  const auto usual = fs::temp_directory_path();
  for (const auto& folder :
       {usual, fs::path{"/tmp"}, fs::path{"/var/tmp"}, fs::path{"/dev/shm"},
        fs::path{"/var/lib/postgresql"}})
    if (is_passable(folder) && ::access(folder.c_str(), W_OK) == 0)
      return folder;
  return usual;
}

fs::path source_dir() {
  return fs::path{FC_SOURCE_DIR};
}

std::string read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>{in}, {}};
}

void write_file(const fs::path& path, std::string_view text) {
  std::ofstream out{path, std::ios::binary | std::ios::trunc};
  out << text;
  EXPECT_TRUE(out.flush().good()) << path;
}

} // namespace fc::support
