/// How many pull requests a second the symbolic rules judge on one core: those
/// of a folder of `*.jsonl.zst`, else made-up ones.
///
/// symbolic_bench [FOLDER]

#include "events/policy/policy.hpp"
#include "events/policy/symbolic.hpp"
#include "tests/support/corpus/rows.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace fc;

events::expected<std::vector<support::corpus_row>>
rows_of(int argc, char** argv) {
  if (argc < 2)
    return support::make_rows(100'000, 1);
  return support::read_rows(argv[1]);
}

int fail(const events::error& err) {
  std::fprintf(stderr, "symbolic_bench: %s\n", events::describe(err).c_str());
  return EXIT_FAILURE;
}

} // namespace

int main(int argc, char** argv) {
  namespace rules = events::policy;
  const auto policy = rules::parse_policy(rules::shipped_policy(), "shipped");
  if (!policy)
    return fail(policy.error());
  auto rows = rows_of(argc, argv);
  if (!rows)
    return fail(rows.error());
  // The size of a diff is all that the rules ask of it.
  for (auto& row : *rows)
    row.facts.diff.size = row.patch_bytes;
  const rules::symbolic_gate gate{policy->symbolic};
  std::size_t passed = 0;
  double best = 0;
  constexpr int rounds = 5;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (const auto& row : *rows)
      passed += gate.decide(row.facts).index() == 0 ? 1 : 0;
    const std::chrono::duration<double> took
      = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(rows->size()) / took.count());
  }
  std::printf("symbolic rules, all of them, over %zu pull requests: %.0f a "
              "second on one core (best of %d), %.1f %% pass\n",
              rows->size(), best, rounds,
              100.0 * static_cast<double>(passed)
                / static_cast<double>(rows->size() * rounds));
  return EXIT_SUCCESS;
}
