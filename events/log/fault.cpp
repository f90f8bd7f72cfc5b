#include "events/log/fault.hpp"

namespace fc::events::log {

error corrupt_record(position at, std::string_view what) {
  return make_error(ec::corrupt, "record " + std::to_string(at) + ": "
                                   + std::string{what} + way_out);
}

std::string text_of(const error& err) {
  auto text = describe(err);
  const auto code = std::string{to_string(code_of(err))} + ": ";
  return text.starts_with(code) ? text.substr(code.size()) : text;
}

} // namespace fc::events::log
