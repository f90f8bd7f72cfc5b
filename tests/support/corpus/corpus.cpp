#include "tests/support/corpus/corpus.hpp"

#include "events/policy/symbolic.hpp"
#include "tests/support/corpus/rows.hpp"

#include <map>
#include <variant>

namespace fc::support {

using namespace events;

namespace {

constexpr std::size_t max_requests = 400;
constexpr std::size_t max_blob_bytes = std::size_t{8} << 20U;

class writer {
public:
  writer(log::event_log& to, const corpus_options& options, policy::policy p)
    : log_{to}, options_{options}, policy_{std::move(p)}, gate_{
                                                            policy_.symbolic} {}

  expected<corpus_report> write() {
    if (log_.last() != 0)
      return make_error(ec::invalid_argument, "a corpus needs an empty log");
    if (auto err = read())
      return err;
    for (const auto& step :
         {&writer::begin, &writer::discover, &writer::reconcile, &writer::judge,
          &writer::finish})
      if (auto err = (this->*step)())
        return err;
    report_.events = log_.last();
    return report_;
  }

private:
  error read() {
    std::vector<corpus_row> rows;
    if (options_.rows.empty()) {
      rows = make_rows(options_.pull_requests, options_.seed);
    } else if (auto found = read_rows(options_.rows)) {
      rows = std::move(*found);
    } else {
      return found.error();
    }
    rows_ = fit_rows(rows, options_.pull_requests);
    report_.pull_requests = rows_.size();
    return {};
  }

  new_event named(new_event x) {
    for (auto& byte : x.id.value)
      byte = static_cast<std::uint8_t>(ids_.next());
    return x;
  }

  error add(log::append_request request, std::vector<log::blob> blobs = {}) {
    for (auto& blob : blobs) {
      blob_bytes_ += blob.data.size();
      blobs_.push_back(std::move(blob));
    }
    requests_.push_back(std::move(request));
    if (requests_.size() < max_requests && blob_bytes_ < max_blob_bytes)
      return {};
    return flush();
  }

  error flush() {
    auto results = log_.append(requests_, blobs_, {run_, "corpus"});
    if (!results)
      return results.error();
    for (const auto& each : *results)
      if (each.failure)
        return each.failure;
    requests_.clear();
    blobs_.clear();
    blob_bytes_ = 0;
    return {};
  }

  error begin() {
    const policy_adopted adopted{policy_.text, policy_.id, "corpus"};
    if (auto err
        = add({stream_name{policy_stream}, 0, {named(make_event(adopted))}}))
      return err;
    run_started started;
    started.run = run_;
    started.configuration = R"({"corpus":true})";
    started.id = sha256(as_bytes(run_));
    started.end = timestamp{std::chrono::hours{24 * 365 * 60}};
    if (auto err = add({run_stream(run_), 0, {named(make_event(started))}}))
      return err;
    for (const auto& row : rows_)
      ++months_[row.facts.repo][month_of(row.facts.merged_at)];
    report_.repositories = months_.size();
    for (const auto& [repo, months] : months_)
      if (auto err
          = add({stream_of(repo), 0, {named(make_event(seen_of(repo)))}}))
        return err;
    return flush();
  }

  static repository_seen seen_of(const repo_name& repo) {
    repository_seen x;
    x.repo = repo;
    x.source = "corpus";
    x.head = std::string(40, 'a');
    x.suite_config = "asv.conf.json";
    x.suite_dir = "benchmarks";
    return x;
  }

  /// The facts as discovery stores them, with the diff where it was fetched.
  scraped facts_of(const corpus_row& row, std::vector<log::blob>& blobs) const {
    auto facts = row.facts;
    if (std::holds_alternative<symbolic_passed>(gate_.before_diff(facts))) {
      blobs.push_back(log::make_blob(diff_text(row)));
      facts.diff = {blobs.back().id, blobs.back().data.size()};
    }
    return facts;
  }

  error discover() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      std::vector<log::blob> blobs;
      const auto facts = facts_of(rows_[i], blobs);
      const auto verdict = gate_.decide(facts);
      log::append_request request{
        stream_of(pull_request_id{facts.repo, facts.number}), 0, {}};
      request.events.push_back(named(make_event(facts)));
      request.events.push_back(named(std::visit(
        [&](const auto& x) { return make_verdict(x, policy_.id); }, verdict)));
      if (std::holds_alternative<symbolic_passed>(verdict))
        survivors_.push_back(i);
      if (auto err = add(std::move(request), std::move(blobs)))
        return err;
    }
    report_.passed = survivors_.size();
    return flush();
  }

