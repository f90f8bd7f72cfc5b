// How many pull requests a second the symbolic rules judge on one core.
#include "events/policy/policy.hpp"
#include "events/policy/symbolic.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace {

using namespace fc::events;

/// Titles and files as they are in the wild: 40 % rejected by title, a median
/// of three files, paths of 40 bytes.
std::vector<scraped> made_up(std::size_t n) {
  const char* titles[]{
    "Bump actions/checkout from 3 to 4",
    "Fix typo in the documentation of the coordinate order",
    "DOC: explain how the index is built and when it is invalidated (#1234)",
    "Release 2.4.1",
    "Speed up unique_points on large inputs",
    "Cache the projected coordinates of a graticule",
    "BUG: groupby.transform drops the name of the resulting series",
    "Use fullmatch where it is available",
    "Support reading zipped archives with more than one member in them",
    "Remove the deprecated keyword and make reading of tables faster",
  };
  std::mt19937_64 random{1};
  std::vector<scraped> result(n);
  for (std::size_t i = 0; i < n; ++i) {
    auto& x = result[i];
    x.title = titles[random() % std::size(titles)];
    for (auto files = 1 + random() % 6; files > 0; --files)
      x.files.push_back({random() % 3 == 0
                           ? "tests/unit/submodule/test_something_useful.py"
                           : "src/package/submodule/something_useful_here.py",
                         10, 5});
    x.changed_files = static_cast<std::uint32_t>(x.files.size());
  }
  return result;
}

} // namespace

int main() {
  const auto policy
    = policy::parse_policy(policy::shipped_policy(), "default.toml");
  if (!policy) {
    std::fprintf(stderr, "%s\n", describe(policy.error()).c_str());
    return EXIT_FAILURE;
  }
  const policy::symbolic_gate gate{policy->symbolic};
  const auto all = made_up(100'000);
  std::size_t passed = 0;
  double best = 0;
  for (int round = 0; round < 5; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (const auto& x : all)
      passed += gate.before_diff(x).index() == 0 ? 1 : 0;
    const std::chrono::duration<double> took
      = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(all.size()) / took.count());
  }
  std::printf("symbolic rules, title and files: %.0f pull requests/s on one "
              "core (best of 5), %.1f %% pass\n",
              best, 100.0 * static_cast<double>(passed) / 5e5);
  return EXIT_SUCCESS;
}
