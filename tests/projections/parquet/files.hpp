#pragma once

#include "projections/parquet/parquet_writer.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

/// What the Parquet tests share.
namespace fc::projections::parquet {

/// An own folder for a test, gone afterwards.
class scratch_folder {
public:
  scratch_folder() {
    auto name = (std::filesystem::temp_directory_path() / "fc-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr)
      path_ = name;
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_folder(const scratch_folder&) = delete;
  scratch_folder& operator=(const scratch_folder&) = delete;

  std::string operator/(const std::string& name) const {
    return (path_ / name).string();
  }
  const std::filesystem::path& path() const {
    return path_;
  }
  /// Names below the folder, sorted.
  std::vector<std::string> names(const std::string& below = ".") const {
    std::vector<std::string> result;
    for (const auto& x : std::filesystem::directory_iterator{path_ / below})
      result.push_back(x.path().filename().string());
    std::ranges::sort(result);
    return result;
  }

private:
  std::filesystem::path path_;
};

inline std::string slurp(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline void spill(const std::string& path, const std::string& text) {
  std::ofstream{path, std::ios::binary} << text;
}

/// Writes a file; the test fails where that fails.
inline void
write_rows(const std::string& path, const std::vector<column>& columns,
           const std::vector<cells>& rows, const writer_options& options = {}) {
  auto out = parquet_writer::create(path, columns, options);
  ASSERT_TRUE(out) << events::describe(out.error());
  for (const auto& x : rows) {
    const auto err = out->append(x);
    ASSERT_FALSE(err) << events::describe(err);
  }
  const auto err = out->finish();
  ASSERT_FALSE(err) << events::describe(err);
}

} // namespace fc::projections::parquet
