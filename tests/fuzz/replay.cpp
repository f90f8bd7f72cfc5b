#include "tests/fuzz/fuzz.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <vector>

// Stands in for libFuzzer where it is absent: runs a fuzzer once over files,
// or over all files of folders.
namespace {

std::vector<std::filesystem::path> files_in(const char* place) {
  if (!std::filesystem::is_directory(place))
    return {place};
  std::vector<std::filesystem::path> all;
  for (const auto& each : std::filesystem::directory_iterator{place})
    all.push_back(each.path());
  std::ranges::sort(all);
  return all;
}

} // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& file : files_in(argv[i])) {
      std::ifstream in{file, std::ios::binary};
      const std::vector<char> data{std::istreambuf_iterator<char>{in}, {}};
      if (!in) {
        std::cerr << file << ": cannot be read\n";
        return 1;
      }
      std::cout << file.string() << std::endl; // the last one is the culprit
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(data.data()),
                             data.size());
      ++count;
    }
  std::cout << count << " inputs\n";
  return count == 0 ? 1 : 0;
}
