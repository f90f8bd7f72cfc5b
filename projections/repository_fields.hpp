#pragma once

#include "events/catalog.hpp"
#include "projections/field.hpp"

/// The fields of events about repositories and services (`event_fields.hpp`).
namespace fc::projections {

constexpr auto fields(of<repository_seen>) {
  using x = repository_seen;
  return std::tuple{field{"repo", &x::repo},
                    field{"source", &x::source},
                    field{"head", &x::head},
                    field{"suite_config", &x::suite_config},
                    field{"suite_dir", &x::suite_dir},
                    field{"note", &x::note},
                    field{"node_id", &x::node_id},
                    field{"stars", &x::stars},
                    field{"fork", &x::fork},
                    field{"archived", &x::archived},
                    field{"created_at", &x::created_at},
                    field{"pushed_at", &x::pushed_at},
                    field{"language", &x::language},
                    field{"description", &x::description},
                    field{"topics", &x::topics},
                    field{"branch", &x::branch},
                    field{"requires_python", &x::requires_python},
                    field{"found_by", &x::found_by}};
}

constexpr auto fields(of<repository_excluded>) {
  using x = repository_excluded;
  return std::tuple{field{"repo", &x::repo}, field{"reason", &x::reason},
                    field{"rule", &x::rule}};
}

constexpr auto fields(of<repository_readmitted>) {
  using x = repository_readmitted;
  return std::tuple{field{"repo", &x::repo}, field{"reason", &x::reason},
                    field{"rule", &x::rule}};
}

constexpr auto fields(of<repository_renamed>) {
  using x = repository_renamed;
  return std::tuple{field{"node_id", &x::node_id}, field{"from", &x::from},
                    field{"to", &x::to}};
}

constexpr auto fields(of<limit_met>) {
  using x = limit_met;
  return std::tuple{
    field{"service", &x::service}, field{"resource", &x::resource},
    field{"token", &x::token},     field{"kind", &x::kind},
    field{"status", &x::status},   field{"until", &x::until},
    field{"request", &x::request}, field{"headers", &x::headers},
    field{"excerpt", &x::excerpt}};
}

constexpr auto fields(of<window_reconciled>) {
  using x = window_reconciled;
  return std::tuple{field{"repo", &x::repo},
                    field{"start", &x::start},
                    field{"end", &x::end},
                    field{"counted", &x::counted},
                    field{"stored", &x::stored},
                    field{"missing", &x::missing},
                    field{"note", &x::note},
                    field{"method", &x::method},
                    field{"calls", &x::calls},
                    field{"points", &x::points},
                    field{"git_operations", &x::git_operations},
                    field{"page_size", &x::page_size},
                    field{"audited", &x::audited},
                    field{"audit_mismatches", &x::audit_mismatches}};
}

} // namespace fc::projections
