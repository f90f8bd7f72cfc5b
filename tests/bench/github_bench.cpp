/// Discovery of a made GitHub world (tests/peers/github/make_world.mjs): is it
/// the truth, what does a pull request cost, and what time would one token
/// take by the server's modelled clock.
///
/// github_bench WORLD [FROM UNTIL [FAULTS [AUDIT-SHARE [REPOSITORY|-
/// [AT-ONCE]]]]]
///   e.g. github_bench /tmp/world 2015-01-01 2026-11-01 observed 0.01

#include "tests/actors/discover/github/discovery.hpp"

#include <cstdio>

namespace {

using namespace fc;
using namespace fc::github_peer;

std::vector<events::repo_name> eligible(const json& world) {
  std::vector<events::repo_name> out;
  for (const auto& each : world.at("repositories"))
    if (each.at("eligible").get<bool>())
      out.push_back(
        *events::repo_name::parse(each.at("owner").get<std::string>() + "/"
                                  + each.at("name").get<std::string>()));
  return out;
}

struct sums {
  std::uint64_t stored = 0;
  std::uint64_t counted = 0;
  std::uint64_t calls = 0;
  std::uint64_t points = 0;
  std::uint64_t git = 0;
  std::uint64_t audited = 0;
  std::uint64_t mismatches = 0;
  std::uint64_t certificates = 0;
};

void add_certificates(sums& to, const events::log::log_reader& log,
                      const events::repo_name& name) {
  const auto records = log.read_stream(events::stream_of(name));
  if (!records)
    return;
  for (const auto& at : *records) {
    if (at.tag != events::window_reconciled::tag)
      continue;
    const auto x = *events::event_in<events::window_reconciled>(at);
    to.stored += x.stored;
    to.counted += x.counted;
    to.calls += x.calls;
    to.points += x.points;
    to.git += x.git_operations;
    to.audited += x.audited;
    to.mismatches += x.audit_mismatches;
    to.certificates += x.stored == x.counted ? 1 : 0;
  }
}

discovery_options
options_of(int argc, char** argv, const std::filesystem::path& scratch,
           const json& truth) {
  discovery_options options;
  options.window = {*events::parse_time(argc > 3 ? argv[2] : "2015-01-01"),
                    *events::parse_time(argc > 3 ? argv[3] : "2026-11-01")};
  options.clones = scratch / "clones";
  options.git_seconds = 0;
  options.at_once = argc > 7 ? std::stoul(argv[7]) : 4;
  options.audit_share = argc > 5 ? std::atof(argv[5]) : 0.01;
  options.repos = eligible(truth);
  const std::string only = argc > 6 ? argv[6] : "";
  if (!only.empty() && only != "-")
    std::erase_if(options.repos,
                  [&](const auto& x) { return x.str() != only; });
  return options;
}

void print(const sums& all, const discovery_result& result, double hours,
           std::size_t at_once) {
  const auto calls = all.calls + result.cards_used.calls;
  const auto points = all.points + result.cards_used.points;
  const auto each = [&](std::uint64_t x) {
    return static_cast<double>(x)
           / static_cast<double>(std::max<std::uint64_t>(all.stored, 1));
  };
  std::printf("calls to GitHub %lu (audits %lu), git operations %lu: %.4f a "
              "pull request, %.4f without audits\n",
              calls, all.audited, all.git, each(calls + all.git),
              each(calls + all.git - all.audited));
  // Git is another service: it works beside the API, on other repositories.
  constexpr double git_s = 10;
  std::printf("points %lu, modelled time for one token %.2f h (git beside it, "
              "%.0f s an operation, %zu at once: %.2f h), audits that differ "
              "%lu of %lu\n",
              points, hours, git_s, at_once,
              static_cast<double>(all.git) * git_s / 3600
                / static_cast<double>(at_once),
              all.mismatches, all.audited);
}

/// @returns how many differ.
std::size_t compare(sums& all, const events::log::log_reader& log,
                    const server& peer, const discovery_options& options) {
  std::size_t wrong = 0;
  for (const auto& each : peer.truth().at("repositories")) {
    const auto name
      = *events::repo_name::parse(each.at("owner").get<std::string>() + "/"
                                  + each.at("name").get<std::string>());
    if (std::ranges::find(options.repos, name) == options.repos.end())
      continue;
    add_certificates(all, log, name);
    for (const auto& line : differences(log, peer, each, name, options.window))
      if (++wrong <= 20)
        std::printf("differs: %.300s\n", line.c_str());
  }
  return wrong;
}

int run(int argc, char** argv) {
  const std::filesystem::path world = argv[1];
  const auto scratch = world / "bench";
  std::filesystem::remove_all(scratch);
  std::filesystem::create_directories(scratch);
  server peer{world,
              {"--faults", argc > 4 ? argv[4] : "observed", "--seed", "7"}};
  const auto options = options_of(argc, argv, scratch, peer.truth());
  auto time = std::make_shared<modelled_clock>(peer);
  auto opened
    = events::log::open_rocksdb_log({.path = (scratch / "log").string()});
  if (!opened)
    throw std::runtime_error(events::describe(opened.error()));
  const std::shared_ptr<events::log::event_log> log = std::move(*opened);
  const auto policy = std::make_shared<const events::policy::policy>(
    *events::policy::parse_policy(events::policy::shipped_policy(), "shipped"));
  const auto begun = time->now();
  const auto real = std::chrono::steady_clock::now();
  const auto result
    = discover(log, policy, access_to(peer, options, time), options);
  const std::chrono::duration<double, std::ratio<3600>> hours
    = time->now() - begun;
  const std::chrono::duration<double> took
    = std::chrono::steady_clock::now() - real;
  for (const auto& each : result.reports)
    if (each.failure)
      std::printf("%s failed: %s\n", each.repo.c_str(),
                  events::describe(each.failure).c_str());
  sums all;
  const auto wrong = compare(all, *log, peer, options);
  std::printf("repositories %zu, certificates %lu, pull requests %lu of %lu, "
              "differences from truth %zu\n",
              options.repos.size(), all.certificates, all.stored, all.counted,
              wrong);
  print(all, result, hours.count(), options.at_once);
  std::printf("took %.0f s here\nledger %s\n", took.count(),
              peer.get("/__sim/ledger").dump().substr(0, 1500).c_str());
  return wrong == 0 && all.certificates == options.repos.size() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "github_bench WORLD [FROM UNTIL [FAULTS [AUDIT-SHARE "
                         "[REPOSITORY|- [AT-ONCE]]]]]\n");
    return 2;
  }
  try {
    return run(argc, argv);
  } catch (const std::exception& err) {
    std::fprintf(stderr, "github_bench: %s\n", err.what());
    return 1;
  }
}