  error reconcile() {
    for (const auto& [repo, months] : months_) {
      log::append_request request{stream_of(repo), 1, {}};
      for (const auto& [month, count] : months) {
        window_reconciled x;
        x.repo = repo;
        x.start = *parse_time(month + "-01");
        const auto next = x.start + std::chrono::hours{24 * 31};
        x.end = *parse_time(month_of(next) + "-01");
        x.counted = x.stored = count;
        request.events.push_back(named(make_event(x)));
      }
      if (auto err = add(std::move(request)))
        return err;
    }
    return flush();
  }

  /// A survivor's later stages.
  later_stages
  play(std::size_t row, std::size_t idle, pull_request_state& state) const {
    std::vector<log::blob> blobs;
    auto facts = facts_of(rows_[row], blobs);
    const auto verdict = gate_.decide(facts);
    const auto text = std::string{as_text(blobs.front().data)};
    state.apply(std::move(facts));
    state.apply(std::get<symbolic_passed>(verdict));
    const dice chance{options_.seed * 1'000'003 + row};
    return play_stages(state, text, idle, chance, policy_, options_.row);
  }

  /// Idle events of a survivor, so that about `options.events` come together.
  double idle_events() const {
    if (survivors_.empty() || options_.events <= log_.last())
      return 0;
    const auto step = 1 + survivors_.size() / 2000;
    std::size_t seen = 0;
    std::size_t looked_at = 0;
    for (std::size_t i = 0; i < survivors_.size(); i += step, ++looked_at) {
      pull_request_state state;
      seen += play(survivors_[i], 0, state).events.size();
    }
    const auto wanted = static_cast<double>(options_.events - log_.last())
                        / static_cast<double>(survivors_.size());
    return std::max(
      0.0, wanted - static_cast<double>(seen) / static_cast<double>(looked_at));
  }

  error judge() {
    const auto idle = idle_events();
    double owed = 0;
    for (const auto row : survivors_) {
      owed += idle;
      const auto now = static_cast<std::size_t>(owed);
      owed -= static_cast<double>(now);
      pull_request_state state;
      auto done = play(row, now, state);
      count(state);
      const auto& facts = *state.facts;
      log::append_request request{
        stream_of(pull_request_id{facts.repo, facts.number}), 2,
        std::move(done.events)};
      if (auto err = add(std::move(request), std::move(done.blobs)))
        return err;
    }
    return flush();
  }

  void count(const pull_request_state& x) {
    report_.judged += x.judgement && x.judgement->performance ? 1 : 0;
    report_.measured += x.trial ? 1 : 0;
    report_.published += x.publication ? 1 : 0;
    report_.failed += x.ends() == outcome::failed ? 1 : 0;
  }

  error finish() {
    run_finished x;
    x.published = static_cast<std::uint32_t>(report_.published);
    x.failed = static_cast<std::uint32_t>(report_.failed);
    if (auto err = add({run_stream(run_), 1, {named(make_event(x))}}))
      return err;
    return flush();
  }

  log::event_log& log_;
  const corpus_options& options_;
  policy::policy policy_;
  policy::symbolic_gate gate_;
  const std::string run_ = "corpus";
  dice ids_{7};
  std::vector<corpus_row> rows_;
  std::map<repo_name, std::map<std::string, std::uint32_t>> months_;
  std::vector<std::size_t> survivors_; ///< Indices of rows.
  std::vector<log::append_request> requests_;
  std::vector<log::blob> blobs_;
  std::size_t blob_bytes_ = 0;
  corpus_report report_;
};

} // namespace

expected<corpus_report>
write_corpus(log::event_log& to, const corpus_options& options) {
  const std::string text{options.policy.empty()
                           ? policy::shipped_policy()
                           : std::string_view{options.policy}};
  auto parsed = policy::parse_policy(text, "the corpus' policy");
  if (!parsed)
    return parsed.error();
  return writer{to, options, std::move(*parsed)}.write();
}

} // namespace fc::support
