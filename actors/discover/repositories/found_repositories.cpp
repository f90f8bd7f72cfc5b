#include "actors/discover/repositories/found_repositories.hpp"

#include "actors/discover/repositories/known_repositories.hpp"
#include "events/policy/admit_repository.hpp"
#include "events/policy/rules.hpp"

#include <map>
#include <set>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using events::repo_name;
namespace rules = events::policy::rules;

namespace {

/// Why a card has no facts, as a rule; empty where that is a failure, which
/// says nothing of the repository.
std::string rule_of_absence(const repository_card& card) {
  const auto& why = *card.absent;
  const auto says = [&](std::string_view x) {
    return why.find(x) != std::string::npos;
  };
  if (!card.facts.node_id.empty())
    return says("private") ? rules::private_repository : rules::disabled;
  if (says("NOT_FOUND") || says("not_found"))
    return rules::gone;
  return says("FORBIDDEN") ? rules::closed : std::string{};
}

/// The part of what was seen that a service tells.
bool same_card(const events::repository_seen& a,
               const events::repository_seen& b) {
  return a.node_id == b.node_id && a.stars == b.stars && a.fork == b.fork
         && a.archived == b.archived && a.created_at == b.created_at
         && a.pushed_at == b.pushed_at && a.language == b.language
         && a.description == b.description && a.topics == b.topics
         && a.branch == b.branch && a.found_by == b.found_by;
}

/// One stage 1 over one log.
class reconciler {
public:
  reconciler(const known_repositories& known,
             const events::policy::policy& policy, events::timestamp at)
    : known_(known), policy_(policy), at_(at) {}

  void see(const repository_card& card, const std::string& found_by) {
    if (card.absent) {
      see_absent(card);
      return;
    }
    const auto [found, is_new]
      = indices_.try_emplace(card.facts.node_id, settled_.size());
    if (is_new) {
      settled_.push_back({card, found_by});
      return;
    }
    auto& also = settled_[found->second].found_by;
    if (also.find(found_by) == std::string::npos)
      also += ", " + found_by;
  }

  /// All cards were seen.
  void conclude() {
    for (const auto& [card, found_by] : settled_)
      conclude(card, found_by);
  }

  error write(events::log::event_log& log, const std::string& run) {
    std::vector<events::log::append_request> requests;
    for (auto& [repo, events] : new_events_) {
      const auto* before = known_.find(repo);
      requests.push_back({events::stream_of(repo),
                          before == nullptr ? 0 : before->seq,
                          std::move(events)});
    }
    if (requests.empty())
      return {};
    auto done = log.append(requests, {}, {run, {}});
    if (!done)
      return done.error();
    for (const auto& each : *done)
      if (each.failure)
        return each.failure;
    return {};
  }

  found_repositories& outcome() {
    return outcome_;
  }

private:
  struct seen_card {
    repository_card card;
    std::string found_by;
  };

  /// What excludes a repository before this run.
  std::optional<events::repository_excluded>
  excluded_before(const repo_name& repo) const {
    const auto* known = known_.find(repo);
    return known == nullptr ? std::nullopt : known->view.excluded;
  }

  /// Its own stream, or the one of what it is known as.
  void see_absent(const repository_card& card) {
    const auto* known = known_.by_folded_name(card.asked);
    const auto& repo = known == nullptr ? card.asked : known->view.repo;
    shut_out(repo, rule_of_absence(card), *card.absent);
  }

  /// What cannot be read is recorded once, unless that is only a failure.
  void shut_out(const repo_name& repo, const std::string& rule,
                const std::string& reason) {
    const auto before = excluded_before(repo);
    if (before && before->rule == rules::user) {
      outcome_.excluded.push_back({repo, rules::user, before->reason});
      return;
    }
    outcome_.problems.push_back({repo, rule, reason});
    if (rule.empty() || (before && before->rule == rule))
      return;
    new_events_[repo].push_back(events::make_verdict(
      events::repository_excluded{repo, reason, rule}, policy_.id));
  }

  /// The name its streams have, or nothing where that name is taken by
  /// another repository.
  std::optional<repo_name> stored_name(const repository_card& card) const {
    const auto& now = card.facts.repo;
    if (const auto* known = known_.by_node_id(card.facts.node_id))
      return known->view.repo;
    for (const auto* name : {&now, &card.asked})
      if (const auto* known = known_.by_folded_name(*name)) {
        const auto& seen = known->view.seen;
        if (!seen || seen->node_id.empty())
          return known->view.repo; // stored before anybody asked a service
        if (name == &now)
          return std::nullopt;
      }
    return now;
  }

