#include "actors/discover/scrape_commits.hpp"

#include "actors/discover/asv_suite.hpp"
#include "actors/discover/scrape_batch.hpp"

#include "caf/scoped_actor.hpp"

#include <chrono>

namespace fc::actors {

namespace {

using events::ec;
using events::error;
using events::expected;

/// One reading of one repository.
class scraper {
public:
  explicit scraper(scrape_commits_state& state)
    : state_(state), gate_(state.policy->symbolic),
      asker_(state.self->home_system()) {}

  window_report run() {
    report_.repo = state_.job.window.repo.str();
    if (auto err = read())
      report_.failure = err;
    return std::move(report_);
  }

  backlog_ptr backlog_of_window() const {
    const auto& window = state_.job.window;
    auto all = std::make_shared<backlog>();
    all->repo = window.repo;
    all->start = window.start;
    all->end = window.end;
    for (const auto& task : window.tasks)
      all->numbers.push_back(task.number);
    all->known = known_;
    std::ranges::sort(all->known);
    return all;
  }

private:
  error read() {
    auto git = services::git_repository::open(state_.job.path);
    if (!git)
      return git.error();
    auto request = state_.job.window;
    request.known = [this](std::uint32_t number) {
      return is_known(number);
    };
    if (auto err = look_for_suite(**git, request))
      return err;
    auto summary = read_window(
      **git, request, gate_,
      [this](events::scraped facts, std::optional<std::string> diff) {
        return take(std::move(facts), std::move(diff));
      });
    if (!summary)
      return summary.error();
    if (auto err = flush())
      return err;
    report_.counted = summary->counted;
    return reconcile();
  }

  bool is_known(std::uint32_t number) {
    const auto stream = stream_of(number);
    const auto version = state_.log->stream_version(stream);
    if (!version || *version == 0)
      return false;
    // What of it is open, the backlog wakes.
    ++report_.stored;
    known_.push_back(number);
    return true;
  }

  events::stream_name stream_of(std::uint32_t number) const {
    return events::stream_of(
      events::pull_request_id{state_.job.window.repo, number});
  }

  void wake(const events::stream_name& stream) {
    ++report_.passed;
    state_.self->send(state_.region, resume_atom::value, stream);
  }

  error take(events::scraped facts, std::optional<std::string> diff) {
    if (state_.job.stop->load())
      return events::make_error(ec::cancelled, "stopped while discovering");
    const auto name = events::pull_request_id{facts.repo, facts.number}.str();
    auto first = begin_stream(std::move(facts), std::move(diff), gate_,
                              state_.policy->id, no_suite_);
    if (first.incomplete)
      report_.incomplete.push_back(name);
    if (first.passed)
      to_wake_.push_back(first.request.stream);
    else if (!first.incomplete)
      ++report_.rejected;
    ++report_.stored;
    batch_.add(std::move(first));
    return batch_.full() ? flush() : error{};
  }

  /// Waits until it is durable; only then may work begin.
  error append(append_order order) {
    error failure;
    asker_
      ->request(state_.appends.writer, std::chrono::minutes{5},
                append_atom::value, state_.appends.room->wait(std::move(order)))
      .receive(
        [&](const append_reply& reply) {
          for (const auto& each : reply.results)
            if (each.failure)
              failure = each.failure;
        },
        [&](const caf::error& err) { failure = err; });
    return failure;
  }

  error flush() {
    if (batch_.empty())
      return {};
    if (auto err = append(batch_.take()))
      return err;
    for (const auto& stream : to_wake_)
      wake(stream);
    to_wake_.clear();
    return {};
  }

  /// A suite at the newest or the oldest end of what is read will do; without
  /// one nothing of the repository is built.
  error
  look_for_suite(services::git_repository& git, const window_request& request) {
    auto commits = ends_of(git, request);
    if (!commits)
      return commits.error();
    suite_finder finder{git};
    events::repository_seen seen;
    seen.repo = request.repo;
    seen.source = request.source;
    for (const auto& commit : *commits) {
      auto answer = finder.find(commit);
      if (!answer)
        return answer.error();
      if (seen.head.empty())
        seen.head = commit;
      if (const auto* none = std::get_if<no_suite>(&*answer)) {
        seen.note = none->reason;
        continue;
      }
      const auto& suite = std::get<asv_suite>(*answer);
      seen.suite_config = suite.config;
      seen.suite_dir = suite.folder;
      seen.note = suite.note;
      break;
    }
    if (seen.suite_config.empty())
      no_suite_ = "no usable benchmark suite: " + seen.note;
    return record_repository(seen);
  }

