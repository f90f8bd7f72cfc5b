#pragma once

#include "actors/services/github/client.hpp"
#include "actors/services/github/etag_cache.hpp"

#include <functional>
#include <memory>
#include <string>

namespace fc::actors::services {

/// What is read over REST.
struct rest_question {
  std::string url; ///< A path below the API, with its query, or an address.
  std::string accept = "application/vnd.github+json";
  std::string resource = "core"; ///< The limit it counts to.
  bool cached = true;            ///< Searches are not: they are of now.
  std::uint64_t max_bytes = 64 << 20;
};

/// An answer, and where it was found in the end.
struct rest_answer {
  http_response response;
  std::string url;          ///< After redirects.
  bool revalidated = false; ///< 304: the body is the kept one.
};

/// Reads GitHub's REST interface: what was read before is only asked whether it
/// still holds (a 304 costs nothing), redirects and pages are followed on the
/// API's own host and nowhere else. Thread-safe; blocks.
class github_rest {
public:
  /// @param client Outlives the reader.
  github_rest(github_client& client, std::filesystem::path cache);

  /// @returns status 200, or the errors of `github_client::rest`;
  /// `ec::malformed` for redirects without an end.
  expected<rest_answer>
  get(const rest_question& question, github_usage& used, const stop_flag& stop);

  /// All pages of a listing by their Link headers, in order.
  /// @param each An error ends the reading.
  /// @param max Pages; more are `ec::malformed`: the listing has no end.
  events::error
  pages(rest_question question,
        const std::function<events::error(const rest_answer&)>& each,
        std::size_t max, github_usage& used, const stop_flag& stop);

private:
  expected<http_response>
  ask(const rest_question& question, const std::string& etag,
      github_usage& used, const stop_flag& stop);

  github_client& client_;
  etag_cache cache_;
};

/// The address of the next page in a Link header; empty: there is none.
std::string next_page(std::string_view link);

} // namespace fc::actors::services
