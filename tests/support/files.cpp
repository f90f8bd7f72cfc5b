#include "tests/support/files.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <system_error>

namespace fc::support {

namespace fs = std::filesystem;

temp_dir::temp_dir() {
  auto name = (fs::temp_directory_path() / "fc-test-XXXXXX").string();
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
