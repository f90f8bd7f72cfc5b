#include "actors/discover/repositories/known_repositories.hpp"

#include "actors/discover/repositories/named_repositories.hpp"
#include "events/catalog.hpp"
#include "events/policy/rules.hpp"

namespace fc::actors {

using events::ec;
using events::expected;
using events::make_error;
using events::repo_name;

namespace {

namespace rules = events::policy::rules;

constexpr std::size_t page = 1000;
constexpr std::string_view prefix = "repo/";

expected<known_repository>
read_one(const events::log::log_reader& log, const std::string& stream) {
  auto repo = repo_name::parse(std::string_view{stream}.substr(prefix.size()));
  if (!repo)
    return repo.error();
  auto records = log.read_stream(stream);
  if (!records)
    return records.error();
  known_repository result;
  result.view.repo = std::move(*repo);
  result.seq = static_cast<events::sequence>(records->size());
  for (const auto& at : *records)
    if (auto err
        = events::visit(at, [&](const auto& x) { result.view.apply(at, x); }))
      return err;
  return result;
}

} // namespace

expected<known_repositories>
known_repositories::read(const events::log::log_reader& log) {
  known_repositories result;
  std::string after;
  for (;;) {
    auto names = log.streams(prefix, after, page);
    if (!names)
      return names.error();
    for (const auto& name : *names) {
      auto one = read_one(log, name);
      if (!one)
        return one.error();
      const auto& repo = one->view.repo;
      if (one->view.seen && !one->view.seen->node_id.empty())
        result.ids_.try_emplace(one->view.seen->node_id, repo);
      // A stream that only says what another is called now is no place.
      if (one->view.seen || !one->view.windows.empty())
        result.names_.try_emplace(folded(repo), repo);
      result.all_.emplace(repo, std::move(*one));
    }
    if (names->size() < page)
      return result;
    after = names->back();
  }
}

const known_repository* known_repositories::find(const repo_name& repo) const {
  const auto found = all_.find(repo);
  return found == all_.end() ? nullptr : &found->second;
}

const known_repository*
known_repositories::by_node_id(const std::string& id) const {
  const auto found = ids_.find(id);
  return found == ids_.end() ? nullptr : find(found->second);
}

const known_repository*
known_repositories::by_folded_name(const repo_name& repo) const {
  const auto found = names_.find(folded(repo));
  return found == names_.end() ? nullptr : find(found->second);
}

std::vector<const projections::repository_view*>
known_repositories::excluded() const {
  std::vector<const projections::repository_view*> result;
  for (const auto& [repo, each] : all_)
    if (each.view.excluded)
      result.push_back(&each.view);
  return result;
}

expected<std::vector<std::string>>
record_exclusions(events::log::event_log& log,
                  const std::vector<exclusion_order>& orders,
                  const std::string& run) {
  std::vector<std::string> lines;
  for (const auto& order : orders) {
    const auto stream = events::stream_of(order.repo);
    auto known = read_one(log, stream);
    if (!known)
      return known.error();
    const auto& before = known->view.excluded;
    const bool by_person = before && before->rule == rules::user;
    const auto& name = order.repo.str();
    if (order.readmit && before && !by_person)
      return make_error(
        ec::invalid_argument,
        name + " is excluded by the rule "
          + (before->rule.empty() ? rules::no_suite : before->rule) + " ("
          + before->reason
          + "), not by a person; it is readmitted when "
            "that rule lets it pass again");
    if (order.readmit && !before) {
      lines.push_back(name + " is not excluded");
      continue;
    }
    if (!order.readmit && by_person && before->reason == order.reason) {
      lines.push_back(name + " is excluded already: " + order.reason);
      continue;
    }
    auto event
      = order.readmit ? events::make_event(
          events::repository_readmitted{order.repo, order.reason, rules::user})
                      : events::make_event(events::repository_excluded{
                        order.repo, order.reason, rules::user});
    auto done
      = log.append({{stream, known->seq, {std::move(event)}}}, {}, {run, {}});
    if (!done)
      return done.error();
    if (done->front().failure)
      return done->front().failure;
    lines.push_back(name + (order.readmit ? " readmitted: " : " excluded: ")
                    + order.reason);
  }
  return lines;
}

} // namespace fc::actors
