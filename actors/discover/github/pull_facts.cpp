#include "actors/discover/github/pull_facts.hpp"

#include "actors/discover/github/json_fields.hpp"

namespace fc::actors {

using events::ec;
using events::expected;
using events::make_error;
using nlohmann::json;

namespace {

void add_files(listed_pull& out, const json& node) {
  const auto& files = at(node, "files");
  for (const auto& each : nodes_of(files)) {
    if (!each.is_object())
      continue;
    out.facts.files.push_back(
      {text(each, "path"), count(each, "additions"), count(each, "deletions")});
    if (text(each, "changeType") == "RENAMED")
      ++out.renamed_files;
  }
  const auto total = count(files, "totalCount");
  out.facts.changed_files = std::max(count(node, "changedFiles"), total);
  out.files_whole = out.facts.files.size() >= out.facts.changed_files;
}

void add_issues(listed_pull& out, const json& node) {
  const auto& issues = at(node, "closingIssuesReferences");
  for (const auto& each : nodes_of(issues)) {
    if (!each.is_object())
      continue;
    out.issues.push_back(text(each, "id"));
    out.facts.issues.push_back({text(at(each, "repository"), "nameWithOwner"),
                                count(each, "number"),
                                {},
                                0});
  }
  if (const auto all = count(issues, "totalCount");
      all > out.facts.issues.size())
    out.facts.note = "closes " + std::to_string(all)
                     + " issues, of which the first "
                     + std::to_string(out.facts.issues.size()) + " are kept";
}

} // namespace

expected<listed_pull> read_pull(const json& node) {
  listed_pull out;
  auto& x = out.facts;
  x.number = count(node, "number");
  x.node_id = text(node, "id");
  if (x.number == 0 || x.node_id.empty())
    return make_error(ec::malformed,
                      "a pull request without number or id in the answer");
  const auto about = "pull request #" + std::to_string(x.number) + ": ";
  for (const auto& [key, to] : {std::pair{"mergedAt", &x.merged_at},
                                std::pair{"createdAt", &x.created_at},
                                std::pair{"closedAt", &x.closed_at},
                                std::pair{"updatedAt", &out.updated_at}}) {
    const auto written = text(node, key);
    if (written.empty() && to == &x.closed_at)
      continue;
    auto read = events::parse_time(written);
    if (!read)
      return make_error(ec::malformed, about + key + " is '" + written + "'");
    *to = *read;
  }
  x.title = text(node, "title");
  x.body = text(node, "body");
  x.head = text(node, "headRefOid");
  x.base_branch = text(node, "baseRefName");
  out.base_tip = text(node, "baseRefOid");
  x.additions = count(node, "additions");
  x.deletions = count(node, "deletions");
  x.author = text(at(node, "author"), "login");
  x.author_kind = text(at(node, "author"), "__typename");
  x.merge = text(at(node, "mergeCommit"), "oid");
  for (const auto& each : nodes_of(at(node, "labels")))
    x.labels.push_back(text(each, "name"));
  add_files(out, node);
  add_issues(out, node);
  return out;
}

} // namespace fc::actors
