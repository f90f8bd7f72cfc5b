#include "actors/discover/github/linked_issues.hpp"

#include "actors/discover/github/json_fields.hpp"
#include "actors/services/github/queries.hpp"

#include <algorithm>

namespace fc::actors {

using events::ec;
using events::make_error;
using nlohmann::json;

events::expected<std::map<std::string, json>>
read_issues(services::github_client& github,
            const std::vector<std::string>& ids, services::github_usage& used,
            const services::stop_flag& stop) {
  std::map<std::string, json> out;
  std::size_t at_once = 100;
  const auto document = services::graphql_document("issue_texts");
  for (std::size_t from = 0; from < ids.size();) {
    const auto some = std::min(at_once, ids.size() - from);
    json wanted = json::array();
    for (std::size_t i = 0; i < some; ++i)
      wanted.push_back(ids[from + i]);
    auto answer
      = github.query("IssueTexts of " + std::to_string(some), document,
                     {{"ids", std::move(wanted)}}, used, stop, some == 1);
    if (!answer)
      return answer.error();
    if (answer->too_heavy) {
      at_once = some / 2;
      continue;
    }
    const auto& nodes = at(answer->data, "nodes");
    if (!nodes.is_array())
      return make_error(ec::malformed, "GitHub's answer has no list of issues");
    for (const auto& each : nodes)
      if (const auto id = text(each, "id"); !id.empty())
        out.emplace(id, each);
    from += some;
  }
  return out;
}

} // namespace fc::actors
