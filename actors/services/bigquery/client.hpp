#pragma once

#include "actors/services/bigquery/access.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fc::actors::services {

/// Where BigQuery is, who pays, and how far it may go.
struct bigquery_settings {
  std::string api = "https://bigquery.googleapis.com";
  std::string project;         ///< That is billed.
  std::string location = "US"; ///< Where the data lies.
  std::uint64_t max_bytes = 0; ///< A query that would read more is refused.
  std::uint32_t page_rows = 10'000;
  double wait_s = 10; ///< One call waits so long for the job.
  double max_s = 900; ///< From first asking to the last row.
  std::uint32_t tries = 5;
  double backoff_s = 1; ///< Doubled each time, with jitter.
};

/// A query of one statement in GoogleSQL.
struct bigquery_query {
  std::string sql;
  /// Named parameters: texts, or whole numbers as INT64.
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<std::pair<std::string, std::int64_t>> numbers;
};

/// Rows, and what they took.
struct bigquery_result {
  std::vector<nlohmann::json> rows; ///< Objects by column name (cells.hpp).
  std::uint64_t bytes = 0;          ///< That were read; 0 from a cache.
  std::uint32_t calls = 0;          ///< Repeated ones too.
};

/// On demand, a TiB that a query reads costs so much (2026).
inline constexpr double bigquery_usd_per_tib = 6.25;
double bigquery_cost_usd(std::uint64_t bytes);

/// Asks BigQuery over `jobs.query`. Thread-safe; blocks.
class bigquery_client {
public:
  /// @param jitter Uniform in [0, 1).
  bigquery_client(bigquery_settings settings, std::shared_ptr<http_client> http,
                  std::shared_ptr<google_access> access,
                  std::shared_ptr<wait_clock> time,
                  std::function<double()> jitter);
  ~bigquery_client();

  /// What the query would read, in bytes; costs nothing.
  expected<std::uint64_t>
  dry_run(const bigquery_query& query, const stop_flag& stop);

  /// Tries it dry first, then runs it, waits and reads all pages.
  /// @returns `ec::refused` where it would read more than `max_bytes`, where
  /// the account may not, or the day's quota is used up; `ec::internal` for a
  /// wrong query; `ec::unavailable`, `ec::timeout`; `ec::malformed` for an
  /// answer that is not BigQuery's, or lacks rows it counts.
  expected<bigquery_result>
  run(const bigquery_query& query, const stop_flag& stop);

private:
  class conversation;

  bigquery_settings settings_;
  std::shared_ptr<http_client> http_;
  std::shared_ptr<google_access> access_;
  std::shared_ptr<wait_clock> time_;
  std::function<double()> jitter_;
};

} // namespace fc::actors::services
