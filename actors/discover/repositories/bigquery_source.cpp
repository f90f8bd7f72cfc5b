#include "actors/discover/repositories/bigquery_source.hpp"

#include "actors/services/bigquery/queries.hpp"
#include "actors/services/python/json.hpp"

namespace fc::actors {

namespace {

class rows_source : public repository_source {
public:
  explicit rows_source(services::bigquery_client& client) : client_(client) {}

  std::string name() const override {
    return "bigquery";
  }

  events::expected<repository_listing>
  list(const services::stop_flag& stop) override {
    auto answer = client_.run(find_repositories_query(), stop);
    if (!answer)
      return answer.error();
    repository_listing result;
    result.calls = answer->calls;
    result.bytes = answer->bytes;
    result.cost_usd = services::bigquery_cost_usd(answer->bytes);
    for (const auto& row : answer->rows) {
      const auto text = services::json_text(row, "repo_name");
      auto repo = events::repo_name::parse(text);
      if (!repo)
        result.passed_over.push_back({"'" + text + "'", "is not owner/name"});
      else if (text == "airspeed-velocity/asv")
        result.passed_over.push_back({text, "ASV itself"});
      else
        result.found.push_back({std::move(*repo), name()});
    }
    return result;
  }

private:
  services::bigquery_client& client_;
};

} // namespace

services::bigquery_query find_repositories_query() {
  return {std::string{services::find_repositories_sql()}, {}, {}};
}

std::unique_ptr<repository_source>
bigquery_source(services::bigquery_client& client) {
  return std::make_unique<rows_source>(client);
}

} // namespace fc::actors
