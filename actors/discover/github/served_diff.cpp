#include "actors/discover/github/served_diff.hpp"

#include "actors/discover/github/json_fields.hpp"
#include "actors/services/git/text.hpp"
#include "actors/services/github/rest.hpp"
#include "events/common/bounded_json.hpp"
#include "events/ids.hpp"

#include <optional>

namespace fc::actors {

using events::ec;
using events::expected;
using events::make_error;
using nlohmann::json;
using services::http_response;

namespace {

/// Larger ones are rejected by their size whatever is in them.
constexpr std::uint64_t max_bytes = 64u << 20;
constexpr int max_pages = 30; // 3,000 files, as far as GitHub goes

services::http_request get(std::string path, std::string accept) {
  services::http_request request;
  request.url = std::move(path);
  request.headers = {{"Accept", std::move(accept)}};
  request.max_bytes = max_bytes;
  return request;
}

/// Asks, and follows a repository to its new name; the client stays on its
/// host.
expected<http_response>
ask(services::github_client& github, services::http_request request,
    services::github_usage& used, const services::stop_flag& stop,
    const std::vector<long>& fine = {}) {
  constexpr int max_redirects = 3;
  for (int i = 0; i <= max_redirects; ++i) {
    auto answer = github.rest(request, "core", used, stop, fine);
    if (!answer || answer->status < 300 || answer->status >= 400)
      return answer;
    request.url = answer->header("location").value_or("");
  }
  return make_error(ec::malformed,
                    request.url + ": GitHub's redirects never end");
}

/// A path as git writes it: in quotes where it holds what would end it early.
std::string quoted(const std::string& path) {
  std::string out;
  for (const char c : path) {
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n' || c == '\t') {
      out += c == '\n' ? "\\n" : "\\t";
    } else if (const auto code = static_cast<unsigned char>(c);
               code < 0x20 || code == 0x7f) {
      const auto digit = [&](int shift) {
        return static_cast<char>('0' + ((code >> shift) & 7));
      };
      out += {'\\', digit(6), digit(3), digit(0)};
    } else {
      out += c;
    }
  }
  return out == path ? out : '"' + out + '"';
}

/// One file of the list as a part of a diff: `patch` begins at "@@".
void add_file(served_diff& out, const json& file, std::uint32_t& without) {
  const auto path = text(file, "filename");
  const auto before = text(file, "previous_filename");
  const auto status = text(file, "status");
  const auto& from = before.empty() ? path : before;
  const auto old_side = quoted("a/" + from);
  const auto new_side = quoted("b/" + path);
  out.text += "diff --git " + old_side + " " + new_side + "\n";
  if (!before.empty())
    out.text
      += "rename from " + quoted(from) + "\nrename to " + quoted(path) + "\n";
  const auto patch = text(file, "patch");
  if (patch.empty()) {
    without += count(file, "changes") > 0 ? 1 : 0;
    return;
  }
  out.text += "--- " + (status == "added" ? "/dev/null" : old_side) + "\n";
  out.text += "+++ " + (status == "removed" ? "/dev/null" : new_side) + "\n";
  out.text += patch + "\n";
}

expected<served_diff>
from_files(services::github_client& github, const std::string& path,
           services::github_usage& used, const services::stop_flag& stop) {
  served_diff out;
  std::uint32_t without = 0;
  std::uint32_t files = 0;
  auto url = path + "/files?per_page=100";
  for (int page = 0; page < max_pages && !url.empty(); ++page) {
    auto answer
      = ask(github, get(url, "application/vnd.github+json"), used, stop);
    if (!answer)
      return answer.error();
    const auto list = events::common::read_json(answer->body);
    if (!list.is_array())
      return make_error(ec::malformed, path + "/files: no list came back");
    for (const auto& each : list) {
      add_file(out, each, without);
      ++files;
    }
    url = services::next_page(answer->header("link").value_or(""));
  }
  out.note
    = "put together from GitHub's list of " + std::to_string(files) + " files";
  if (without > 0)
    out.note += ", " + std::to_string(without) + " without text";
  if (!url.empty())
    out.note += ", which goes on";
  return out;
}

/// The next line but those that name objects; nothing at the end.
std::optional<std::string_view> next_line(std::string_view& rest) {
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!line.starts_with("index "))
      return line;
    if (rest.empty())
      return {};
  }
  return std::nullopt;
}

} // namespace

expected<served_diff>
read_served_diff(services::github_client& github, const events::repo_name& repo,
                 std::uint32_t number, services::github_usage& used,
                 const services::stop_flag& stop) {
  const auto path = "/repos/" + repo.str() + "/pulls/" + std::to_string(number);
  auto answer = ask(github, get(path, "application/vnd.github.diff"), used,
                    stop, {406, 422});
  if (!answer)
    return answer.error();
  if (answer->status >= 400)
    return from_files(github, path, used, stop);
  if (answer->cut)
    return make_error(ec::refused, path + ": its diff has more than "
                                     + std::to_string(max_bytes >> 20) + " MB");
  return served_diff{std::move(answer->body), {}};
}

events::diff_audited
compare_diffs(const std::string& ours, const std::string& served) {
  events::diff_audited out;
  out.git_bytes = ours.size();
  out.served_bytes = served.size();
  std::string_view a{ours};
  std::string_view b{served};
  for (std::size_t line = 1;; ++line) {
    const auto left = next_line(a);
    const auto right = next_line(b);
    if (!left && !right)
      break;
    if (left == right)
      continue;
    bool repaired = false;
    const auto shown = [&](const std::optional<std::string_view>& x) {
      return x ? "'" + services::repair_utf8(x->substr(0, 120), repaired) + "'"
               : "the end";
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
