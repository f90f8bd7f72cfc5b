#pragma once

#include "events/catalog.hpp"
#include "projections/field.hpp"
#include "projections/repository_fields.hpp"

/// The fields of every event by name, but for those in `evidence_fields.hpp`
/// and `repository_fields.hpp`: the one place that JSON, the audit trail and
/// the catalogue read them from. A new event or field that is not listed does
/// not compile (`event_json.cpp`).
namespace fc::projections {

constexpr auto fields(of<file_change>) {
  using x = file_change;
  return std::tuple{field{"path", &x::path}, field{"additions", &x::additions},
                    field{"deletions", &x::deletions}};
}

constexpr auto fields(of<linked_issue>) {
  using x = linked_issue;
  return std::tuple{field{"repo", &x::repo}, field{"number", &x::number},
                    field{"title", &x::title}, field{"comments", &x::comments}};
}

constexpr auto fields(of<scraped>) {
  using x = scraped;
  return std::tuple{field{"repo", &x::repo},
                    field{"number", &x::number},
                    field{"title", &x::title},
                    field{"body", &x::body},
                    field{"merged_at", &x::merged_at},
                    field{"base", &x::base},
                    field{"merge", &x::merge},
                    field{"merge_kind", &x::merge_kind},
                    field{"changed_files", &x::changed_files},
                    field{"additions", &x::additions},
                    field{"deletions", &x::deletions},
                    field{"files", &x::files},
                    field{"diff", &x::diff},
                    field{"missing_objects", &x::missing_objects},
                    field{"source", &x::source},
                    field{"text_repaired", &x::text_repaired},
                    field{"node_id", &x::node_id},
                    field{"created_at", &x::created_at},
                    field{"closed_at", &x::closed_at},
                    field{"head", &x::head},
                    field{"base_branch", &x::base_branch},
                    field{"author", &x::author},
                    field{"author_kind", &x::author_kind},
                    field{"labels", &x::labels},
                    field{"issues", &x::issues},
                    field{"issue_texts", &x::issue_texts},
                    field{"note", &x::note}};
}

constexpr auto fields(of<diff_audited>) {
  using x = diff_audited;
  return std::tuple{field{"equal", &x::equal},
                    field{"git_bytes", &x::git_bytes},
                    field{"served_bytes", &x::served_bytes},
                    field{"served", &x::served}, field{"note", &x::note}};
}

constexpr auto fields(of<symbolic_passed>) {
  return std::tuple{field{"note", &symbolic_passed::note}};
}

constexpr auto fields(of<symbolic_rejected>) {
  using x = symbolic_rejected;
  return std::tuple{field{"rule", &x::rule},
                    field{"explanation", &x::explanation}};
}

constexpr auto fields(of<reopened>) {
  using x = reopened;
  return std::tuple{field{"stage", &x::stage},
                    field{"explanation", &x::explanation}};
}

constexpr auto fields(of<dropped>) {
  using x = dropped;
  return std::tuple{field{"stage", &x::stage}, field{"rule", &x::rule},
                    field{"explanation", &x::explanation},
                    field{"failed", &x::failed}};
}

constexpr auto fields(of<failure_ref>) {
  return std::tuple{field{"stream", &failure_ref::stream},
                    field{"seq", &failure_ref::seq}};
}

constexpr auto fields(of<attempt_failed>) {
  using x = attempt_failed;
  return std::tuple{field{"stage", &x::stage},
                    field{"attempt", &x::attempt},
                    field{"cause", &x::cause},
                    field{"message", &x::message},
                    field{"fingerprint", &x::fingerprint},
                    field{"log", &x::log},
                    field{"known", &x::known}};
}

constexpr auto fields(of<known_failure_avoided>) {
  using x = known_failure_avoided;
  return std::tuple{
    field{"stage", &x::stage},     field{"subject", &x::subject},
    field{"cause", &x::cause},     field{"fingerprint", &x::fingerprint},
    field{"message", &x::message}, field{"failures", &x::failures}};
}

constexpr auto fields(of<known_failure_met>) {
  using x = known_failure_met;
  return std::tuple{
    field{"stage", &x::stage},     field{"subject", &x::subject},
    field{"cause", &x::cause},     field{"fingerprint", &x::fingerprint},
    field{"message", &x::message}, field{"stream", &x::stream},
    field{"seq", &x::seq}};
}

constexpr auto fields(of<deferred>) {
  using x = deferred;
  return std::tuple{field{"stage", &x::stage}, field{"until", &x::until},
                    field{"cause", &x::cause}};
}

constexpr auto fields(of<answered>) {
  using x = answered;
  return std::tuple{field{"judge", &x::judge},
                    field{"prompt", &x::prompt},
                    field{"performance", &x::performance},
                    field{"category", &x::category},
                    field{"difficulty", &x::difficulty},
                    field{"reason", &x::reason},
                    field{"answer", &x::answer},
                    field{"tokens_in", &x::tokens_in},
                    field{"tokens_out", &x::tokens_out},
                    field{"cost_usd", &x::cost_usd}};
}

constexpr auto fields(of<model_answered>) {
  using x = model_answered;
  return std::tuple{
    field{"pass", &x::pass},           field{"model", &x::model},
    field{"served_by", &x::served_by}, field{"api", &x::api},
    field{"prompt", &x::prompt},       field{"input", &x::input},
    field{"answer", &x::answer},       field{"finish", &x::finish},
    field{"tokens_in", &x::tokens_in}, field{"tokens_out", &x::tokens_out},
    field{"estimated", &x::estimated}, field{"cost_usd", &x::cost_usd},
    field{"seconds", &x::seconds},     field{"left_out", &x::left_out}};
}

constexpr auto fields(of<classified>) {
  using x = classified;
  return std::tuple{
    field{"performance", &x::performance}, field{"category", &x::category},
    field{"difficulty", &x::difficulty}, field{"explanation", &x::explanation},
    field{"judge", &x::judge}};
}

constexpr auto fields(of<policy_adopted>) {
  using x = policy_adopted;
  return std::tuple{field{"text", &x::text}, field{"id", &x::id},
                    field{"path", &x::path}};
}

constexpr auto fields(of<stage_count>) {
  using x = stage_count;
  return std::tuple{field{"stage", &x::stage}, field{"done", &x::done},
                    field{"rejected", &x::rejected},
                    field{"failed", &x::failed},
                    field{"deferred", &x::deferred}};
}

constexpr auto fields(of<run_started>) {
  using x = run_started;
  return std::tuple{
    field{"run", &x::run}, field{"configuration", &x::configuration},
    field{"id", &x::id},   field{"start", &x::start},
    field{"end", &x::end}, field{"control", &x::control}};
}

constexpr auto fields(of<run_finished>) {
  using x = run_finished;
  return std::tuple{field{"stages", &x::stages},
                    field{"published", &x::published},
                    field{"failed", &x::failed}};
}

constexpr auto fields(of<program_died>) {
  using x = program_died;
  return std::tuple{field{"stream", &x::stream}, field{"stage", &x::stage},
                    field{"cause", &x::cause}, field{"blamed", &x::blamed},
                    field{"program", &x::program}};
}

constexpr auto fields(of<spent>) {
  using x = spent;
  return std::tuple{field{"stage", &x::stage},
                    field{"wall_seconds", &x::wall_seconds},
                    field{"cpu_seconds", &x::cpu_seconds},
                    field{"bytes", &x::bytes},
                    field{"tokens", &x::tokens},
                    field{"cost_usd", &x::cost_usd},
                    field{"calls", &x::calls}};
}

} // namespace fc::projections
