#pragma once

#include "events/catalog.hpp"

#include <map>
#include <optional>
#include <string>

namespace fc::events {

/// What has to be done for a pull request, in order.
enum class stage : std::uint8_t {
  classify,
  resolve,
  render,
  synthesize,
  trial,
  publish,
};

inline constexpr std::size_t stage_total = 6;

/// `classify_prs`, `resolve_packages`, `render_problems`, `synthesize_images`,
/// `harbor_healthcheck`, `publish`.
std::string_view to_string(stage x) noexcept;
std::optional<stage> stage_from(std::string_view text) noexcept;

/// How far a pull request has come.
enum class outcome : std::uint8_t {
  open,      ///< A stage is still to be done.
  rejected,  ///< A verdict ended it.
  failed,    ///< It ended without a verdict.
  published, ///< It is part of the dataset.
};

/// The state of a pull request: the fold of its stream. `apply` cannot fail
/// and has no effect outside.
struct pull_request_state {
  sequence seq = 0;  ///< Of the last record folded.
  position last = 0; ///< Its position, the cause of what comes next.
  digest policy;     ///< Of the newest verdict.

  std::optional<scraped> facts;
  std::optional<symbolic_passed> passed;
  std::optional<symbolic_rejected> symbolic;
  std::optional<answered> answer;
  std::optional<classified> judgement;
  std::optional<resolved> resolution;
  std::optional<env_resolved> environment;
  std::optional<problem_rendered> problem;
  std::optional<synthesized> synthesis;
  std::optional<image_built> image;
  std::optional<trialled> trial;
  std::optional<speedup_measured> speedup;
  std::optional<published> publication;
  std::optional<dropped> drop;
  std::optional<deferred> deferral;
  std::optional<dead_end_known> dead_end;
  /// Failed attempts by stage, the newest last.
  std::map<stage, std::vector<attempt_failed>> failures;

  template <event T>
  void apply(const T&) {}
  void apply(const scraped& x) {
    facts = x;
  }
  void apply(const symbolic_passed& x) {
    passed = x;
  }
  void apply(const symbolic_rejected& x) {
    symbolic = x;
  }
  void apply(const answered& x) {
    answer = x;
  }
  void apply(const classified& x) {
    judgement = x;
  }
  void apply(const resolved& x) {
    resolution = x;
  }
  void apply(const env_resolved& x) {
    environment = x;
  }
  void apply(const problem_rendered& x) {
    problem = x;
  }
  void apply(const synthesized& x) {
    synthesis = x;
  }
  void apply(const image_built& x) {
    image = x;
  }
  void apply(const trialled& x) {
    trial = x;
  }
  void apply(const speedup_measured& x) {
    speedup = x;
  }
  void apply(const published& x) {
    publication = x;
  }
  void apply(const dropped& x) {
    drop = x;
  }
  void apply(const deferred& x) {
    deferral = x;
  }
  void apply(const dead_end_known& x) {
    dead_end = x;
  }
  void apply(const attempt_failed& x);

  /// The first stage that is not done, or none when an end was reached.
  std::optional<stage> next() const;
  outcome ends() const;
  /// The rule and the words that ended it; empty while open or published.
  std::string rule() const;
  std::string explanation() const;
};

/// Folds one record into the state.
error fold(pull_request_state& state, const record& at);

/// Folds a whole stream.
expected<pull_request_state> fold(const std::vector<record>& stream);

} // namespace fc::events
