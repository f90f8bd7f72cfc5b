#pragma once

#include "events/catalog.hpp"
#include "events/pipeline.hpp"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace fc::events {

/// How far a pull request has come.
enum class outcome : std::uint8_t {
  open,      ///< A stage is still to be done.
  rejected,  ///< A verdict ended it.
  failed,    ///< It ended without a verdict.
  published, ///< It is part of the dataset.
};

/// What ended a pull request without publication; views into its state.
struct ending {
  std::string_view stage; ///< Its name, or that of discovery.
  std::string_view rule;
  std::string_view explanation;
  bool failed = false; ///< The work could not be done.
};

/// The state of a pull request: the fold of its stream. `apply` cannot fail
/// and has no effect outside.
///
/// It holds the newest verdict of each gate. A later one, under another policy,
/// replaces it and leaves the other gates as they are. The first gate that is
/// not passed says how far the pull request has come; verdicts of later gates
/// are kept, and count again once it is passed.
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
  sequence published_seq = 0;          ///< Of `publication`.
  std::optional<withdrawn> withdrawal; ///< Until published or reopened again.
  /// The newest drop of each stage, until a verdict of that stage replaces it.
  /// Drops of discovery have no stage as their key.
  std::map<std::optional<stage>, dropped> drops;
  std::optional<dropped> drop; ///< The first of `drops`, in order of stages.
  std::optional<deferred> deferral;
  std::optional<known_failure_avoided> known_failure;
  /// Failed attempts by stage, the newest last.
  std::map<stage, std::vector<attempt_failed>> failures;
  /// How many of them came before the stage was last left open (`Deferred`):
  /// someone may have helped since, so they no longer count.
  std::map<stage, std::size_t> set_aside;

  /// Keeps the newest of what says how far it came, and ignores the rest.
  template <event T>
  void apply(T x) {
    if constexpr (keeps<T>()) {
      newest<T>() = std::move(x);
      if constexpr (stage_ended_by(T::tag).has_value())
        lift(stage_ended_by(T::tag));
    }
  }
  void apply(symbolic_passed x) {
    passed = std::move(x);
    symbolic.reset();
  }
  void apply(symbolic_rejected x) {
    symbolic = std::move(x);
    passed.reset();
  }
  void apply(synthesized x) {
    synthesis = std::move(x);
    known_failure.reset(); // it was tried after all
  }
  void apply(published x);
  void apply(withdrawn x) {
    withdrawal = std::move(x);
    publication.reset();
  }
  void apply(dropped x);
  void apply(const reopened& x);
  void apply(deferred x);
  void apply(known_failure_avoided x) {
    known_failure = std::move(x);
  }
  void apply(attempt_failed x);

  /// The fields that hold events of the table of stages.
  static auto kept(auto& x) {
    return std::tie(x.facts, x.passed, x.answer, x.judgement, x.resolution,
                    x.environment, x.problem, x.synthesis, x.image, x.trial,
                    x.speedup, x.publication);
  }

  /// Whether the newest events of the table of stages are among the fields.
  template <event T>
  static constexpr bool keeps() {
    return []<class... Ts>(std::type_identity<std::tuple<Ts...>>) {
      return (std::is_same_v<Ts, std::optional<T>&> || ...);
    }(std::type_identity<decltype(kept(
             std::declval<pull_request_state&>()))>{});
  }
  template <event T>
  std::optional<T>& newest() {
    return std::get<std::optional<T>&>(kept(*this));
  }
  /// Whether it has an event of the table of stages, by tag.
  bool has(std::uint16_t tag) const;
  /// The same, and the event does not say no.
  bool passes(std::uint16_t tag) const;

  /// Whether its trial could not look, and another instrument may: what a run
  /// measures with is not what the trial was run with.
  bool may_look_again(std::string_view instrument) const;
  /// The first stage that is not done, or none when an end was reached.
  std::optional<stage> next() const;
  outcome ends() const;
  /// The first gate that stopped it, none while open or published.
  std::optional<ending> ended_by() const;
  /// The rule and the words that ended it; empty while open or published.
  std::string rule() const;
  std::string explanation() const;

private:
  /// Takes away what dropped it at a stage.
  void lift(std::optional<stage> at);
};

/// The last stage that was tried, or that ended it; discovery for a pull
/// request that was only seen.
std::string stage_reached(const pull_request_state& x);

/// Folds one record into the state.
error fold(pull_request_state& state, const record& at);

/// Folds a whole stream.
expected<pull_request_state> fold(const std::vector<record>& stream);

} // namespace fc::events
