#include "projections/parquet/row.hpp"

#include "events/policy/policy.hpp"
#include "projections/parquet/encoding.hpp"

#include <algorithm>
#include <type_traits>

namespace fc::projections::parquet {

using events::ec;
using events::expected;
using events::make_error;

namespace {

/// Length in front, so that fields cannot run into each other.
void put(std::string& to, std::string_view part) {
  const std::uint64_t size = part.size();
  for (unsigned shift = 0; shift < 64; shift += 8)
    to += static_cast<char>(static_cast<std::uint8_t>(size >> shift));
  to += part;
}

/// Bytes of a value; numbers as they lie in memory, so that no digit is lost.
std::string digest_input(const cell& x) {
  return std::visit(
    []<class T>(const T& value) -> std::string {
      if constexpr (std::is_same_v<T, std::string>) {
        return value;
      } else if constexpr (std::is_same_v<T, events::timestamp>) {
        return events::to_iso8601(value);
      } else if constexpr (std::is_arithmetic_v<T>) {
        return {reinterpret_cast<const char*>(&value), sizeof(value)};
      } else {
        return {}; // the dataset has no lists
      }
    },
    x);
}

expected<std::string>
read_text(const row_sources& from, const events::blob_ref& ref,
          std::string_view what, bool& repaired) {
  auto raw = from.blob(ref.id);
  if (!raw)
    return make_error(events::code_of(raw.error()),
                      std::string{what} + ": " + events::describe(raw.error()));
  return events::common::clean_utf8(events::as_text(*raw), repaired);
}

void put_measurement(dataset_row& row, const events::trialled& trial,
                     const events::speedup_measured& speedup) {
  row.benchmark = speedup.benchmark;
  row.speedup = speedup.estimate;
  row.speedup_low = speedup.low;
  row.speedup_high = speedup.high;
  row.aa_floor = speedup.aa_floor;
  row.delta = speedup.delta;
  row.geomean = speedup.geomean;
  row.n_benchmarks = trial.impacted;
  row.n_candidates = static_cast<std::int64_t>(speedup.candidates.size());
  const auto best = std::ranges::find(speedup.candidates, speedup.benchmark,
                                      &events::candidate::benchmark);
  if (best != speedup.candidates.end())
    row.n_pairs = best->pairs;
  row.environment = trial.environment;
  row.isolation = trial.isolation;
  row.machine = trial.machine;
  row.clock = trial.clock;
}

/// Which event a row lacks, if any.
std::string_view missing_in(const events::pull_request_state& x) {
  if (!x.facts || !x.facts->diff)
    return "facts with a diff";
  if (!x.judgement)
    return "classification";
  if (!x.environment)
    return "resolved environment";
  if (!x.image)
    return "built image";
  if (!x.trial)
    return "trial";
  return x.speedup ? std::string_view{} : "measured speedup";
}

} // namespace

std::vector<column> dataset_columns() {
  std::vector<column> result;
  for (const auto& x : dataset_fields())
    result.push_back(x.shape);
  return result;
}

cells cells_of(const dataset_row& x) {
  cells result;
  for (const auto& one : dataset_fields())
    result.push_back(one.value(x));
  return result;
}

events::digest row_digest(const dataset_row& x) {
  std::string input;
  for (const auto& one : dataset_fields()) {
    if (!one.in_digest)
      continue;
    const auto value = one.value(x);
    if (value.index() == 0)
      continue;
    put(input, one.shape.name);
    put(input, digest_input(value));
  }
  return events::sha256(events::as_bytes(input));
}

std::string task_id_of(const events::pull_request_id& id) {
  return id.repo.file_name() + "-" + std::to_string(id.number);
}

expected<dataset_row>
make_row(const events::pull_request_state& x, const row_sources& from) {
  if (const auto what = missing_in(x); !what.empty())
    return make_error(ec::invalid_argument,
                      "no dataset row: the pull request has no "
                        + std::string{what});
  const auto& facts = *x.facts;
  dataset_row row;
  row.owner = facts.repo.owner();
  row.repo = facts.repo.name();
  row.issue_number = facts.number;
  row.task_id = task_id_of({facts.repo, facts.number});
  row.gt_hash = facts.merge;
  row.base_commit = facts.base;
  row.date = events::to_iso8601(facts.merged_at);
  row.merged_at = facts.merged_at;
  row.title = facts.title;
  row.classification = x.judgement->category;
  row.difficulty = x.judgement->difficulty;
  row.container_name = x.image->image;
  row.environment_digest = x.image->environment;
  row.interpreter = x.environment->python_version;
  row.text_repaired = facts.text_repaired;
  row.policy_digest = from.policy;
  row.confidence = from.confidence;
  row.log_position = from.published;
  row.speedup_measured_position = from.speedup_measured;
  put_measurement(row, *x.trial, *x.speedup);
  auto patch
    = read_text(from, facts.diff, "patch of " + row.task_id, row.text_repaired);
  if (!patch)
    return patch.error();
  row.patch = std::move(*patch);
  if (x.problem && x.problem->statement) {
    auto statement
      = read_text(from, x.problem->statement,
                  "problem statement of " + row.task_id, row.text_repaired);
    if (!statement)
      return statement.error();
    row.instructions = std::move(*statement);
  }
  return row;
}

/// The first `published` that no later `withdrawn` took back; 0 for none.
static events::position
publication_in_force(const std::vector<events::record>& stream) {
  events::position found = 0;
  for (const auto& at : stream) {
    if (at.tag == events::withdrawn::tag)
      found = 0;
    if (at.tag == events::published::tag && found == 0)
      found = at.at;
  }
  return found;
}

expected<dataset_row> row_reader::read(std::string_view stream) {
  const auto records = log_.read_stream(stream);
  if (!records)
    return records.error();
  const auto as_of = publication_in_force(*records);
  events::pull_request_state state;
  row_sources from;
  from.blob = [this](const events::digest& id) {
    return log_.blob_of(id);
  };
  for (const auto& at : *records) {
    if (auto err = fold(state, at))
      return err;
    if (at.tag == events::speedup_measured::tag) {
      from.speedup_measured = at.at;
      from.policy = at.policy;
    }
    if (at.at == as_of) {
      from.published = at.at;
      break; // what comes later cannot change a published row
    }
  }
  if (state.speedup) {
    const auto confidence = confidence_of(from.policy);
    if (!confidence)
      return confidence.error();
    from.confidence = *confidence;
  }
  auto row = make_row(state, from);
  if (!row)
    return make_error(events::code_of(row.error()),
                      std::string{stream} + ": "
                        + events::describe(row.error()));
  return row;
}

expected<double> row_reader::confidence_of(const events::digest& policy) {
  if (const auto known = confidence_.find(policy); known != confidence_.end())
    return known->second;
  const auto records = log_.read_stream(events::policy_stream);
  if (!records)
    return records.error();
  for (const auto& at : *records) {
    if (at.tag != events::policy_adopted::tag)
      continue;
    const auto adopted = events::event_in<events::policy_adopted>(at);
    if (!adopted)
      return adopted.error();
    if (adopted->id != policy)
      continue;
    const auto parsed
      = events::policy::parse_policy(adopted->text, adopted->path);
    if (!parsed)
      return parsed.error();
    return confidence_[policy] = parsed->gate.confidence;
  }
  return make_error(ec::not_found,
                    "policy " + policy.hex()
                      + ", which judged a speedup, was never adopted in this "
                        "log");
}

} // namespace fc::projections::parquet
