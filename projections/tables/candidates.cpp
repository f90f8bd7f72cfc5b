#include "projections/tables/candidates.hpp"

#include "projections/tables/pull_request_row.hpp"

namespace fc::projections {

namespace {

using enum column_type;

constexpr auto writing = source::writing;

/// What is made of an environment that works.
struct container_row : pull_request_row {
  const synthesized& build;
  const image_built& image; ///< Its own, whatever came later.

  template <class Part>
  const Part* part() const {
    if constexpr (std::is_same_v<Part, synthesized>)
      return &build;
    else if constexpr (std::is_same_v<Part, image_built>)
      return &image;
    else
      return pull_request_row::part<Part>();
  }

  bool verified() const {
    const auto* speedup = part<speedup_measured>();
    return speedup != nullptr && speedup->accepted;
  }
};

/// Issues named by the pull request.
json issues(const problem_rendered& x) {
  auto result = json::array();
  for (const auto& each : x.linked)
    result.push_back({{"reference", each}});
  return result;
}

cell lines(const std::vector<std::string>& commands) {
  std::string result;
  for (const auto& each : commands)
    result += each + "\n";
  return make::text(result);
}

json_text manifest(const synthesized& x) {
  json_text result{"{\"sides\": "};
  append_table_json(result.text, x.sides);
  result.text += ", \"suite_dir\": ";
  append_json(result.text, std::string_view{x.suite_dir});
  result.text += ", \"suite_commit\": ";
  append_json(result.text, std::string_view{x.suite_commit});
  result.text += ", \"compiled_changed\": ";
  append_table_json(result.text, x.compiled_changed);
  result.text += '}';
  return result;
}

/// What a user of the build should know.
std::vector<std::string> warnings(const synthesized& x) {
  std::vector<std::string> result;
  if (x.network)
    result.emplace_back("built with network");
  if (x.isolation == "none")
    result.emplace_back("built without isolation");
  if (x.control)
    result.emplace_back("control: the patched side is base again");
  return result;
}

json resources(const synthesized& x) {
  double seconds = 0;
  for (const auto& side : x.sides)
    seconds += side.seconds;
  return {{"build_duration_s", seconds}};
}

cell python_version(const container_row& x) {
  const auto* found = x.part<resolved>();
  return make::text(found ? found->python_version : "");
}

cell requirements(const container_row& x) {
  std::string result;
  if (const auto* found = x.part<resolved>())
    append_table_json(result, found->requirements);
  return result;
}

/// A script that this build has none of; its readers expect no null.
constexpr auto no_script = [](const synthesized&) {
  return make::text("");
};

/// A model's extraction is not made yet.
constexpr auto candidate_columns = columns_from<pull_request_row>({
  {"owner", text, owner_of, required},
  {"repo", text, repo_of, required},
  {"issue_number", integer, number_of, required},
  {"merge_commit_sha", text, or_null<&scraped::merge>},
  {"repo_description", text, unrecorded},
  {"issues_json", document,
   [](const problem_rendered& x) {
     return make::document(issues(x));
   }},
  {"initial_observations", text, unrecorded},
  {"triage_attempts", text, unrecorded},
  {"solution_overview", text, unrecorded},
  {"solution_observations", text, unrecorded},
  {"rendered_problem", text,
   [](const pull_request_row& x) {
     return x.to.text_of(x.part<problem_rendered>()->statement);
   }},
  {"created_at", time, as_is<&milestones::rendered>, writing},
  {"updated_at", time, as_is<&milestones::rendered>, writing},
});

constexpr auto container_columns = columns_from<container_row>({
  {"owner", text, owner_of, required},
  {"repo", text, repo_of, required},
  {"issue_number", integer, number_of, required},
  {"sha", text, or_null<&scraped::merge>},
  {"task_id", integer, number_of},
  {"dockerfile", text, no_script},
  {"build_base_sh", text, no_script},
  {"build_env_sh", text, no_script},
  {"build_pkg_sh", text,
   [](const synthesized& x) {
     return lines(x.recipe);
   }},
  {"build_run_sh", text, no_script},
  {"build_final_sh", text, no_script},
  {"profile_sh", text, no_script},
  {"run_tests_sh", text, no_script},
  {"entrypoint_sh", text, no_script},
  {"python_version", text, computed<python_version>},
  {"env_payload", text, computed<requirements>},
  {"resource_metrics", document,
   [](const synthesized& x) { return make::document(resources(x)); }, writing},
  {"build_manifest", document,
   [](const synthesized& x) {
     return cell{manifest(x)};
   }},
  {"manifest_warnings", texts,
   [](const synthesized& x) {
     return make::texts(warnings(x));
   }},
  {"verification_state", text,
   [](const container_row& x) {
     return make::text(x.verified() ? "verified" : "unverified");
   }},
  {"verified_at", time,
   [](const container_row& x) {
     return x.verified() ? make::time_of(x.view.times.accepted) : cell{};
   },
   writing},
  {"created_at", time, as_is<&pull_request_view::image_source_at>, writing},
  {"updated_at", time, as_is<&pull_request_view::image_source_at>, writing},
  {"container_name", text, as_is<&image_built::image>},
  {"environment_sha256", text, as_is<&image_built::environment>},
  {"isolation", text, or_null<&synthesized::isolation>},
  {"network", boolean, as_is<&synthesized::network>},
  {"built", boolean,
   [](const synthesized&) {
     return make::flag(true);
   }},
});

constexpr index container_indexes[] = {
  {"owner, repo, sha"},
  {"verification_state"},
  {"manifest_warnings", {}, "gin"},
};

} // namespace

const table candidate_prs::rows
  = table_of(name, candidate_columns, audience::staff);
const table candidate_containers::rows
  = table_of(name, container_columns, audience::everyone, container_indexes);

void candidate_prs::put(const pull_request_view& x) {
  if (x.state.problem)
    to.rows.upsert(rows, candidate_columns.cells_of({x, to}));
}

void candidate_containers::put(const pull_request_view& x) {
  if (x.image_source && x.image)
    to.rows.upsert(
      rows, container_columns.cells_of({{x, to}, *x.image_source, *x.image}));
}

} // namespace fc::projections
