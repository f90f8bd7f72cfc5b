#pragma once

#include "events/log/event_log.hpp"
#include "events/pull_request_state.hpp"
#include "projections/parquet/parquet_writer.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace fc::projections::parquet {

/// One task of the dataset: a pull request whose measured speedup was accepted.
/// A copy of what the log says, as of its publication. What each field means:
/// `dataset_fields`.
struct dataset_row {
  std::string owner, repo;
  std::int64_t issue_number = 0;
  std::string task_id;
  std::string gt_hash, base_commit;
  std::string date;
  std::optional<std::string> instructions;
  std::string classification, difficulty;
  std::string container_name;
  std::string patch;
  std::string image_name;
  std::string title;
  std::string benchmark;
  double speedup = 0, speedup_low = 0, speedup_high = 0;
  double confidence = 0;
  std::int64_t n_pairs = 0, n_benchmarks = 0, n_candidates = 0;
  double aa_floor = 0, delta = 0, geomean = 0;
  std::string environment, isolation, machine, clock, interpreter;
  events::digest environment_digest, policy_digest;
  events::timestamp merged_at{};
  bool text_repaired = false;
  events::position log_position = 0; ///< 0 while it is not published.
  events::position speedup_measured_position = 0;
};

/// A column of the dataset: its shape, its words in the dataset card, and where
/// its value comes from.
struct dataset_field {
  column shape;
  /// False: may differ between two logs that hold the same row.
  bool in_digest = true;
  std::string_view meaning;
  cell (*value)(const dataset_row&) = nullptr;
};

/// All columns in order, `row_digest` last.
const std::vector<dataset_field>& dataset_fields();
std::vector<column> dataset_columns();
cells cells_of(const dataset_row& x);

/// SHA-256 over all fields but log positions: what `events::published::row`
/// holds. A null field adds nothing, so an optional column may join later.
events::digest row_digest(const dataset_row& x);

/// `owner__name-12`.
std::string task_id_of(const events::pull_request_id& id);

/// What a row needs besides the pull request's state.
struct row_sources {
  /// Texts of patch and statement.
  std::function<events::expected<events::bytes>(const events::digest&)> blob;
  events::digest policy; ///< That judged the speedup.
  double confidence = 0; ///< Of its interval, by that policy.
  events::position published = 0;
  events::position speedup_measured = 0;
};

/// @returns `ec::invalid_argument` where a needed event is missing.
events::expected<dataset_row>
make_row(const events::pull_request_state& x, const row_sources& from);

/// Makes rows from a log; remembers the policies it met.
class row_reader {
public:
  explicit row_reader(const events::log::log_reader& log) : log_{log} {
    // nop
  }

  /// The row of a pull request's stream as of its first `published` that was
  /// not withdrawn, or as of now while there is none: both have the same
  /// digest.
  events::expected<dataset_row> read(std::string_view stream);

private:
  events::expected<double> confidence_of(const events::digest& policy);

  const events::log::log_reader& log_;
  std::map<events::digest, double> confidence_;
};

} // namespace fc::projections::parquet
