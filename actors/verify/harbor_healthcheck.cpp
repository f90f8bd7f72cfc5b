#include "actors/verify/harbor_healthcheck.hpp"

#include "actors/build/asv_environment.hpp"
#include "actors/build/instrument.hpp"
#include "actors/build/sandbox_builder.hpp"
#include "actors/verify/changed_artefacts.hpp"
#include "actors/verify/trial.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string_view>
#include <thread>

namespace fc::actors {

namespace {

namespace fs = std::filesystem;
using events::ec;
using events::error;

double seconds_now() {
  return std::chrono::duration<double>(
           std::chrono::steady_clock::now().time_since_epoch())
    .count();
}

/// Processor, count and kernel, as the evidence names them.
std::string describe_machine() {
  std::string model = "unknown processor";
  std::ifstream in{"/proc/cpuinfo"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("model name")) {
      model = line.substr(line.find(':') + 2);
      break;
    }
  utsname kernel{};
  ::uname(&kernel);
  return model + ", " + std::to_string(std::thread::hardware_concurrency())
         + " processors, Linux " + kernel.release;
}

trial_subject
subject_of(const workspace& space, const events::pull_request_state& known) {
  trial_subject subject;
  subject.base_source = space.source(base_side);
  subject.head_source = space.source(head_side);
  const auto& version = known.resolution->python_version;
  const auto site
    = "lib/python" + version.substr(0, version.rfind('.')) + "/site-packages";
  for (std::size_t i = 0; i < all_sides.size(); ++i) {
    const auto name = all_sides[i];
    // In a control run the patched side was built from base.
    const bool patched = name == head_side && !known.synthesis->control;
    subject.sides[i] = {std::string{name},
                        space.environment(name),
                        space.cache(name),
                        space.tree(name),
                        space.home(name),
                        patched,
                        site};
  }
  // Both sides run the merge commit's benchmarks: changes there do not count.
  const auto suite = known.synthesis->suite_dir + "/";
  std::vector<std::string> sources;
  for (const auto& file : known.facts->files) {
    sources.push_back(file.path);
    if (!file.path.starts_with(suite))
      subject.changed_files.push_back(file.path);
  }
  std::ranges::copy(generated_changes(*known.synthesis, sources),
                    std::back_inserter(subject.changed_files));
  subject.changed_extensions = changed_extensions(*known.synthesis);
  return subject;
}

/// The suite as the merge commit's configuration has it.
bench_suite suite_of(const events::pull_request_state& known) {
  const auto& resolution = *known.resolution;
  return {known.synthesis->suite_dir,
          fs::path{resolution.suite_config}.parent_path().generic_string(),
          resolution.suite_timeout_s,
          asv_environment_of(resolution, known.facts->merge).run};
}

/// What the configuration asks for and does not get.
std::vector<std::string>
ignored_settings(const events::pull_request_state& known) {
  auto result = known.resolution->ignored_settings;
  std::ranges::copy(
    asv_environment_of(*known.resolution, known.facts->merge).ignored,
    std::back_inserter(result));
  return result;
}

/// The harness itself runs on an interpreter that no tested code can change.
fs::path system_interpreter(const stage_context& context) {
  const fs::path usual{"/usr/bin/python3"};
  std::error_code ignored;
  return fs::exists(usual, ignored) ? usual : context.tools().python.path;
}

/// Whether a failure now may end the pull request: nobody comes back for its
/// sandbox then. Where another attempt follows after all it builds again.
bool may_be_last(const events::policy::retry_rules& rules, const work& job) {
  const auto own
    = rules.attempts.find(std::string{events::to_string(job.what)});
  const auto max
    = own == rules.attempts.end() ? rules.default_attempts : own->second;
  return job.attempt >= std::min(max, rules.same_fingerprint);
}

/// Makes the sandbox again if it is not the one that was recorded.
error ensure_sandbox(stage_context& context, const workspace& space,
                     const work& job) {
  const auto& known = *job.state;
  if (space.sealed() == known.image->environment)
    return {};
  auto built = build_sandbox(context, known, job.stop);
  if (!built)
    return built.error();
  const auto environment = environment_of(built->evidence, context.policy());
  if (environment != known.image->environment)
    return events::make_error(
      ec::refused, "the sandbox was built again and is not the same: the "
                   "interpreter or its packages changed since it was recorded");
  return {};
}

} // namespace

harbor_healthcheck::harbor_healthcheck(stage_context_ptr context)
  : context_(std::move(context)) {}

stage_result harbor_healthcheck::perform(const work& job) {
  const auto& facts = *job.state->facts;
  const auto space = context_->space({facts.repo, facts.number});
  auto result = measure(job, space);
  const bool over = result.failure
                      ? events::code_of(result.failure) != ec::cancelled
                          && may_be_last(context_->policy().retry, job)
                      : true;
  if (over && !context_->options().keep_sandboxes)
    context_->tidy_up(space);
  return result;
}

stage_result
harbor_healthcheck::measure(const work& job, const workspace& space) {
  const auto& known = *job.state;
  if (auto err = ensure_sandbox(*context_, space, job))
    return failed(err);
  if (auto err = space.begin_trial())
    return failed(err);
  const auto& policy = context_->policy();
  bench_harness harness{context_->sandbox(),
                        system_interpreter(*context_),
                        context_->harness(),
                        space.scratch(),
                        policy.trial,
                        context_->options().cpu,
                        job.stop};
  harness.set_suite(suite_of(known));
  trial run{harness, subject_of(space, known), policy, seconds_now};
  const auto start = seconds_now();
  auto evidence = run.run();
  if (!evidence)
    return failed(evidence.error());
  evidence->environment = "local-sandbox";
  evidence->machine = describe_machine();
  evidence->isolation = context_->sandbox().isolation();
  evidence->clock = policy.trial.clock;
  evidence->instrument = describe_instrument(*context_);
  evidence->changed_compiled = !known.synthesis->compiled_changed.empty();
  evidence->artefacts_differ = artefacts_differ(*known.synthesis);
  evidence->control = known.synthesis->control;
  std::ranges::copy(ignored_settings(known),
                    std::back_inserter(evidence->ignored));
  evidence->seconds = seconds_now() - start;
  stage_result result;
  auto report = events::log::make_blob(run.report());
  evidence->report = {report.id, report.data.size()};
  result.cost.bytes = report.data.size();
  result.cost.cpu_seconds = run.cpu_seconds();
  result.blobs.push_back(std::move(report));
  result.evidence.push_back(events::make_event(*evidence));
  return result;
}

} // namespace fc::actors
