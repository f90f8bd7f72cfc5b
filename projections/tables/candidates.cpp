#include "projections/tables/candidates.hpp"

#include "projections/json_text.hpp"

namespace fc::projections {

namespace {

using enum column_type;

constexpr column candidate_columns[] = {
  {"owner", text},
  {"repo", text},
  {"issue_number", integer},
  {"merge_commit_sha", text},
  {"repo_description", text},
  {"issues_json", document},
  {"initial_observations", text},
  {"triage_attempts", text},
  {"solution_overview", text},
  {"solution_observations", text},
  {"rendered_problem", text},
  {"created_at", time, source::writing},
  {"updated_at", time, source::writing},
};

constexpr column container_columns[] = {
  {"owner", text},
  {"repo", text},
  {"issue_number", integer},
  {"sha", text},
  {"task_id", integer},
  {"dockerfile", text},
  {"build_base_sh", text},
  {"build_env_sh", text},
  {"build_pkg_sh", text},
  {"build_run_sh", text},
  {"build_final_sh", text},
  {"profile_sh", text},
  {"run_tests_sh", text},
  {"entrypoint_sh", text},
  {"python_version", text},
  {"env_payload", text},
  {"resource_metrics", document, source::writing},
  {"build_manifest", document},
  {"manifest_warnings", texts},
  {"verification_state", text},
  {"verified_at", time, source::writing},
  {"created_at", time, source::writing},
  {"updated_at", time, source::writing},
  {"container_name", text},
  {"environment_sha256", text},
  {"isolation", text},
  {"network", boolean},
  {"built", boolean},
};

constexpr index container_indexes[] = {
  {"owner, repo, sha"},
  {"verification_state"},
  {"manifest_warnings", {}, "gin"},
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

} // namespace

const table candidate_prs::rows{name, 3, candidate_columns, audience::staff};
const table candidate_containers::rows{name, 3, container_columns,
                                       audience::everyone, container_indexes};

void candidate_prs::put(const pull_request_view& x) {
  if (!x.state.problem)
    return;
  const auto& problem = *x.state.problem;
  auto cells = make::key(x.id);
  cells.push_back(x.state.facts ? make::text_or_null(x.state.facts->merge)
                                : cell{});
  cells.emplace_back();
  cells.push_back(make::document(issues(problem)));
  cells.resize(cells.size() + 4); // A model's extraction: not made yet.
  cells.push_back(to.text_of(problem.statement));
  cells.push_back(make::time_of(x.times.rendered));
  cells.push_back(make::time_of(x.times.rendered));
  to.rows.upsert(rows, std::move(cells));
}

void candidate_containers::put(const pull_request_view& x) {
  if (!x.image_source || !x.image)
    return;
  const auto& build = *x.image_source;
  const auto& image = *x.image;
  const auto& found = x.state.resolution;
  const bool verified = x.state.speedup && x.state.speedup->accepted;
  std::string requirements;
  if (found)
    append_table_json(requirements, found->requirements);
  auto cells = make::key(x.id);
  const cell none{std::string{}};
  add(cells, x.state.facts ? make::text_or_null(x.state.facts->merge) : cell{},
      make::integer(x.id.number), none, none, none, lines(build.recipe), none,
      none, none, none, none, found ? make::text(found->python_version) : none,
      cell{requirements}, make::document(resources(build)),
      cell{manifest(build)}, make::texts(warnings(build)),
      make::text(verified ? "verified" : "unverified"),
      verified ? make::time_of(x.times.accepted) : cell{},
      make::time_of(x.image_source_at), make::time_of(x.image_source_at),
      make::text(image.image), make::hex(image.environment),
      make::text_or_null(build.isolation), make::flag(build.network),
      make::flag(true));
  to.rows.upsert(rows, std::move(cells));
}

} // namespace fc::projections
