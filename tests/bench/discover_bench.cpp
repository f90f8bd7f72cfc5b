/// Time of discovering the newest pull requests of a clone, against one
/// `git log --first-parent -m -p --numstat` over the same range, alternately.
///
/// discover_bench REPOSITORY [PULL-REQUESTS [ROUNDS]]

#include "actors/discover/read_window.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace fc;
using actors::services::git_repository;
using clock_type = std::chrono::steady_clock;

struct range {
  actors::window_request request;
  std::string base; ///< Before the oldest pull request.
};

int fail(const events::error& err) {
  std::fprintf(stderr, "discover_bench: %s\n", events::describe(err).c_str());
  return 1;
}

events::expected<range> newest(git_repository& git, std::size_t count) {
  auto head = git.resolve("HEAD");
  if (!head)
    return head.error();
  auto all
    = git.merged(*head, events::timestamp::min(), events::timestamp::max());
  if (!all)
    return all.error();
  if (all->empty())
    return events::make_error(events::ec::not_found, "no pull request");
  all->resize(std::min(all->size(), count));
  range out;
  out.base = all->back().base;
  out.request.repo
    = git.name_from_origin().value_or(*events::repo_name::parse("a/b"));
  out.request.head = *head;
  out.request.end = events::timestamp::max();
  out.request.start
    = std::min_element(all->begin(), all->end(), [](auto& a, auto& b) {
        return a.merged_at < b.merged_at;
      })->merged_at;
  return out;
}

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

events::expected<double> plain_log(const git_repository& git, const range& x) {
  actors::services::process_spec spec;
  spec.argv = {"sh", "-c",
               "git -c safe.directory='*' log --first-parent -m -p --numstat "
               "\"$0..$1\" >/dev/null",
               x.base, x.request.head};
  spec.env = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"LC_ALL", "C"}};
  spec.directory = git.path().string();
  spec.timeout_s = 7200;
  const auto start = clock_type::now();
  auto result = actors::services::run(spec, nullptr);
  if (!result)
    return result.error();
  if (!result->ok())
    return events::make_error(events::ec::unavailable, result->err);
  return seconds_since(start);
}

struct counted {
  double seconds = 0;
  std::size_t pull_requests = 0;
  std::size_t diffs = 0;
  std::size_t bytes = 0;
};

events::expected<counted> discover(git_repository& git, const range& x,
                                   const events::policy::symbolic_gate& gate) {
  counted out;
  const auto start = clock_type::now();
  auto done = actors::read_window(
    git, x.request, gate, [&](const actors::discovered_pull& found) {
      ++out.pull_requests;
      out.diffs += found.diff ? 1 : 0;
      out.bytes += found.diff ? found.diff->size() : 0;
      return events::error{};
    });
  if (!done)
    return done.error();
  out.seconds = seconds_since(start);
  return out;
}

int measure(git_repository& git, std::size_t count, int rounds) {
  auto policy = events::policy::parse_policy(events::policy::shipped_policy(),
                                             "shipped policy");
  if (!policy)
    return fail(policy.error());
  const events::policy::symbolic_gate gate{policy->symbolic};
  auto x = newest(git, count);
  if (!x)
    return fail(x.error());
  std::vector<double> ratios;
  for (int i = 0; i < rounds; ++i) {
    auto plain = plain_log(git, *x);
    if (!plain)
      return fail(plain.error());
    auto ours = discover(git, *x, gate);
    if (!ours)
      return fail(ours.error());
    ratios.push_back(ours->seconds / *plain);
    std::printf("git log %.2f s, discover %.2f s, ratio %.2f: %zu pull "
                "requests, %zu diffs, %.1f MB\n",
                *plain, ours->seconds, ratios.back(), ours->pull_requests,
                ours->diffs, static_cast<double>(ours->bytes) / 1e6);
    std::fflush(stdout);
  }
  std::sort(ratios.begin(), ratios.end());
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  std::printf("median ratio %.2f (target <= 1.5), own peak memory %ld MB\n",
              ratios[ratios.size() / 2], used.ru_maxrss / 1024);
  return 0;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("discover_bench REPOSITORY [PULL-REQUESTS [ROUNDS]]\n", stderr);
    return 2;
  }
  auto git = git_repository::open(argv[1]);
  if (!git)
    return fail(git.error());
  const auto count = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 10000;
  const auto rounds = argc > 3 ? std::atoi(argv[3]) : 3;
  return measure(**git, std::max(count, 1ul), std::max(rounds, 1));
}
