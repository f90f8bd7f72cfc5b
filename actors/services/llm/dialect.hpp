#pragma once

#include "actors/services/http/client.hpp"
#include "actors/services/llm/model_port.hpp"
#include "actors/services/llm/settings.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fc::actors::services {

/// How one kind of service is asked and how its replies read. Pure.
class model_dialect {
public:
  virtual ~model_dialect() = default;

  /// The request of a question; without a schema where `structured` is false.
  virtual http_request
  request(const model_question& x, const model_settings& settings,
          bool structured) const = 0;
  /// Asks which models there are.
  virtual http_request listing(const model_settings& settings) const = 0;
  /// A reply of status 200. Sets all but `model`, cost and seconds.
  /// @returns `ec::malformed` for what is no answer at all.
  virtual expected<model_answer> read(std::string_view body) const = 0;
};

/// The dialect of an API; lives for ever.
const model_dialect& dialect_of(model_api api);

/// Ids of the models that a listing names; `ec::malformed` for no listing.
expected<std::vector<std::string>> read_listing(std::string_view body);

/// The answer in a stored reply; `api` as `model_answer` has it.
expected<model_answer> read_reply(std::string_view api, std::string_view body);

} // namespace fc::actors::services
