#pragma once

#include "actors/services/http/client.hpp"
#include "actors/services/limits/rate_limiter.hpp"
#include "actors/services/llm/model_port.hpp"
#include "actors/services/llm/settings.hpp"

#include <functional>
#include <memory>

namespace fc::actors::services {

/// What a model on the other side of HTTP needs of this side.
struct model_connection {
  std::shared_ptr<http_client> http;
  std::shared_ptr<wait_clock> time;
  /// Shared by all that ask this service with this key.
  std::shared_ptr<rate_limiter> limiter;
  std::function<double()> jitter; ///< Uniform in [0, 1).
};

/// With one limiter for one key, that lets as many through at once as the
/// settings say.
model_connection
connect_model(const model_settings& settings, std::shared_ptr<http_client> http,
              std::shared_ptr<wait_clock> time, std::function<double()> jitter);

/// A model behind an HTTP service of either API. A limit pauses all who share
/// the limiter and is waited out; what passes by itself is tried again; all
/// else is a failure at once. Notices, and remembers, that a service takes no
/// schema.
std::shared_ptr<model_port>
make_http_model(model_settings settings, model_connection through);

} // namespace fc::actors::services
