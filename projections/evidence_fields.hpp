#pragma once

#include "events/environment.hpp"
#include "events/measurement.hpp"
#include "projections/field.hpp"

/// The fields of what builds and trials leave behind.
namespace fc::projections {

constexpr auto fields(of<dropped_requirement>) {
  using x = dropped_requirement;
  return std::tuple{field{"requirement", &x::requirement},
                    field{"reason", &x::reason}};
}

constexpr auto fields(of<artefact>) {
  using x = artefact;
  return std::tuple{field{"path", &x::path}, field{"id", &x::id},
                    field{"size", &x::size}};
}

constexpr auto fields(of<built_side>) {
  using x = built_side;
  return std::tuple{field{"side", &x::side},
                    field{"commit", &x::commit},
                    field{"ok", &x::ok},
                    field{"seconds", &x::seconds},
                    field{"log", &x::log},
                    field{"error", &x::error},
                    field{"artefacts", &x::artefacts}};
}

constexpr auto fields(of<resolved>) {
  using x = resolved;
  return std::tuple{field{"interpreter", &x::interpreter},
                    field{"python_version", &x::python_version},
                    field{"interpreter_source", &x::interpreter_source},
                    field{"requires_python", &x::requires_python},
                    field{"package", &x::package},
                    field{"package_version", &x::package_version},
                    field{"package_root", &x::package_root},
                    field{"build_backend", &x::build_backend},
                    field{"build_requires", &x::build_requires},
                    field{"requirements", &x::requirements},
                    field{"dropped", &x::dropped},
                    field{"missing", &x::missing},
                    field{"suite_config", &x::suite_config},
                    field{"suite_dir", &x::suite_dir},
                    field{"installer", &x::installer},
                    field{"index", &x::index},
                    field{"suite_project", &x::suite_project},
                    field{"build_env", &x::build_env},
                    field{"run_env", &x::run_env},
                    field{"suite_timeout_s", &x::suite_timeout_s},
                    field{"base_package_root", &x::base_package_root},
                    field{"base_package_version", &x::base_package_version},
                    field{"ignored_settings", &x::ignored_settings},
                    field{"version_tag", &x::version_tag}};
}

constexpr auto fields(of<env_resolved>) {
  using x = env_resolved;
  return std::tuple{field{"python_version", &x::python_version},
                    field{"probe", &x::probe},
                    field{"explanation", &x::explanation}};
}

constexpr auto fields(of<problem_rendered>) {
  using x = problem_rendered;
  return std::tuple{field{"statement", &x::statement},
                    field{"linked", &x::linked},
                    field{"template_id", &x::template_id}};
}

constexpr auto fields(of<synthesized>) {
  using x = synthesized;
  return std::tuple{field{"recipe", &x::recipe},
                    field{"sides", &x::sides},
                    field{"isolation", &x::isolation},
                    field{"network", &x::network},
                    field{"suite_commit", &x::suite_commit},
                    field{"suite_dir", &x::suite_dir},
                    field{"compiled_changed", &x::compiled_changed},
                    field{"control", &x::control}};
}

constexpr auto fields(of<image_built>) {
  using x = image_built;
  return std::tuple{field{"image", &x::image},
                    field{"environment", &x::environment}};
}

constexpr auto fields(of<clock_totals>) {
  using x = clock_totals;
  return std::tuple{field{"claimed", &x::claimed}, field{"cpu", &x::cpu},
                    field{"wall", &x::wall},
                    field{"resolution", &x::resolution}};
}

constexpr auto fields(of<benchmark_trial>) {
  using x = benchmark_trial;
  return std::tuple{field{"name", &x::name},
                    field{"status", &x::status},
                    field{"error", &x::error},
                    field{"reach", &x::reach},
                    field{"executed", &x::executed},
                    field{"base_single", &x::base_single},
                    field{"base_loop", &x::base_loop},
                    field{"head_single", &x::head_single},
                    field{"head_loop", &x::head_loop},
                    field{"screen_base", &x::screen_base},
                    field{"screen_head", &x::screen_head},
                    field{"confirm_base", &x::confirm_base},
                    field{"confirm_head", &x::confirm_head},
                    field{"aa_base", &x::aa_base},
                    field{"aa_twin", &x::aa_twin},
                    field{"first_base", &x::first_base},
                    field{"first_head", &x::first_head},
                    field{"left_out", &x::left_out},
                    field{"base_worn", &x::base_worn},
                    field{"head_worn", &x::head_worn},
                    field{"base_clock", &x::base_clock},
                    field{"head_clock", &x::head_clock},
                    field{"base_status", &x::base_status},
                    field{"head_status", &x::head_status}};
}

constexpr auto fields(of<candidate>) {
  using x = candidate;
  return std::tuple{field{"benchmark", &x::benchmark},
                    field{"estimate", &x::estimate},
                    field{"low", &x::low},
                    field{"high", &x::high},
                    field{"p", &x::p},
                    field{"p_adjusted", &x::p_adjusted},
                    field{"pairs", &x::pairs},
                    field{"accepted", &x::accepted},
                    field{"reason", &x::reason}};
}

constexpr auto fields(of<guard>) {
  using x = guard;
  return std::tuple{field{"name", &x::name}, field{"value", &x::value},
                    field{"limit", &x::limit}, field{"held", &x::held},
                    field{"explanation", &x::explanation}};
}

constexpr auto fields(of<trialled>) {
  using x = trialled;
  return std::tuple{field{"environment", &x::environment},
                    field{"machine", &x::machine},
                    field{"isolation", &x::isolation},
                    field{"clock", &x::clock},
                    field{"benchmarks", &x::benchmarks},
                    field{"listed", &x::listed},
                    field{"impacted", &x::impacted},
                    field{"import_errors", &x::import_errors},
                    field{"changed_functions", &x::changed_functions},
                    field{"changed_compiled", &x::changed_compiled},
                    field{"artefacts_differ", &x::artefacts_differ},
                    field{"budget_spent", &x::budget_spent},
                    field{"seconds", &x::seconds},
                    field{"report", &x::report},
                    field{"control", &x::control},
                    field{"modules", &x::modules},
                    field{"modules_seen", &x::modules_seen},
                    field{"ran", &x::ran},
                    field{"survey_cut", &x::survey_cut},
                    field{"ignored", &x::ignored},
                    field{"instrument", &x::instrument}};
}

constexpr auto fields(of<speedup_measured>) {
  using x = speedup_measured;
  return std::tuple{field{"accepted", &x::accepted},
                    field{"rule", &x::rule},
                    field{"explanation", &x::explanation},
                    field{"benchmark", &x::benchmark},
                    field{"estimate", &x::estimate},
                    field{"low", &x::low},
                    field{"high", &x::high},
                    field{"delta", &x::delta},
                    field{"aa_floor", &x::aa_floor},
                    field{"geomean", &x::geomean},
                    field{"geomean_low", &x::geomean_low},
                    field{"screened", &x::screened},
                    field{"candidates", &x::candidates},
                    field{"guards", &x::guards},
                    field{"failed", &x::failed}};
}

constexpr auto fields(of<published>) {
  using x = published;
  return std::tuple{field{"month", &x::month}, field{"task_id", &x::task_id},
                    field{"environment", &x::environment},
                    field{"row", &x::row},
                    field{"admitted_by", &x::admitted_by}};
}

constexpr auto fields(of<withdrawn>) {
  using x = withdrawn;
  return std::tuple{field{"rule", &x::rule},
                    field{"explanation", &x::explanation},
                    field{"task_id", &x::task_id}, field{"month", &x::month},
                    field{"seq", &x::seq}};
}

} // namespace fc::projections
