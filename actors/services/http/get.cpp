#include "actors/services/http/get.hpp"

namespace fc::actors::services {

events::expected<http_answer>
http_get(const std::string& url, double timeout_s, std::uint64_t max_bytes) {
  static const auto client = make_http_client();
  http_request request;
  request.url = url;
  request.timeout_s = timeout_s;
  request.max_bytes = max_bytes;
  request.redirects = 5;
  auto answer = client->send(request, nullptr);
  if (!answer)
    return answer.error();
  return http_answer{answer->status, std::move(answer->body), answer->cut};
}

} // namespace fc::actors::services
