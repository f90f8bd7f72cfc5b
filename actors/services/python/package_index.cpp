#include "actors/services/python/package_index.hpp"

#include "actors/services/http/get.hpp"

#include <utility>

namespace fc::actors::services {

namespace {

constexpr double timeout_s = 3;
constexpr std::uint64_t enough_bytes = 64 * 1024;

/// Empty when it answers, else why not. Some indices refuse to list
/// everything; then the page of a package that all of them have is asked for.
std::string why_silent(const std::string& url) {
  std::string why;
  for (const auto* page : {"", "pip/"}) {
    auto answer = http_get(url + page, timeout_s, enough_bytes);
    if (!answer)
      return events::describe(answer.error());
    if (answer->status >= 200 && answer->status < 300)
      return {};
    why = without_credentials(url) + " answers with status "
          + std::to_string(answer->status);
  }
  return why;
}

} // namespace

package_index::package_index(std::string wanted, std::string pip_index_url,
                             const interpreter& python)
  : wanted_(std::move(wanted)), pip_index_url_(std::move(pip_index_url)),
    configured_(python.index_url) {}

const index_choice& package_index::answer() {
  std::call_once(once_, [this] { choice_ = find(); });
  return choice_;
}

index_choice package_index::find() const {
  if (wanted_ == "none")
    return {"", "none", "switched off"};
  auto [url, source] = [&]() -> std::pair<std::string, std::string> {
    if (!wanted_.empty())
      return {wanted_, "as given"};
    if (!pip_index_url_.empty())
      return {pip_index_url_, "of PIP_INDEX_URL"};
    if (!configured_.empty())
      return {configured_, "of pip's configuration"};
    return {"https://pypi.org/simple/", "the public one"};
  }();
  if (!url.ends_with('/'))
    url += '/';
  if (auto why = why_silent(url); !why.empty())
    return {"", "none", std::move(why)};
  return {url, without_credentials(url), source + ", it answers"};
}

} // namespace fc::actors::services
