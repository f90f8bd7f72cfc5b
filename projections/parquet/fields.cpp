#include "events/common/utf8.hpp"
#include "projections/parquet/row.hpp"

namespace fc::projections::parquet {

namespace {

using field = dataset_field;
constexpr auto text = column_type::utf8;
constexpr auto whole = column_type::int64;
constexpr auto real = column_type::float64;
constexpr auto time = column_type::timestamp_micros;
constexpr auto flag = column_type::boolean;

template <class T>
cell to_cell(const T& x) {
  return x;
}

/// As in the tables: no text holds NUL or bytes that are not UTF-8.
cell to_cell(const std::string& x) {
  return events::common::clean_utf8(x);
}

cell to_cell(const std::optional<std::string>& x) {
  return x ? to_cell(*x) : cell{};
}

cell to_cell(const events::digest& x) {
  return x.hex();
}

cell to_cell(events::position x) {
  return static_cast<std::int64_t>(x);
}

/// A required column and the member it comes from.
template <auto Member>
field of(const char* name, column_type type, std::string_view meaning) {
  return {{name, type, false}, true, meaning, [](const dataset_row& x) {
            return to_cell(x.*Member);
          }};
}

field optional(field x) {
  x.shape.optional = true;
  return x;
}

field not_in_digest(field x) {
  x.in_digest = false;
  return x;
}

std::vector<field> task_fields() {
  using row = dataset_row;
  return {
    of<&row::owner>("owner", text, "Owner of the repository"),
    of<&row::repo>("repo", text, "Name of the repository"),
    of<&row::issue_number>("issue_number", whole, "Number of the pull request"),
    of<&row::task_id>("task_id", text, "owner__repo-number"),
    of<&row::gt_hash>("gt_hash", text, "Commit that merged the change"),
    of<&row::base_commit>("base_commit", text, "Commit the change starts from"),
    of<&row::date>("date", text, "When it was merged, ISO 8601, UTC"),
    optional(of<&row::instructions>("instructions", text,
                                    "Problem statement without the solution")),
    of<&row::classification>("classification", text,
                             "Kind of optimisation, by the judge"),
    of<&row::difficulty>("difficulty", text, "By the judge"),
    of<&row::container_name>("container_name", text,
                             "Image or local sandbox it was built in"),
    of<&row::patch>("patch", text, "The change as a unified diff"),
    of<&row::image_name>("image_name", text,
                         "Image in a registry; empty: not pushed"),
    of<&row::title>("title", text, "Title of the pull request"),
  };
}

std::vector<field> measurement_fields() {
  using row = dataset_row;
  return {
    of<&row::benchmark>("benchmark", text,
                        "Accepted benchmark with the largest speedup"),
    of<&row::speedup>("speedup", real,
                      "Its median of base time / patched time"),
    of<&row::speedup_low>("speedup_low", real, "Lower end of the interval"),
    of<&row::speedup_high>("speedup_high", real, "Upper end of the interval"),
    of<&row::confidence>("confidence", real, "Of the interval"),
    of<&row::n_pairs>("n_pairs", whole,
                      "Fresh pairs of processes behind the estimate"),
    of<&row::n_benchmarks>("n_benchmarks", whole,
                           "Benchmarks that reach the changed code"),
    of<&row::n_candidates>("n_candidates", whole,
                           "Benchmarks that passed the screen"),
    of<&row::aa_floor>("aa_floor", real,
                       "Spread of base against base built again, log ratio"),
    of<&row::delta>("delta", real, "Smallest speedup that counted, a fraction"),
    of<&row::geomean>("geomean", real,
                      "Geometric mean over all screened benchmarks"),
    of<&row::environment>("environment", text,
                          "Kind of place the trials ran in"),
    of<&row::isolation>("isolation", text,
                        "What separated trials from the machine"),
    of<&row::machine>("machine", text, "Processor, count, kernel"),
    of<&row::clock>("clock", text, "Clock of the timings"),
    of<&row::interpreter>("interpreter", text, "Version of Python"),
  };
}

std::vector<field> origin_fields() {
  using row = dataset_row;
  return {
    of<&row::environment_digest>("environment_digest", text,
                                 "SHA-256 of interpreter and builds"),
    of<&row::policy_digest>("policy_digest", text,
                            "SHA-256 of the policy that accepted it"),
    of<&row::merged_at>("merged_at", time, "When it was merged"),
    of<&row::text_repaired>(
      "text_repaired", flag,
      "Bytes that are not UTF-8 were replaced in a text; the log has them"),
    not_in_digest(of<&row::log_position>(
      "log_position", whole, "Record of the log that published it")),
    not_in_digest(of<&row::speedup_measured_position>(
      "speedup_measured_position", whole,
      "Record of the log with the verdict")),
    {{"row_digest", text},
     false,
     "SHA-256 of the row without log positions",
     [](const row& x) {
       return to_cell(row_digest(x));
     }},
  };
}

} // namespace

const std::vector<dataset_field>& dataset_fields() {
  static const auto all = [] {
    auto result = task_fields();
    for (auto&& more : {measurement_fields(), origin_fields()})
      result.insert(result.end(), more.begin(), more.end());
    return result;
  }();
  return all;
}

} // namespace fc::projections::parquet
