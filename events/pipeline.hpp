#pragma once

#include "events/environment.hpp"
#include "events/judgement.hpp"
#include "events/measurement.hpp"
#include "events/pull_request.hpp"

#include <algorithm>
#include <array>
#include <optional>

/// The pipeline as one table. Whatever names a stage, counts by stage, or asks
/// how far a pull request has come reads it.
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

/// The decision points, in order.
enum class gate : std::uint8_t {
  symbolic,
  judged,
  environment,
  build,
  speedup,
  publish,
};

/// A column of the funnel: its name in reports, and what it counts in words.
/// Without a name there is none.
struct funnel_label {
  std::string_view name;
  std::string_view meaning;
};

/// A stage, or the discovery that comes before the first.
struct stage_row {
  std::optional<stage> of; ///< None for discovery.
  std::string_view name;   ///< On disk, in policies and on the screen.
  /// Tag of the event that a worker brings; 0 where only a verdict follows.
  std::uint16_t evidence;
  /// Tag of the event that ends the stage; the evidence where nothing is
  /// decided.
  std::uint16_t verdict;
  /// Of its gate. Empty where nothing is decided: what it drops has not passed
  /// the next gate.
  std::string_view gate_name;
  funnel_label tried;  ///< Counts the evidence.
  funnel_label passed; ///< Counts the verdicts that let pass.
};

inline constexpr std::array pipeline_table{
  stage_row{{},
            "scrape_commits",
            scraped::tag,
            symbolic_passed::tag,
            "symbolic",
            {"seen", "merged pull requests"},
            {"symbolic", "pass the symbolic rules"}},
  stage_row{stage::classify,
            "classify_prs",
            answered::tag,
            classified::tag,
            "judged",
            {},
            {"judged", "judged performance work"}},
  stage_row{stage::resolve,
            "resolve_packages",
            resolved::tag,
            env_resolved::tag,
            "environment",
            {},
            {"resolved", "with a suite and its requirements"}},
  stage_row{stage::render,
            "render_problems",
            problem_rendered::tag,
            problem_rendered::tag,
            "",
            {},
            {"rendered", "with a problem statement"}},
  stage_row{stage::synthesize,
            "synthesize_images",
            synthesized::tag,
            image_built::tag,
            "build",
            {},
            {"built", "built from source, both sides"}},
  stage_row{stage::trial,
            "harbor_healthcheck",
            trialled::tag,
            speedup_measured::tag,
            "speedup",
            {"trialled", "measured"},
            {"accepted", "measured faster"}},
  stage_row{stage::publish,
            "publish",
            0,
            published::tag,
            "publish",
            {},
            {"published", "published"}},
};

inline constexpr std::size_t stage_total = pipeline_table.size() - 1;

constexpr const stage_row& row_of(stage x) noexcept {
  return pipeline_table[static_cast<std::size_t>(x) + 1];
}

constexpr std::string_view to_string(stage x) noexcept {
  return row_of(x).name;
}

/// The name of what comes before the first stage.
inline constexpr auto discovery_name = pipeline_table.front().name;

constexpr std::optional<stage> stage_from(std::string_view name) noexcept {
  for (const auto& row : pipeline_table)
    if (row.name == name)
      return row.of;
  return std::nullopt;
}

/// The stage that an event ends, or none.
constexpr std::optional<stage> stage_ended_by(std::uint16_t tag) noexcept {
  for (const auto& row : pipeline_table)
    if (row.verdict == tag)
      return row.of;
  return std::nullopt;
}

/// The stage whose work an event is, or none.
constexpr std::optional<stage> stage_of_work(std::uint16_t tag) noexcept {
  for (const auto& row : pipeline_table)
    if ((row.evidence == 0 ? row.verdict : row.evidence) == tag)
      return row.of;
  return std::nullopt;
}

constexpr bool is_gate(const stage_row& row) noexcept {
  return !row.gate_name.empty();
}

inline constexpr auto gate_total
  = static_cast<std::size_t>(std::ranges::count_if(pipeline_table, is_gate));

/// The first gate at or behind a row: what the row stops has not passed it.
constexpr gate gate_of(const stage_row& row) noexcept {
  std::uint8_t before = 0;
  for (const auto& each : pipeline_table) {
    if (&each == &row)
      break;
    before = static_cast<std::uint8_t>(before + (is_gate(each) ? 1 : 0));
  }
  return static_cast<gate>(before);
}

/// "symbolic", "judged", ...
constexpr std::string_view to_text(gate x) noexcept {
  for (const auto& row : pipeline_table)
    if (is_gate(row) && gate_of(row) == x)
      return row.gate_name;
  return "unknown";
}

/// What a pull request has to survive: an event that lets it pass.
struct funnel_column {
  funnel_label label;
  std::uint16_t tag;
};

inline constexpr auto funnel_column_total = static_cast<std::size_t>(
  std::ranges::count_if(pipeline_table,
                        [](const auto& x) { return !x.tried.name.empty(); })
  + std::ranges::count_if(
    pipeline_table, [](const auto& x) { return !x.passed.name.empty(); }));

inline constexpr auto funnel_columns = [] {
  std::array<funnel_column, funnel_column_total> all{};
  auto* to = all.data();
  for (const auto& row : pipeline_table) {
    if (!row.tried.name.empty())
      *to++ = {row.tried, row.evidence};
    if (!row.passed.name.empty())
      *to++ = {row.passed, row.verdict};
  }
  return all;
}();

static_assert(stage_total == static_cast<std::size_t>(stage::publish) + 1);
static_assert(gate_total == static_cast<std::size_t>(gate::publish) + 1);
static_assert([] {
  for (std::size_t i = 0; i < stage_total; ++i)
    if (pipeline_table[i + 1].of != static_cast<stage>(i))
      return false;
  return true;
}());

} // namespace fc::events
