#include "actors/services/github/rest.hpp"

#include <set>

namespace fc::actors::services {

using events::ec;
using events::error;
using events::make_error;

namespace {

constexpr int max_redirects = 3;

bool is_redirect(long status) {
  return status == 301 || status == 302 || status == 307 || status == 308;
}

} // namespace

github_rest::github_rest(github_client& client, std::filesystem::path cache)
  : client_(client), cache_(std::move(cache)) {}

expected<http_response>
github_rest::ask(const rest_question& question, const std::string& etag,
                 github_usage& used, const stop_flag& stop) {
  http_request request;
  request.url = question.url;
  request.max_bytes = question.max_bytes;
  request.headers = {{"Accept", question.accept}};
  if (!etag.empty())
    request.headers.emplace_back("If-None-Match", etag);
  return client_.rest(std::move(request), question.resource, used, stop);
}

expected<rest_answer>
github_rest::get(const rest_question& question, github_usage& used,
                 const stop_flag& stop) {
  auto at = question;
  for (int redirects = 0; redirects <= max_redirects; ++redirects) {
    std::optional<etag_cache::entry> known;
    if (question.cached)
      known = cache_.find(at.url, at.accept);
    auto answer = ask(at, known ? known->etag : std::string{}, used, stop);
    if (!answer)
      return answer.error();
    if (answer->status == 304 && known) {
      const auto tag = answer->header("etag");
      if (!tag || same_etag(*tag, known->etag))
        return rest_answer{std::move(known->answer), at.url, true};
      // Unchanged since another answer than the kept one: asked for anew.
      answer = ask(at, {}, used, stop);
      if (!answer)
        return answer.error();
    }
    if (is_redirect(answer->status)) {
      const auto to = answer->header("location");
      if (!to || to->empty())
        return make_error(ec::malformed,
                          "GitHub redirects " + at.url + " to nowhere");
      at.url = std::string{*to};
      continue;
    }
    if (answer->status != 200)
      return make_error(ec::malformed, "GitHub answers "
                                         + std::to_string(answer->status)
                                         + " to " + at.url);
    if (question.cached)
      cache_.keep(at.url, at.accept, *answer);
    return rest_answer{std::move(*answer), at.url, false};
  }
  return make_error(ec::malformed,
                    "GitHub redirects " + question.url + " without an end");
}

error github_rest::pages(rest_question question,
                         const std::function<error(const rest_answer&)>& each,
                         std::size_t max, github_usage& used,
                         const stop_flag& stop) {
  std::set<std::string> seen;
  while (seen.size() < max) {
    if (!seen.insert(question.url).second)
      return make_error(ec::malformed,
                        "GitHub's pages lead back to " + question.url);
    auto answer = get(question, used, stop);
    if (!answer)
      return answer.error();
    if (auto err = each(*answer))
      return err;
    const auto link = answer->response.header("link");
    question.url = link ? next_page(*link) : std::string{};
    if (question.url.empty())
      return {};
  }
  return make_error(ec::malformed, "more than " + std::to_string(max)
                                     + " pages, the next is " + question.url);
}

std::string next_page(std::string_view link) {
  while (!link.empty()) {
    const auto open = link.find('<');
    const auto close = link.find('>', open);
    if (open == std::string_view::npos || close == std::string_view::npos)
      return {};
    // The parameters end where the next address begins.
    const auto end = std::min(link.find(", <", close), link.size());
    const auto words = link.substr(close + 1, end - close - 1);
    if (words.find("rel=\"next\"") != std::string_view::npos
        || words.find("rel=next") != std::string_view::npos)
      return std::string{link.substr(open + 1, close - open - 1)};
    link.remove_prefix(end);
  }
  return {};
}

} // namespace fc::actors::services
