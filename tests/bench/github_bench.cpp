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
options_of(int argc, char** argv, const std::filesystem::path& scratch) {
  discovery_options options;
  options.window = {*events::parse_time(argc > 3 ? argv[2] : "2015-01-01"),
                    *events::parse_time(argc > 3 ? argv[3] : "2026-11-01")};
  options.clones = scratch / "clones";
  options.git_seconds = 0; // git is another service, and works beside the API
  options.audit_share = argc > 5 ? std::atof(argv[5]) : 0.01;
  options.at_once = argc > 6 ? std::stoul(argv[6]) : 4;
  return options;
}

std::shared_ptr<events::log::event_log>
new_log(const std::filesystem::path& path) {
  auto opened = events::log::open_rocksdb_log({.path = path.string()});
  if (!opened)
    throw std::runtime_error(events::describe(opened.error()));
  return std::move(*opened);
}

/// Differences between log and truth; the first ones are printed.
std::size_t compare(const events::log::log_reader& log, const server& peer,
                    const discovery_options& options, sums& all) {
  std::size_t wrong = 0;
  const auto truth = peer.truth();
  for (const auto& each : truth.at("repositories")) {
    if (!each.at("eligible").get<bool>())
      continue;
    const auto name
      = *events::repo_name::parse(each.at("owner").get<std::string>() + "/"
                                  + each.at("name").get<std::string>());
    add_certificates(all, log, name);
    for (const auto& line : differences(log, peer, each, name, options.window))
      if (++wrong <= 20)
        std::printf("differs: %.300s\n", line.c_str());
  }
  return wrong;
}

void print(const sums& all, const discovery_result& result,
           const discovery_options& options, double hours) {
  const auto calls = all.calls + result.cards_used.calls;
  const auto points = all.points + result.cards_used.points;
  const auto each = [&](std::uint64_t x) {
    return static_cast<double>(x)
           / static_cast<double>(std::max<std::uint64_t>(all.stored, 1));
  };
  std::printf("repositories %zu, certificates %lu, pull requests %lu of %lu\n",
              options.repos.size(), all.certificates, all.stored, all.counted);
  std::printf("calls to GitHub %lu (audits %lu), git operations %lu: %.4f a "
              "pull request, %.4f without audits\n",
              calls, all.audited, all.git, each(calls + all.git),
              each(calls + all.git - all.audited));
  std::printf("points %lu, modelled time for one token %.2f h, audits that "
              "differ %lu of %lu\n",
              points, hours, all.mismatches, all.audited);
}

int run(int argc, char** argv) {
  const std::filesystem::path world = argv[1];
  const auto scratch = world / "bench";
  std::filesystem::remove_all(scratch);
  std::filesystem::create_directories(scratch);
  auto options = options_of(argc, argv, scratch);
  server peer{world,
              {"--faults", argc > 4 ? argv[4] : "observed", "--seed", "7"}};
  options.repos = eligible(peer.truth());
  auto time = std::make_shared<modelled_clock>(peer);
  const auto log = new_log(scratch / "log");
  const auto policy = std::make_shared<const events::policy::policy>(
    *events::policy::parse_policy(events::policy::shipped_policy(), "shipped"));
  const auto begun = time->now();
  const auto result
    = discover(log, policy, access_to(peer, options, time), options);
  const std::chrono::duration<double, std::ratio<3600>> hours
    = time->now() - begun;
  for (const auto& each : result.reports)
    if (each.failure)
      std::printf("%s failed: %s\n", each.repo.c_str(),
                  events::describe(each.failure).c_str());
  sums all;
  const auto wrong = compare(*log, peer, options, all);
  print(all, result, options, hours.count());
  std::printf("differences from truth %zu\nledger %s\n", wrong,
              peer.get("/__sim/ledger").dump().substr(0, 1500).c_str());
  return wrong == 0 && all.certificates == options.repos.size() ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "github_bench WORLD [FROM UNTIL [FAULTS [AUDIT-SHARE "
                         "[AT-ONCE]]]]\n");
    return 2;
  }
  try {
    return run(argc, argv);
  } catch (const std::exception& err) {
    std::fprintf(stderr, "github_bench: %s\n", err.what());
    return 1;
  }
}
