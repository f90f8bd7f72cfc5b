#include "actors/discover/github/served_diff.hpp"

#include "actors/discover/github/json_fields.hpp"
#include "actors/services/git/text.hpp"
#include "events/ids.hpp"

#include <regex>

namespace fc::actors {

using events::ec;
using events::expected;
using events::make_error;
using nlohmann::json;
using services::http_response;

namespace {

/// Larger ones are rejected by their size whatever is in them.
constexpr std::uint64_t most_bytes = 64u << 20;
constexpr int most_pages = 30; // 3,000 files, as far as GitHub goes

services::http_request get(std::string path, std::string accept) {
  services::http_request request;
  request.url = std::move(path);
  request.headers = {{"Accept", std::move(accept)}};
  request.max_bytes = most_bytes;
  return request;
}

/// The address of the next page, of `Link`.
std::string next_page(const http_response& answer) {
  const auto link = answer.header("link");
  if (!link)
    return {};
  static const std::regex next{"<([^>]*)>;[^,]*rel=\"next\""};
  std::cmatch found;
  const auto* begin = link->data();
  return std::regex_search(begin, begin + link->size(), found, next)
           ? found[1].str()
           : std::string{};
}

/// One file of the list as a part of a diff: `patch` begins at "@@".
void add_file(served_diff& out, const json& file, std::uint32_t& without) {
  const auto path = text(file, "filename");
  const auto before = text(file, "previous_filename");
  const auto status = text(file, "status");
  const auto& from = before.empty() ? path : before;
  out.text += "diff --git a/" + from + " b/" + path + "\n";
  if (!before.empty())
    out.text += "rename from " + from + "\nrename to " + path + "\n";
  const auto patch = text(file, "patch");
  if (patch.empty()) {
    without += count(file, "changes") > 0 ? 1 : 0;
    return;
  }
  out.text += status == "added" ? "--- /dev/null\n" : "--- a/" + from + "\n";
  out.text += status == "removed" ? "+++ /dev/null\n" : "+++ b/" + path + "\n";
  out.text += patch + "\n";
}

expected<served_diff>
from_files(services::github_client& github, const std::string& path,
           services::github_usage& used, const services::stop_flag& stop) {
  served_diff out;
  std::uint32_t without = 0;
  std::uint32_t files = 0;
  auto url = path + "/files?per_page=100";
  for (int page = 0; page < most_pages && !url.empty(); ++page) {
    auto answer = github.rest(get(url, "application/vnd.github+json"), "core",
                              used, stop);
    if (!answer)
      return answer.error();
    bool repaired = false;
    const auto list = json::parse(services::repair_utf8(answer->body, repaired),
                                  nullptr, false);
    if (!list.is_array())
      return make_error(ec::malformed, path + "/files: no list came back");
    for (const auto& each : list) {
      add_file(out, each, without);
      ++files;
    }
    url = next_page(*answer);
  }
  out.note
    = "put together from GitHub's list of " + std::to_string(files) + " files";
  if (without > 0)
    out.note += ", " + std::to_string(without) + " without text";
  if (!url.empty())
    out.note += ", which goes on";
  return out;
}

/// The next line, without those that name objects.
std::string_view next_line(std::string_view& rest) {
  for (;;) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!line.starts_with("index "))
      return line;
    if (rest.empty())
      return {};
  }
}

} // namespace

expected<served_diff>
read_served_diff(services::github_client& github, const events::repo_name& repo,
                 std::uint32_t number, services::github_usage& used,
                 const services::stop_flag& stop) {
  const auto path = "/repos/" + repo.str() + "/pulls/" + std::to_string(number);
  auto answer = github.rest(get(path, "application/vnd.github.diff"), "core",
                            used, stop, {406, 422});
  if (!answer)
    return answer.error();
  if (answer->status >= 400)
    return from_files(github, path, used, stop);
  if (answer->cut)
    return make_error(ec::refused, path + ": its diff has more than "
                                     + std::to_string(most_bytes >> 20)
                                     + " MB");
  return served_diff{std::move(answer->body), {}};
}

events::diff_audited
compare_diffs(const std::string& ours, const std::string& served) {
  events::diff_audited out;
  out.git_bytes = ours.size();
  out.served_bytes = served.size();
  std::string_view a{ours};
  std::string_view b{served};
  for (std::size_t line = 1; !a.empty() || !b.empty(); ++line) {
    const auto left = next_line(a);
    const auto right = next_line(b);
    if (left == right)
      continue;
    bool repaired = false;
    const auto shown = [&](std::string_view x) {
      return "'" + services::repair_utf8(x.substr(0, 120), repaired) + "'";
    };
    out.note = "line " + std::to_string(line)
               + " (objects' names not counted): " + shown(left) + " here, "
               + shown(right) + " there";
    return out;
  }
  out.equal = true;
  return out;
}

bool is_audited(const std::string& node_id, double share) {
  const auto id = events::sha256(events::as_bytes("audit " + node_id));
  const auto draw = (std::uint32_t{id.value[0]} << 24)
                    | (std::uint32_t{id.value[1]} << 16)
                    | (std::uint32_t{id.value[2]} << 8) | id.value[3];
  return static_cast<double>(draw) < share * 4294967296.0;
}

} // namespace fc::actors
