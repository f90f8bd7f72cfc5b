#pragma once

#include "actors/core/log_writer.hpp"
#include "actors/discover/github/github_window.hpp"
#include "actors/discover/scrape_commits.hpp"
#include "actors/pipeline.hpp"
#include "events/log/event_log.hpp"
#include "events/policy/policy.hpp"
#include "tests/actors/discover/github/peer.hpp"

#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"
#include "caf/scoped_actor.hpp"

#include <future>

/// Discovery as a run does it, from cards to certificates, with nothing behind
/// it: pull requests are stored and not woken.
namespace fc::github_peer {

using namespace actors;

struct discovery_result {
  std::vector<repository_card> cards;
  services::github_usage cards_used;
  std::vector<window_report> reports;
};

/// Sees each answer of GitHub, and may change it.
using meddler = std::function<void(const services::http_request&,
                                   services::http_response&)>;

/// What stands between: something happens while a window is read.
class meddling_http : public services::http_client {
public:
  explicit meddling_http(meddler meddle) : meddle_(std::move(meddle)) {}

  services::expected<services::http_response>
  send(const services::http_request& request,
       const services::stop_flag& stop) override {
    auto answer = http_->send(request, stop);
    if (answer && meddle_)
      meddle_(request, *answer);
    return answer;
  }

private:
  meddler meddle_;
  std::shared_ptr<services::http_client> http_ = services::make_http_client();
};

struct discovery_options {
  std::vector<events::repo_name> repos;
  time_slice window;
  std::filesystem::path clones;
  double audit_share = 0.01;
  double git_seconds = 5;
  std::size_t at_once = 1;
  std::vector<std::string> tokens{"test-token"};
  meddler meddle; ///< May be empty.
  services::stop_flag stop = std::make_shared<std::atomic<bool>>(false);
};

inline std::shared_ptr<github_access>
access_to(server& peer, const discovery_options& options,
          std::shared_ptr<services::wait_clock> time) {
  services::github_settings settings;
  settings.api = peer.url();
  auto access = std::make_shared<github_access>();
  access->client = std::make_shared<services::github_client>(
    settings, std::make_shared<meddling_http>(options.meddle),
    services::fixed_tokens(options.tokens), std::move(time),
    [] { return 0.5; });
  access->slots
    = std::make_shared<services::counting_semaphore>(options.at_once);
  access->git_url = peer.git_url();
  access->audit_share = options.audit_share;
  access->modelled_git_s = options.git_seconds;
  return access;
}

/// Takes what discovery tells a run.
inline run_actor::behavior_type
collect_reports(run_actor::pointer, std::shared_ptr<discovery_result> into,
                std::shared_ptr<std::promise<void>> all) {
  return {
    [](const pr_note&) {},
    [](begin_atom, const std::string&) {},
    [](feed_atom) {},
    [into, all](const window_report& x) {
      into->reports.push_back(x);
      if (into->reports.size() == into->cards.size())
        all->set_value();
    },
    [](append_atom, const append_permit_ptr&) {},
    [](halt_atom, const caf::error&) {},
    [](tick_atom) {},
  };
}

inline region_actor::behavior_type wake_nobody(region_actor::pointer) {
  return {
    [](resume_atom, const std::string&) {},
    [](feed_atom, const backlog_ptr&) {},
    [](feed_atom) {},
    [](done_atom, const work_ptr&, const result_ptr&) {},
    [](asleep_atom, const std::string&) {},
    [](aside_atom, const std::string&) {},
  };
}

/// Reads all repositories of a window into the log.
inline discovery_result
discover(const std::shared_ptr<events::log::event_log>& log,
         const std::shared_ptr<const events::policy::policy>& policy,
         const std::shared_ptr<github_access>& access,
         const discovery_options& options) {
  auto result = std::make_shared<discovery_result>();
  auto cards = read_cards(*access->client, options.repos, options.window,
                          result->cards_used, nullptr);
  if (!cards)
    throw std::runtime_error(events::describe(cards.error()));
  result->cards = std::move(*cards);
  caf::actor_system_config config;
  configure(config);
  caf::actor_system system{config};
  auto all = std::make_shared<std::promise<void>>();
  auto committer = system.spawn<caf::detached>(log_committer, log);
  auto writer = system.spawn<caf::detached>(
    log_writer, log, events::log::origin{"run-1", {}}, committer);
  const log_port appends{writer, std::make_shared<append_limiter>()};
  auto run = system.spawn(collect_reports, result, all);
  auto region = system.spawn(wake_nobody);
  for (const auto& card : result->cards) {
    scrape_job job;
    job.stop = options.stop;
    job.path = options.clones / (card.asked.file_name() + ".git");
    job.source = github_window(access, card, job.path, 100);
    job.window.repo = card.asked;
    job.window.source = "https://github.com/" + card.asked.str();
    job.window.start = options.window.start;
    job.window.end = options.window.end;
    system.spawn<caf::detached>(scrape_commits, std::move(job), log, policy,
                                appends, region, run);
  }
  if (!result->cards.empty())
    all->get_future().get();
  for (const auto& each :
       {caf::actor_cast<caf::actor>(run), caf::actor_cast<caf::actor>(region),
        caf::actor_cast<caf::actor>(writer)})
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  return std::move(*result);
}

/// Every difference between the log and the truth of one repository.
inline std::vector<std::string>
differences(const events::log::log_reader& log, const server& peer,
            const json& repository, const events::repo_name& name,
            const time_slice& window) {
  std::vector<std::string> out;
  for (const auto& row : peer.pulls_of(repository)) {
    const auto merged = row.at("mergedAt");
    if (!merged.is_string())
      continue;
    const auto when = *events::parse_time(merged.get<std::string>());
    const events::pull_request_id id{name,
                                     row.at("number").get<std::uint32_t>()};
    auto records = log.read_stream(events::stream_of(id));
    const bool inside = when >= window.start && when < window.end;
    if (!records || records->empty() != !inside) {
      out.push_back(id.str() + (inside ? " is not stored" : " is stored"));
      continue;
    }
    if (!inside)
      continue;
    const auto facts = *events::event_in<events::scraped>(records->front());
    const auto say
      = [&](const char* what, const std::string& want, const std::string& got) {
          if (want != got)
            out.push_back(id.str() + " " + what + ": '" + got + "' for '" + want
                          + "' (" + row.at("truth").dump() + ") " + facts.note);
        };
    const auto& truth = row.at("truth");
    say("node id", row.at("id"), facts.node_id);
    say("title", row.at("title"), facts.title);
    say("merged", events::to_iso8601(when),
        events::to_iso8601(facts.merged_at));
    say("lines",
        std::to_string(row.at("additions").get<int>()) + "/"
          + std::to_string(row.at("deletions").get<int>()),
        std::to_string(facts.additions) + "/"
          + std::to_string(facts.deletions));
    say("files", std::to_string(row.at("changedFiles").get<int>()),
        std::to_string(facts.changed_files));
    if (facts.changed_files <= max_files
        && facts.files.size() != facts.changed_files)
      say("listed", std::to_string(facts.changed_files),
          std::to_string(facts.files.size()));
    if (truth.at("before").is_string()) {
      say("before", truth.at("before"), facts.base);
      say("after", truth.at("after"), facts.merge);
    }
    if (records->size() < 2)
      out.push_back(id.str() + " has no verdict");
  }
  return out;
}

} // namespace fc::github_peer
