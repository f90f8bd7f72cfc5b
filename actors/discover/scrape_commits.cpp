#include "actors/discover/scrape_commits.hpp"

#include "actors/discover/scrape_batch.hpp"

#include "caf/scoped_actor.hpp"

#include <spdlog/spdlog.h>

#include <chrono>

namespace fc::actors {

namespace {

using events::ec;
using events::error;
using events::expected;

/// One reading of one repository.
class scraper {
public:
  explicit scraper(scrape_commits_actor_state& state)
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
    auto request = state_.job.window;
    request.stop = state_.job.stop;
    request.known = [this](std::uint32_t number) {
      return is_known(number);
    };
    request.on_limit = [this](const events::limit_met& x) {
      if (auto err = record_limit(x))
        spdlog::error("limit not recorded repo={} what={}", report_.repo,
                      events::describe(err));
    };
    const window_visitor visit{
      [this](const events::repository_seen& x) { return record_repository(x); },
      [this](discovered_pull x) {
        return take(std::move(x));
      }};
    const auto begun = std::chrono::steady_clock::now();
    auto summary = state_.job.source->read(request, gate_, visit);
    if (!summary)
      return summary.error();
    if (auto err = flush())
      return err;
    report_.counted = summary->counted;
    report_.note = summary->doubts;
    const std::chrono::duration<double> took
      = std::chrono::steady_clock::now() - begun;
    return reconcile(*summary, took.count());
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

  error take(discovered_pull x) {
    if (state_.job.stop->load())
      return events::make_error(ec::cancelled, "stopped while discovering");
    const auto name
      = events::pull_request_id{x.facts.repo, x.facts.number}.str();
    auto first
      = begin_stream(std::move(x), gate_, state_.policy->id, no_suite_);
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
                append_atom::value,
                state_.appends.limiter->wait(std::move(order)))
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

  /// Appends to a stream that others write to as well what `more` makes of its
  /// records; reads them again where somebody was faster.
  template <class More>
  error append_to(const events::stream_name& stream, More more) {
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
    if (seen.suite_config.empty())
      no_suite_ = "no usable benchmark suite: " + seen.note;
    return append_to(
      events::stream_of(seen.repo),
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

  /// Where others of the same service look for it, and a restart.
  error record_limit(const events::limit_met& x) {
    return append_to(events::service_stream(x.service),
                     [&](const auto&) -> new_events {
                       return std::vector{events::make_event(x)};
                     });
  }

  events::window_reconciled
  certificate_of(const window_summary& summary) const {
    const auto& window = state_.job.window;
    events::window_reconciled x;
    x.repo = window.repo;
    x.start = window.start;
    x.end = window.end;
    x.counted = report_.counted;
    x.stored = report_.stored;
    x.missing = report_.incomplete;
    x.note
      = summary.note + (summary.doubts.empty() ? "" : "; " + summary.doubts);
    x.method = summary.method;
    x.calls = summary.calls;
    x.points = summary.points;
    x.git_operations = summary.git_operations;
    x.page_size = summary.page_size;
    x.audited = summary.audited;
    x.audit_mismatches = summary.audit_mismatches;
    return x;
  }

  /// The certificate of the window, once for the same result.
  error reconcile(const window_summary& summary, double seconds) {
    if (!state_.job.window.tasks.empty())
      return {};
    const auto x = certificate_of(summary);
    if (auto err = append_to(
          events::stream_of(x.repo),
          [&](const std::vector<events::record>& records) -> new_events {
            auto known = holds(records, x);
            if (!known)
              return known.error();
            std::vector<events::new_event> batch;
            if (*known)
              return batch;
            batch.push_back(events::make_event(x));
            // What git alone gives costs nothing worth a record.
            if (x.calls > 0)
              batch.push_back(events::make_event(
                events::spent{std::string{events::discovery_name}, seconds, 0,
                              0, 0, 0, x.calls}));
            return batch;
          }))
      return err;
    if (x.counted != x.stored)
      return events::make_error(
        ec::conflict, x.repo.str() + ": the source counts "
                        + std::to_string(x.counted)
                        + " pull requests in the window, stored are "
                        + std::to_string(x.stored) + " (listed by " + x.method
                        + "); run the window again, or audit it");
    return {};
  }

  scrape_commits_actor_state& state_;
  events::policy::symbolic_gate gate_;
  caf::scoped_actor asker_;
  scrape_batch batch_;
  std::vector<events::stream_name> to_wake_;
  window_report report_;
  std::string no_suite_;
  std::vector<std::uint32_t> known_; ///< Stored before.
};

} // namespace

void scrape_commits_actor_state::scrape() {
  scraper reading{*this};
  self->send(run, reading.run());
  // After a failure too: what is stored of the window is sound.
  self->send(region, feed_atom::value, reading.backlog_of_window());
  self->quit();
}

scrape_actor::behavior_type
scrape_commits(scrape_actor::stateful_pointer<scrape_commits_actor_state> self,
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
