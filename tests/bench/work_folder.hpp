#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace fc::bench {

/// A new folder where the program was started, beside its own disk and not in
/// memory; removed at the end. Ends the program if it cannot be made.
struct work_folder {
  work_folder() {
    std::string name = "bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
      std::perror("cannot make a folder here");
      std::exit(1);
    }
    path = name;
  }
  work_folder(const work_folder&) = delete;
  work_folder& operator=(const work_folder&) = delete;
  ~work_folder() {
    std::filesystem::remove_all(path);
  }

  std::filesystem::path path;
};

} // namespace fc::bench
