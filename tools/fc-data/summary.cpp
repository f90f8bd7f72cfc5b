#include "tools/fc-data/summary.hpp"

#include "events/catalog.hpp"
#include "events/pull_request_state.hpp"

#include <iomanip>
#include <map>
#include <unordered_map>

namespace fc::tools {

namespace {

using events::outcome;
using events::pull_request_state;

struct cost {
  double wall_seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t bytes = 0;
  std::uint64_t tokens = 0;
  double usd = 0;
  std::uint32_t steps = 0;
};

/// All that a summary needs, from one scan of the log.
struct overview {
  std::unordered_map<std::string, pull_request_state> pull_requests;
  std::map<std::string, cost> costs; ///< By stage, of this run.
};

events::expected<overview>
read(const events::log::log_reader& log, const std::string& run) {
  overview all;
  events::error failure;
  auto err = log.scan(1, [&](const events::record& at) {
    if (at.stream.starts_with("pr/"))
      failure = events::fold(all.pull_requests[at.stream], at);
    if (at.run == run && at.tag == events::spent::tag) {
      auto x = events::event_in<events::spent>(at);
      if (!x) {
        failure = x.error();
        return false;
      }
      auto& sum = all.costs[x->stage];
      sum.wall_seconds += x->wall_seconds;
      sum.cpu_seconds += x->cpu_seconds;
      sum.bytes += x->bytes;
      sum.tokens += x->tokens;
      sum.usd += x->cost_usd;
      ++sum.steps;
    }
    return !failure;
  });
  if (err)
    return err;
  if (failure)
    return failure;
  return all;
}

/// How many are left after each gate, counted over the whole log.
void print_funnel(std::ostream& out, const overview& all) {
  struct gate {
    const char* name;
    bool (*passes)(const pull_request_state&);
  };
  static constexpr gate gates[] = {
    {"merged pull requests",
     [](const auto& x) {
       return x.facts.has_value();
     }},
    {"pass the symbolic rules",
     [](const auto& x) {
       return x.passed.has_value();
     }},
    {"judged performance work",
     [](const auto& x) {
       return x.judgement && x.judgement->performance;
     }},
    {"built from source, both sides",
     [](const auto& x) {
       return x.image.has_value();
     }},
    {"reached by a benchmark",
     [](const auto& x) {
       return x.trial && x.trial->impacted > 0;
     }},
    {"measured faster",
     [](const auto& x) {
       return x.speedup && x.speedup->accepted;
     }},
    {"published",
     [](const auto& x) {
       return x.publication.has_value();
     }},
  };
  out << "\nfunnel\n";
  for (const auto& each : gates) {
    const auto count = std::ranges::count_if(
      all.pull_requests, [&](const auto& x) { return each.passes(x.second); });
    out << std::setw(8) << count << "  " << each.name << '\n';
  }
}

void print_ends(std::ostream& out, const overview& all) {
  std::map<std::string, std::uint32_t> rules;
  std::map<std::string, const pull_request_state*> published;
  std::map<std::string, const pull_request_state*> failed;
  for (const auto& [stream, x] : all.pull_requests) {
    if (x.ends() == outcome::published)
      published.emplace(stream.substr(3), &x);
    else if (x.ends() == outcome::failed)
      failed.emplace(stream.substr(3), &x);
    else if (x.ends() == outcome::rejected)
      ++rules[x.rule()];
  }
  if (!rules.empty())
    out << "\nrejected, by the rule that decided\n";
  for (const auto& [rule, count] : rules)
    out << std::setw(8) << count << "  " << rule << '\n';
  if (!failed.empty())
    out << "\nfailed, without a verdict\n";
  for (const auto& [name, x] : failed)
    out << "  " << name << "  " << x->explanation() << '\n';
  if (!published.empty())
    out << "\npublished\n";
  for (const auto& [name, x] : published)
    out << "  " << name << "  " << std::fixed << std::setprecision(2)
        << x->speedup->estimate << "x [" << x->speedup->low << ", "
        << x->speedup->high << "]  " << x->speedup->benchmark << '\n';
}

void print_cost(std::ostream& out, const overview& all) {
  if (!all.costs.empty())
    out << "\nwhat this run cost\n";
  for (const auto& [stage, sum] : all.costs) {
    out << "  " << std::left << std::setw(20) << stage << std::right
        << std::setw(5) << sum.steps << " steps" << std::fixed
        << std::setprecision(1) << std::setw(9) << sum.wall_seconds << " s"
        << std::setw(9) << sum.cpu_seconds << " cpu s";
    if (sum.tokens > 0)
      out << "  " << sum.tokens << " tokens  $" << sum.usd;
    out << '\n';
  }
}

} // namespace

events::error
print_summary(std::ostream& out, const events::log::log_reader& log,
              const std::string& run, const actors::run_result& result,
              const options& settings) {
  auto all = read(log, run);
  if (!all)
    return all.error();
  const auto before = out.flags();
  print_funnel(out, *all);
  print_ends(out, *all);
  for (const auto& window : result.windows) {
    if (window.incomplete.empty() && window.note.empty())
      continue;
    out << "\n" << window.repo << ": " << window.note << '\n';
    for (const auto& each : window.incomplete)
      out << "  incomplete: " << each << '\n';
  }
  print_cost(out, *all);
  out << "\nlog       " << (settings.work / "log").string() << "\ntables    "
      << (settings.work / "tables.sqlite").string() << "\ndataset   "
      << settings.dataset.string() << "\nexplain   fcreplay --log "
      << (settings.work / "log").string() << " --audit owner/repo#N\n";
  out.flags(before);
  return {};
}

} // namespace fc::tools
