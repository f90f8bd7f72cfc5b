#include "tests/support/samples.hpp"

#include "events/failures/fingerprint.hpp"

namespace fc::samples {

using namespace events;

namespace {

digest digest_of(std::string_view text) {
  return sha256(as_bytes(text));
}

constexpr std::string_view diff_text
  = "--- a/src/grid.py\n+++ b/src/grid.py\n@@ -1 +1 @@\n-slow\n+fast\n";
constexpr std::string_view issues_text = R"([{"number": 12}])";
constexpr std::string_view failure_text = "error: no matching distribution";
constexpr std::string_view answer_text = R"({"performance": true})";
constexpr std::string_view statement_text = "# Make the grid faster\n";
constexpr std::string_view build_text = "running build_ext\n";
constexpr std::string_view report_text = R"({"benchmarks": []})";

blob_ref ref(std::string_view text) {
  return {digest_of(text), text.size()};
}

built_side side(std::string name, bool ok) {
  built_side x;
  x.side = std::move(name);
  x.commit = std::string(40, 'a');
  x.ok = ok;
  x.seconds = 12.5;
  x.log = ref(build_text);
  x.error = ok ? "" : "error: command 'gcc' failed";
  x.artefacts = {{"tinygeo/_kernels.so", digest_of("kernels"), 4096}};
  return x;
}

} // namespace

timestamp noon() {
  return timestamp{std::chrono::seconds{1714979289}
                   + std::chrono::nanoseconds{10}};
}

repo_name repo() {
  return *repo_name::parse("Some-Owner/tiny_geo.py");
}

pull_request_id pull_request() {
  return {repo(), 4711};
}

blob_ref some_blob() {
  return ref(diff_text);
}

events::scraped scraped() {
  events::scraped x;
  x.repo = repo();
  x.number = 4711;
  x.title = "PERF: faster grid, größer ≥ 2×";
  x.body = "Avoids a copy.\n\nFixes #12.";
  x.merged_at = noon();
  x.base = std::string(40, 'b');
  x.merge = std::string(40, 'c');
  x.merge_kind = "squash";
  x.changed_files = 3;
  x.additions = 20;
  x.deletions = 10;
  x.files = {{"src/grid.py", 15, 9}, {"tests/test_grid.py", 5, 1}};
  x.diff = ref(diff_text);
  x.missing_objects = {std::string(40, 'd')};
  x.source = "https://example.org/tiny_geo.git";
  x.text_repaired = true;
  x.node_id = "PR_kwDOAbCdEf4AbCdE";
  x.created_at = noon() - std::chrono::days{3};
  x.closed_at = noon();
  x.head = std::string(40, 'e');
  x.base_branch = "main";
  x.author = "some-author";
  x.author_kind = "User";
  x.labels = {"performance", "größer"};
  x.issues = {{"Some-Owner/tiny_geo.py", 12, "The grid is slow", 4}};
  x.issue_texts = ref(issues_text);
  x.note = "read again after a renaming";
  return x;
}

events::diff_audited diff_audited() {
  return {false, 99, 101, ref(diff_text), "line 4 differs"};
}

events::symbolic_passed symbolic_passed() {
  return {"title: perf"};
}

events::symbolic_rejected symbolic_rejected() {
  return {"files.no_core", "only documentation changed"};
}

events::dropped dropped() {
  return {"synthesize_images", "build.failed", "both sides fail to build",
          true};
}

events::reopened reopened() {
  return {"synthesize_images", "4 attempts are allowed, 2 were made"};
}

events::attempt_failed attempt_failed() {
  events::attempt_failed x;
  x.stage = "resolve_packages";
  x.attempt = 2;
  x.cause = "unavailable";
  x.message = "no matching distribution at 12:00:01";
  x.fingerprint = fingerprint_of(x.message);
  x.log = ref(failure_text);
  x.known = {{"pr/Some-Owner/tiny_geo.py#12", 7}};
  return x;
}

events::known_failure_avoided known_failure_avoided() {
  events::known_failure_avoided x;
  x.stage = "synthesize_images";
  x.subject = digest_of("requirements");
  x.message = "no such interpreter";
  x.fingerprint = fingerprint_of(x.message);
  x.cause = "refused";
  x.failures = {{"pr/Some-Owner/tiny_geo.py#12", 7},
                {"pr/Some-Owner/tiny_geo.py#14", 9}};
  return x;
}

events::known_failure_met known_failure_met() {
  events::known_failure_met x;
  x.stage = "synthesize_images";
  x.subject = digest_of("requirements");
  x.message = "no such interpreter";
  x.fingerprint = fingerprint_of(x.message);
  x.cause = "refused";
  x.stream = "pr/Some-Owner/tiny_geo.py#12";
  x.seq = 7;
  return x;
}

events::deferred deferred() {
  return {"classify_prs", noon(), "rate_limited"};
}

events::answered answered() {
  events::answered x;
  x.judge = "some-model-1";
  x.prompt = digest_of("prompt");
  x.performance = true;
  x.category = "algorithm";
  x.difficulty = "medium";
  x.reason = "replaces a quadratic loop";
  x.answer = ref(answer_text);
  x.tokens_in = 5'000'000'000;
  x.tokens_out = 321;
  x.cost_usd = 0.0125;
  return x;
}

events::model_answered model_answered() {
  events::model_answered x;
  x.pass = "classify";
  x.model = "some-model-1";
  x.served_by = "some-model-1-2026-05-01";
  x.api = "openai";
  x.prompt = digest_of("prompt");
  x.input = digest_of("question");
  x.answer = ref(answer_text);
  x.finish = "stop";
  x.tokens_in = 6'000'000'000;
  x.tokens_out = 123;
  x.estimated = true;
  x.cost_usd = 0.0075;
  x.seconds = 2.5;
  x.left_out = 7'000'000'000;
  return x;
}

events::classified classified() {
  return {true, "algorithm", "medium", "accepted as answered", "some-model-1"};
}

events::resolved resolved() {
  events::resolved x;
  x.interpreter = "/usr/bin/python3.11";
  x.python_version = "3.11.2";
  x.interpreter_source = "newest that requires-python allows";
  x.requires_python = ">=3.9";
  x.package = "tinygeo";
  x.package_version = "1.2.3";
  x.package_root = ".";
  x.build_backend = "setuptools.build_meta";
  x.build_requires = {"setuptools", "wheel"};
  x.requirements = {"numpy==1.24.2"};
  x.dropped = {{"pywin32; sys_platform == 'win32'", "other platform"}};
  x.missing = {"cython"};
  x.suite_config = "asv.conf.json";
  x.suite_dir = "benchmarks";
  x.installer = "pip 23.0.1";
  x.index = "none";
  x.suite_project = "tinygeo";
  x.build_env = {"GEO_BUILD=opt"};
  x.run_env = {"GEO_SIZE=2000"};
  x.suite_timeout_s = 90;
  x.base_package_root = "python";
  x.base_package_version = "1.2.2";
  x.ignored_settings = {"install_command: the package is installed by pip"};
  x.version_tag = "v1.2.2";
  return x;
}

events::env_resolved env_resolved() {
  return {"3.11.2", "complete", "all 1 requirements are there"};
}

events::problem_rendered problem_rendered() {
  return {ref(statement_text), {"#12", "other/repo#3"}, digest_of("template")};
}

events::synthesized synthesized() {
  events::synthesized x;
  x.recipe = {"python -m venv env", "env/bin/pip install ."};
  x.sides = {side("base", true), side("head", true), side("twin", false)};
  x.isolation = "bubblewrap";
  x.network = true;
  x.suite_commit = std::string(40, 'e');
  x.suite_dir = "benchmarks";
  x.compiled_changed = {"src/tinygeo/_kernels.c"};
  x.control = true;
  return x;
}

events::image_built image_built() {
  return {"local/tiny_geo.py-4711", digest_of("environment")};
}

events::trialled trialled() {
  benchmark_trial b;
  b.name = "bench_grid.Grid.time_build(1000)";
  b.status = "ok";
  b.error = "a warning";
  b.reach = "function";
  b.executed = {"tinygeo.grid.build"};
  b.base_single = 0.25;
  b.base_loop = 0.24;
  b.head_single = 0.125;
  b.head_loop = 0.12;
  b.base_worn = 0.19;
  b.head_worn = 0.13;
  b.screen_base = {0.25, 0.26};
  b.screen_head = {0.125, 0.13};
  b.confirm_base = {0.25, 0.251, 0.252};
  b.confirm_head = {0.125, 0.126, 0.127};
  b.aa_base = {0.25};
  b.aa_twin = {0.249};
  b.first_base = {0.3};
  b.first_head = {0.2};
  b.left_out = "budget";
  b.base_clock = {2.5, 2.4, 2.6, 1e-4};
  b.head_clock = {1.25, 1.2, 1.3, 1e-4};
  b.base_status = "ok";
  b.head_status = "error";
  events::trialled x;
  x.environment = "local-sandbox";
  x.machine = "2 x some processor, Linux";
  x.isolation = "bubblewrap";
  x.clock = "perf_counter";
  x.benchmarks = {b, {}};
  x.listed = 17;
  x.impacted = 2;
  x.import_errors = {"bench_old: no module named old"};
  x.changed_functions = {"tinygeo.grid.build"};
  x.changed_compiled = true;
  x.artefacts_differ = true;
  x.budget_spent = true;
  x.seconds = 99.5;
  x.report = ref(report_text);
  x.control = true;
  x.modules = 9;
  x.modules_seen = 8;
  x.ran = 16;
  x.survey_cut = true;
  x.ignored = {"bench_grid.Grid: attribute processes is not honoured"};
  x.instrument = "CPython 3.11.2, 41 packages";
  return x;
}

events::speedup_measured speedup_measured() {
  events::speedup_measured x;
  x.accepted = true;
  x.rule = "accepted";
  x.explanation = "twice as fast";
  x.benchmark = "bench_grid.Grid.time_build(1000)";
  x.estimate = 2.0;
  x.low = 1.9;
  x.high = 2.1;
  x.delta = 0.05;
  x.aa_floor = 0.01;
  x.geomean = 1.5;
  x.geomean_low = 1.4;
  x.screened = 17;
  x.candidates = {{"bench_grid.Grid.time_build(1000)", 2.0, 1.9, 2.1, 0.0001,
                   0.0017, 12, true, "faster"}};
  x.guards = {{"geomean", 1.4, 1.0, true, "nothing got slower on the whole"}};
  x.failed = true;
  return x;
}

events::published published() {
  return {"2024-05", "some-owner__tiny_geo.py-4711", "local/tiny_geo.py-4711",
          digest_of("row"), "gate"};
}

events::withdrawn withdrawn() {
  return {"no_speedup", "none of 2 candidates holds",
          "some-owner__tiny_geo.py-4711", "2024-05", 13};
}

events::repository_seen repository_seen() {
  return {repo(),
          "https://example.org/tiny_geo.git",
          std::string(40, 'f'),
          "asv.conf.json",
          "benchmarks",
          "found at the top",
          "R_kgDOAbCdEf",
          1234,
          true,
          true,
          noon() - std::chrono::days{3000},
          noon() - std::chrono::days{1},
          "Python",
          "Geometry, größer",
          {"geometry", "grid"},
          "main",
          ">=3.9",
          "code_search"};
}

events::repository_excluded repository_excluded() {
  return {repo(), "no benchmark suite", "no_suite"};
}

events::repository_readmitted repository_readmitted() {
  return {repo(), "has a suite now", "no_suite"};
}

events::repository_renamed repository_renamed() {
  return {"R_kgDOAbCdEf", *repo_name::parse("old-owner/tiny_geo"), repo()};
}

events::limit_met limit_met() {
  events::limit_met x;
  x.service = "github";
  x.resource = "graphql";
  x.token = "0123456789ab";
  x.kind = "secondary";
  x.status = 403;
  x.until = noon();
  x.request = "POST /graphql SearchMerged";
  x.headers = {"retry-after: 60", "x-ratelimit-remaining: 4000"};
  x.excerpt = "You have exceeded a secondary rate limit";
  return x;
}

events::window_reconciled window_reconciled() {
  events::window_reconciled x;
  x.repo = repo();
  x.start = noon() - std::chrono::days{31};
  x.end = noon();
  x.counted = 12;
  x.stored = 11;
  x.missing = {"#4712"};
  x.note = "one could not be read";
  x.method = "search";
  x.calls = 7;
  x.points = 9;
  x.git_operations = 2;
  x.page_size = 50;
  x.audited = 3;
  x.audit_mismatches = 1;
  return x;
}

events::policy_adopted policy_adopted() {
  const std::string text = "[speedup]\ndelta = 0.05\n";
  return {text, digest_of(text), "policy.toml"};
}

events::run_started run_started() {
  events::run_started x;
  x.run = "run-1";
  x.configuration = R"({"stages": "all"})";
  x.id = digest_of(x.configuration);
  x.start = noon() - std::chrono::days{31};
  x.end = noon();
  x.control = true;
  return x;
}

events::run_finished run_finished() {
  return {{{"classify_prs", 10, 5, 2, 1}, {"publish", 3, 0, 0, 0}}, 3, 2};
}

events::spent spent() {
  return {"classify_prs", 12.5, 3.25, 6'000'000'000, 7'000'000'000, 1.5, 42};
}

events::program_died program_died() {
  return {"pr/owner/name#12", "harbor_healthcheck", "signal 11", true,
          digest_of("program")};
}

std::vector<log::blob> blobs() {
  std::vector<log::blob> all;
  for (const auto text : {diff_text, failure_text, answer_text, statement_text,
                          build_text, report_text, issues_text})
    all.push_back(log::make_blob(text));
  return all;
}

std::vector<new_event> history() {
  const auto policy = digest_of("policy");
  return {
    make_event(scraped()),
    make_verdict(symbolic_passed(), policy),
    make_event(answered()),
    make_verdict(classified(), policy),
    make_event(resolved()),
    make_verdict(env_resolved(), policy),
    make_event(problem_rendered()),
    make_event(attempt_failed()),
    make_event(synthesized()),
    make_verdict(image_built(), policy),
    make_event(trialled()),
    make_verdict(speedup_measured(), policy),
    make_verdict(published(), policy),
  };
}

} // namespace fc::samples