  void conclude(const repository_card& card, const std::string& found_by) {
    const auto stored = stored_name(card);
    if (!stored) {
      take_over(card);
      return;
    }
    const auto* known = known_.find(*stored);
    const auto* before
      = known != nullptr && known->view.seen ? &*known->view.seen : nullptr;
    auto seen = card.facts;
    seen.repo = *stored;
    seen.head.clear(); // git was not looked at
    seen.found_by = found_by;
    if (seen.requires_python.empty() && before != nullptr)
      seen.requires_python = before->requires_python;
    if (folded(*stored) != folded(card.facts.repo)
        || (known != nullptr && known->view.renamed_to))
      rename(*stored, card, known);
    if (before == nullptr || !same_card(*before, seen))
      new_events_[*stored].push_back(events::make_event(seen));
    admit(card, std::move(seen));
  }

  /// Another repository has the name now. Its pull requests do not belong
  /// into the streams of the one before.
  void take_over(const repository_card& card) {
    const auto* known = known_.by_folded_name(card.facts.repo);
    const auto& repo = known->view.repo;
    const auto reason = "the name belongs to another repository now ("
                        + card.facts.node_id + ", before "
                        + known->view.seen->node_id + ")";
    // The one before is read under its new name in this run.
    if (indices_.contains(known->view.seen->node_id))
      outcome_.problems.push_back({repo, rules::identity, reason});
    else
      shut_out(repo, rules::identity, reason);
  }

  void rename(const repo_name& stored, const repository_card& card,
              const known_repository* known) {
    const auto& now = card.facts.repo;
    const auto before = known != nullptr && known->view.renamed_to
                          ? known->view.renamed_to->to
                          : stored;
    if (before == now)
      return;
    // Back to its first name: said from the one it had in between.
    const auto from = now == stored ? before : stored;
    const events::repository_renamed x{card.facts.node_id, from, now};
    new_events_[stored].push_back(events::make_event(x));
    if (now != stored)
      new_events_[now].push_back(events::make_event(x));
    outcome_.renamed.push_back(x);
  }

  void admit(const repository_card& card, events::repository_seen seen) {
    const auto before = excluded_before(seen.repo);
    const auto next
      = events::policy::follow_admission(seen, before, at_, policy_);
    const auto* out = std::get_if<events::repository_excluded>(&next);
    if (out != nullptr)
      new_events_[seen.repo].push_back(events::make_verdict(*out, policy_.id));
    const auto* in = std::get_if<events::repository_readmitted>(&next);
    if (in != nullptr)
      new_events_[seen.repo].push_back(events::make_verdict(*in, policy_.id));
    // A missing suite is looked for again where git is read.
    const bool stays_out = before && in == nullptr && !before->rule.empty()
                           && before->rule != rules::no_suite;
    if (out != nullptr)
      outcome_.excluded.push_back({seen.repo, out->rule, out->reason});
    else if (stays_out)
      outcome_.excluded.push_back({seen.repo, before->rule, before->reason});
    else
      take(card, seen);
  }

  /// Stage 2 sees it again, together with git: what it records must not lose
  /// what is known here.
  void take(repository_card card, const events::repository_seen& seen) {
    card.facts.found_by = seen.found_by;
    card.facts.requires_python = seen.requires_python;
    outcome_.admitted.push_back(
      {seen.repo, seen.node_id, seen.found_by, std::move(card)});
  }

  const known_repositories& known_;
  const events::policy::policy& policy_;
  events::timestamp at_;
  std::vector<seen_card> settled_;
  std::map<std::string, std::size_t> indices_; ///< By node id.
  std::map<repo_name, std::vector<events::new_event>> new_events_;
  found_repositories outcome_;
};

} // namespace

expected<found_repositories>
settle_repositories(events::log::event_log& log,
                    const events::policy::policy& policy,
                    const std::vector<named_repository>& names,
                    const std::vector<repository_card>& cards,
                    events::timestamp at, const std::string& run) {
  if (names.size() != cards.size())
    return events::make_error(ec::internal, "there are other cards than names");
  auto known = known_repositories::read(log);
  if (!known)
    return known.error();
  reconciler all{*known, policy, at};
  for (std::size_t i = 0; i < cards.size(); ++i)
    all.see(cards[i], names[i].found_by);
  all.conclude();
  if (auto err = all.write(log, run))
    return err;
  return std::move(all.outcome());
}

} // namespace fc::actors
