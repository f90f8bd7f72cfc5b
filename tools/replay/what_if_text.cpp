#include "tools/replay/what_if_text.hpp"

#include "tools/replay/text.hpp"

namespace fc::replay {

using namespace projections::what_if;

namespace {

constexpr std::string_view unknown_cost
  = "no such work in this log, cannot be estimated";

std::string name_of(gate x) {
  return std::string{to_text(x)};
}

std::string name_of(standing x) {
  return std::string{to_text(x)};
}

/// Whether a gate has more than what stayed as it is.
bool differs(const matrix& x) {
  for (std::size_t i = 0; i < standing_total; ++i)
    for (std::size_t j = 0; j < standing_total; ++j)
      if (i != j && x[i][j] != 0)
        return true;
  return false;
}

/// Rows: before; columns: after.
void add_rows(text_table& to, gate at, const matrix& x) {
  std::string name = name_of(at);
  for (std::size_t i = 0; i < standing_total; ++i) {
    std::uint64_t all = 0;
    for (const auto n : x[i])
      all += n;
    if (all == 0)
      continue;
    std::vector<std::string> cells{std::exchange(name, ""),
                                   name_of(static_cast<standing>(i))};
    for (const auto n : x[i])
      cells.push_back(n == 0 ? "." : human_count(n));
    to.add(std::move(cells));
  }
}

std::string matrix_text(const report& x) {
  text_table table{"gate", "before"};
  for (std::size_t i = 0; i < standing_total; ++i)
    table.add_column(name_of(static_cast<standing>(i)), align::right);
  std::string same;
  for (std::size_t i = 0; i < gate_total; ++i) {
    const auto at = static_cast<gate>(i);
    if (differs(x.gates[i]))
      add_rows(table, at, x.gates[i]);
    else
      same += (same.empty() ? "" : ", ") + name_of(at);
  }
  std::string text = table.empty() ? ""
                                   : "a row: where they stood before; a "
                                     "column: where they would stand\n"
                                       + table.str(0);
  if (!same.empty())
    text += "no difference at: " + same + "\n";
  return text;
}

std::string outcome_text(events::outcome x) {
  switch (x) {
  case events::outcome::open:
    return "open";
  case events::outcome::rejected:
    return "rejected";
  case events::outcome::failed:
    return "failed";
  case events::outcome::published:
    return "published";
  }
  return "unknown";
}

std::string side_text(const std::string& rule, const std::string& why,
                      standing at, events::outcome ends) {
  if (!rule.empty())
    return rule + (why.empty() ? "" : ": " + why);
  return name_of(at) + " (" + outcome_text(ends) + ")";
}

std::string changes_text(const report& x) {
  if (x.changed == 0)
    return {};
  std::string text = "\n" + counted(x.changed, "pull request")
                     + " would stand otherwise"
                     + (x.changed > x.changes.size()
                          ? ", the first " + human_count(x.changes.size())
                              + " (--all names all):\n"
                          : ":\n");
  for (const auto& each : x.changes) {
    text += wrapped(each.id.str() + "  " + each.title, 0);
    text += wrapped(name_of(each.at) + ": " + name_of(each.before) + " -> "
                      + name_of(each.after),
                    2);
    text += labelled("before: ",
                     side_text(each.rule_before, each.why_before, each.before,
                               each.outcome_before),
                     4);
    text += labelled("after:  ",
                     side_text(each.rule_after, each.why_after, each.after,
                               each.outcome_after),
                     4);
  }
  return text;
}

/// Cost of so many steps as this log's steps cost.
std::string estimate(const report& x, events::stage at, double steps) {
  const auto found = x.costs.find(at);
  if (found == x.costs.end() || found->second.steps == 0)
    return std::string{unknown_cost};
  const auto& cost = found->second;
  const double each = steps / static_cast<double>(cost.steps);
  std::string text = human_number(each * cost.seconds / 3600) + " hours";
  if (cost.calls > 0)
    text
      += ", " + human_number(each * static_cast<double>(cost.calls)) + " calls";
  if (cost.tokens > 0)
    text += ", " + human_number(each * static_cast<double>(cost.tokens))
            + " tokens";
  if (cost.usd > 0)
    text += ", " + human_number(each * cost.usd) + " USD";
  return text;
}

std::string missing_text(const report& x) {
  if (x.without == 0)
    return {};
  std::string text = "\nevidence is missing for "
                     + counted(x.without, "pull request")
                     + "; their verdicts would stay as they are:\n";
  text_table table{"gate", "what is missing"};
  table.add_column("pull requests", align::right);
  for (const auto& [what, count] : x.lacking)
    table.add({name_of(what.first), what.second, human_count(count)});
  text += table.str(2);
  for (const auto& each : x.shortages)
    text += wrapped(each.id.str() + ": " + each.what, 4);
  if (x.without > x.shortages.size())
    text += wrapped("... (--all names all)", 4);
  const auto steps = expected_steps(x);
  text += "\nwhat obtaining it would cost, as such steps cost in this log with "
          "their failures, one at a\ntime; steps that follow as often as "
          "others passed the gates between:\n";
  text_table costs{"stage"};
  costs.add_column("now", align::right);
  costs.add_column("in all", align::right);
  costs.add_column("estimate", align::left);
  if (x.diffs_wanted > 0)
    costs.add({std::string{events::discovery_name}, human_count(x.diffs_wanted),
               "",
               "diffs of local git, no calls; of a new log of that window"});
  for (const auto& [at, count] : steps) {
    const auto now = x.wanted.find(at);
    costs.add({std::string{to_string(at)},
               now == x.wanted.end() ? "0" : human_count(now->second),
               human_number(count), estimate(x, at, count)});
  }
  return text + costs.str(2);
}

} // namespace

std::string what_if_text(const report& x, const policy_pair& policies) {
  std::string text = counted(x.pull_requests, "pull request")
                     + " judged again under policy "
                     + short_digest(policies.after) + ", the log's newest is "
                     + short_digest(policies.before) + "\n";
  if (x.changed == 0 && x.without == 0) {
    text += policies.before == policies.after
              ? "it is the same policy, and nothing would change\n"
              : "nothing would change\n";
    if (x.superseded > 0)
      text += counted(x.superseded, "pull request")
              + " would get a verdict with other words or numbers\n";
    return text;
  }
  text += "\n" + matrix_text(x);
  text
    += "\n"
       + wrapped(
         human_count(x.newly) + " would newly pass every gate but publication, "
           + human_count(x.withdrawn) + " published would be withdrawn, "
           + human_count(x.superseded) + " would get a verdict that differs",
         0);
  return text + changes_text(x) + missing_text(x);
}

std::string commit_text(const commit_result& x) {
  if (!x.newly_adopted && x.pull_requests == 0)
    return "\nnothing was appended: the policy is adopted and every verdict "
           "is as it says\n";
  return "\ncommitted: the policy "
         + std::string{x.newly_adopted ? "was adopted" : "is adopted"}
         + " (record " + human_count(x.adopted) + "), "
         + counted(x.verdicts, "verdict") + " for "
         + counted(x.pull_requests, "pull request") + ", "
         + human_count(x.withdrawn) + " withdrawn, " + human_count(x.reopened)
         + " reopened\n";
}

} // namespace fc::replay
