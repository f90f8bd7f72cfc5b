#include "actors/build/instrument.hpp"

#include <fstream>
#include <iterator>
#include <set>

namespace fc::actors {

namespace {

namespace fs = std::filesystem;

/// What an interpreter has installed, by the names of the notes that installers
/// leave: "numpy-1.26.4.dist-info".
std::set<std::string> installed_packages(const services::interpreter& python) {
  const auto minor = python.version.substr(0, python.version.rfind('.'));
  const auto prefix = python.path.parent_path().parent_path();
  std::set<std::string> result;
  for (const auto& folder :
       {prefix / "lib" / ("python" + minor) / "site-packages",
        prefix / "local/lib" / ("python" + minor) / "dist-packages",
        prefix / "lib/python3/dist-packages",
        fs::path{"/usr/local/lib"} / ("python" + minor) / "dist-packages"}) {
    std::error_code err;
    for (fs::directory_iterator at{folder, err}, end; !err && at != end;
         at.increment(err)) {
      const auto name = at->path().filename().string();
      if (name.ends_with(".dist-info") || name.ends_with(".egg-info"))
        result.insert(name);
    }
  }
  return result;
}

/// Every source of the harness.
events::digest harness_digest(const fs::path& folder) {
  std::set<fs::path> files;
  std::error_code err;
  for (fs::recursive_directory_iterator at{folder, err}, end; !err && at != end;
       at.increment(err))
    if (at->is_regular_file(err) && at->path().extension() == ".py")
      files.insert(at->path());
  std::string text;
  for (const auto& each : files) {
    std::ifstream in{each, std::ios::binary};
    text += each.lexically_relative(folder).generic_string() + '\n';
    text.append(std::istreambuf_iterator<char>{in}, {});
  }
  return events::sha256(events::as_bytes(text));
}

} // namespace

std::string describe_instrument(stage_context& context) {
  const auto& python = context.tools().python;
  const auto packages = installed_packages(python);
  std::string names;
  for (const auto& each : packages)
    names += each + '\n';
  const auto of_packages = events::sha256(events::as_bytes(names));
  return "Python " + python.version + " with " + std::to_string(packages.size())
         + " packages (" + of_packages.hex().substr(0, 12) + "), index "
         + context.index().answer().shown + ", isolation "
         + std::string{context.sandbox().isolation()} + ", harness "
         + harness_digest(context.harness()).hex().substr(0, 12);
}

} // namespace fc::actors
