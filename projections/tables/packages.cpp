#include "projections/tables/packages.hpp"

#include "projections/json_text.hpp"

namespace fc::projections {

namespace {

using enum column_type;

// `env_payload` and `dropped_requirements` are JSON in text columns, as their
// readers expect.
constexpr column columns[] = {
  {"owner", text},
  {"repo", text},
  {"issue_number", integer},
  {"sha", text},
  {"package_name", text},
  {"package_version", text},
  {"python_version", text},
  {"env_payload", text},
  {"build_commands", document},
  {"install_commands", document},
  {"primary_root", text},
  {"resolution_strategy", text},
  {"can_install", boolean},
  {"requires_python", text},
  {"dropped_requirements", text},
  {"probe_status", text},
  {"probe_log", text},
  {"interpreter_source", text},
  {"cutoff_used", time},
  {"resolver_version", text},
  {"uv_version", text},
  {"resolved_at", time, source::writing},
  {"created_at", time, source::writing},
  {"updated_at", time, source::writing},
  {"build_backend", text},
  {"build_requires", document},
  {"missing_requirements", document},
  {"suite_config", text},
  {"suite_dir", text},
  {"package_index", text},
  {"explanation", text},
};

constexpr index indexes[] = {
  {"owner, repo, sha"},
  {"probe_status"},
};

cell json_as_text(const json& x) {
  std::string result;
  append_json(result, x);
  return result;
}

/// Whether all that is declared can be installed, or was built all the same.
bool can_install(const pull_request_view& x) {
  const auto& verdict = x.state.environment;
  return x.image || (verdict && verdict->probe == "complete");
}

/// How the requirements were found; the text of existing rows.
std::string strategy_of(const resolved& x) {
  return x.index == "none" || x.index.empty() ? "declared" : "resolved";
}

cell uv_version_of(const resolved& x) {
  return x.installer.starts_with("uv") ? make::text(x.installer) : cell{};
}

} // namespace

const table packages::rows{name, 3, columns, audience::staff, indexes};

void packages::put(const pull_request_view& x) {
  if (!x.state.resolution && !x.state.environment)
    return;
  const auto found = x.state.resolution.value_or(resolved{});
  const auto& verdict = x.state.environment;
  auto cells = make::key(x.id);
  add(cells, x.state.facts ? make::text_or_null(x.state.facts->merge) : cell{},
      make::text_or_null(found.package),
      make::text_or_null(found.package_version),
      make::text(verdict ? verdict->python_version : found.python_version),
      json_as_text(as_json(found.requirements)), cell{}, cell{},
      make::text_or_null(found.package_root), make::text(strategy_of(found)),
      make::flag(can_install(x)), make::text_or_null(found.requires_python),
      json_as_text(as_json(found.dropped)),
      verdict ? make::text_or_null(verdict->probe) : cell{}, cell{},
      make::text_or_null(found.interpreter_source), cell{},
      make::text_or_null(found.installer), uv_version_of(found),
      make::time_of(x.times.resolved), make::time_of(x.times.resolved),
      make::time_of(x.times.resolved), make::text_or_null(found.build_backend),
      make::document(as_json(found.build_requires)),
      make::document(as_json(found.missing)),
      make::text_or_null(found.suite_config),
      make::text_or_null(found.suite_dir), make::text_or_null(found.index),
      verdict ? make::text_or_null(verdict->explanation) : cell{});
  to.rows.upsert(rows, std::move(cells));
}

} // namespace fc::projections
