#pragma once

#include "tests/conventions/source_tree.hpp"
#include "tests/support/files.hpp"

#include <string>
#include <string_view>

namespace fc::conventions {

/// A small tree in a temporary folder that breaks a rule on purpose.
class made_up_tree {
public:
  made_up_tree& file(const std::string& path, std::string_view text) {
    const auto whole = folder_.path() / path;
    std::filesystem::create_directories(whole.parent_path());
    support::write_file(whole, text);
    return *this;
  }

  /// A file of so many lines.
  made_up_tree& lines(const std::string& path, std::size_t count,
                      std::string_view line = "x") {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
      text += std::string{line} + "\n";
    return file(path, text);
  }

  source_tree read() const {
    return read_tree(folder_.path());
  }

private:
  support::temp_dir folder_;
};

/// The tree this program was built from.
inline const source_tree& this_tree() {
  static const source_tree tree = read_tree(FC_SOURCE_DIR);
  return tree;
}

} // namespace fc::conventions
