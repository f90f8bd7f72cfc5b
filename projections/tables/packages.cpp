#include "projections/tables/packages.hpp"

#include "projections/tables/pull_request_row.hpp"

namespace fc::projections {

namespace {

using enum column_type;

constexpr auto writing = source::writing;

/// What was resolved; empty where only the environment is known.
struct package_row : pull_request_row {
  const resolved& found;

  template <class Part>
  const Part* part() const {
    if constexpr (std::is_same_v<Part, resolved>)
      return &found;
    else
      return pull_request_row::part<Part>();
  }
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

cell python_version(const package_row& x) {
  const auto* verdict = x.part<env_resolved>();
  return make::text(verdict ? verdict->python_version : x.found.python_version);
}

constexpr auto columns = columns_from<package_row>({
  {"owner", text, owner_of, required},
  {"repo", text, repo_of, required},
  {"issue_number", integer, number_of, required},
  {"sha", text, or_null<&scraped::merge>},
  {"package_name", text, or_null<&resolved::package>},
  {"package_version", text, or_null<&resolved::package_version>},
  {"python_version", text, computed<python_version>},
  {"env_payload", text,
   [](const resolved& x) { return json_as_text(as_json(x.requirements)); },
   "JSON in a text column, as its readers expect"},
  {"build_commands", document, unrecorded},
  {"install_commands", document, unrecorded},
  {"primary_root", text, or_null<&resolved::package_root>},
  {"resolution_strategy", text,
   [](const resolved& x) {
     return make::text(strategy_of(x));
   }},
  {"can_install", boolean,
   [](const pull_request_view& x) {
     return make::flag(can_install(x));
   }},
  {"requires_python", text, or_null<&resolved::requires_python>},
  {"dropped_requirements", text,
   [](const resolved& x) { return json_as_text(as_json(x.dropped)); },
   "JSON in a text column, as its readers expect"},
  {"probe_status", text, or_null<&env_resolved::probe>},
  {"probe_log", text, unrecorded},
  {"interpreter_source", text, or_null<&resolved::interpreter_source>},
  {"cutoff_used", time, unrecorded},
  {"resolver_version", text, or_null<&resolved::installer>},
  {"uv_version", text, computed<uv_version_of>},
  {"resolved_at", time, as_is<&milestones::resolved>, writing},
  {"created_at", time, as_is<&milestones::resolved>, writing},
  {"updated_at", time, as_is<&milestones::resolved>, writing},
  {"build_backend", text, or_null<&resolved::build_backend>},
  {"build_requires", document, as_is<&resolved::build_requires>},
  {"missing_requirements", document, as_is<&resolved::missing>},
  {"suite_config", text, or_null<&resolved::suite_config>},
  {"suite_dir", text, or_null<&resolved::suite_dir>},
  {"package_index", text, or_null<&resolved::index>},
  {"explanation", text, or_null<&env_resolved::explanation>},
});

constexpr index indexes[] = {
  {"owner, repo, sha"},
  {"probe_status"},
};

} // namespace

const table packages::rows = table_of(name, columns, audience::staff, indexes);

void packages::put(const pull_request_view& x) {
  static const resolved none;
  const auto& found = x.state.resolution;
  if (found || x.state.environment)
    to.rows.upsert(rows, columns.cells_of({{x, to}, found ? *found : none}));
}

} // namespace fc::projections