  expected<std::vector<std::string>>
  ends_of(services::git_repository& git, const window_request& request) {
    std::vector<std::string> commits;
    for (const auto& task : request.tasks) {
      if (task.merge.empty())
        continue;
      auto commit = git.resolve(task.merge);
      if (!commit)
        return commit.error();
      commits.push_back(*commit);
    }
    if (!request.tasks.empty() && !commits.empty())
      return commits;
    const auto start
      = request.tasks.empty() ? request.start : events::timestamp::min();
    const auto end
      = request.tasks.empty() ? request.end : events::timestamp::max();
    auto merged = git.merged(request.head, start, end);
    if (!merged)
      return merged.error();
    for (const auto& each : *merged) {
      const bool wanted
        = request.tasks.empty()
          || std::ranges::any_of(request.tasks, [&](const named_task& task) {
               return task.number == each.number;
             });
      if (wanted)
        commits.push_back(each.commit);
    }
    // Newest and oldest are enough to tell.
    if (commits.size() > 2)
      commits = {commits.front(), commits.back()};
    return commits;
  }

  /// Appends to the repository's stream what `more` makes of its records, and
  /// reads them again where a pull request told it something meanwhile.
  template <class More>
  error append_to_repository(More more) {
    const auto stream = events::stream_of(state_.job.window.repo);
    for (;;) {
      auto records = state_.log->read_stream(stream);
      if (!records)
        return records.error();
      auto batch = more(*records);
      if (!batch)
        return batch.error();
      if (batch->empty())
        return {};
      const auto at = static_cast<events::sequence>(records->size());
      const auto err = append({{{stream, at, std::move(*batch)}}, {}});
      if (events::code_of(err) != ec::conflict)
        return err;
    }
  }

  /// Whether the records hold an event already.
  template <class Event>
  static expected<bool>
  holds(const std::vector<events::record>& records, const Event& x) {
    for (const auto& at : records) {
      if (at.tag != Event::tag)
        continue;
      auto before = events::event_in<Event>(at);
      if (!before)
        return before.error();
      if (*before == x)
        return true;
    }
    return false;
  }

  using new_events = expected<std::vector<events::new_event>>;

  /// Stores what changed since the repository was last looked at.
  error record_repository(const events::repository_seen& seen) {
    return append_to_repository(
      [&](const std::vector<events::record>& records) -> new_events {
        auto known = holds(records, seen);
        if (!known)
          return known.error();
        std::vector<events::new_event> batch;
        if (*known)
          return batch;
        batch.push_back(events::make_event(seen));
        if (!no_suite_.empty())
          batch.push_back(events::make_verdict(
            events::repository_excluded{seen.repo, no_suite_, "no_suite"},
            state_.policy->id));
        return batch;
      });
  }

  /// The certificate of the window, once for the same result.
  error reconcile() {
    const auto& window = state_.job.window;
    if (!window.tasks.empty())
      return {};
    events::window_reconciled x;
    x.repo = window.repo;
    x.start = window.start;
    x.end = window.end;
    x.counted = report_.counted;
    x.stored = report_.stored;
    x.missing = report_.incomplete;
    x.note = "counted in the first-parent history";
    x.method = "history";
    if (auto err = append_to_repository(
          [&](const std::vector<events::record>& records) -> new_events {
            auto known = holds(records, x);
            if (!known)
              return known.error();
            std::vector<events::new_event> batch;
            if (!*known)
              batch.push_back(events::make_event(x));
            return batch;
          }))
      return err;
    if (x.counted != x.stored)
      return events::make_error(ec::internal,
                                window.repo.str() + ": the history counts "
                                  + std::to_string(x.counted)
                                  + " pull requests in the window, stored are "
                                  + std::to_string(x.stored));
    return {};
  }

  scrape_commits_state& state_;
  events::policy::symbolic_gate gate_;
  caf::scoped_actor asker_;
  scrape_batch batch_;
  std::vector<events::stream_name> to_wake_;
  window_report report_;
  std::string no_suite_;
  std::vector<std::uint32_t> known_; ///< Stored before.
};

} // namespace

void scrape_commits_state::scrape() {
  scraper reading{*this};
  self->send(run, reading.run());
  // After a failure too: what is stored of the window is sound.
  self->send(region, feed_atom::value, reading.backlog_of_window());
  self->quit();
}

scrape_actor::behavior_type
scrape_commits(scrape_actor::stateful_pointer<scrape_commits_state> self,
               scrape_job job,
               std::shared_ptr<const events::log::log_reader> log,
               std::shared_ptr<const events::policy::policy> policy,
               log_port appends, region_actor region, run_actor run) {
  auto& state = self->state;
  state.self = self;
  state.job = std::move(job);
  state.log = std::move(log);
  state.policy = std::move(policy);
  state.appends = std::move(appends);
  state.region = std::move(region);
  state.run = std::move(run);
  self->send(self, begin_atom::value);
  return {
    [self](begin_atom) { self->state.scrape(); },
  };
}

} // namespace fc::actors
