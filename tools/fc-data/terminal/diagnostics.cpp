#include "tools/fc-data/terminal/diagnostics.hpp"

#include "events/common/address.hpp"
#include "events/common/shown.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace fc::tools {

namespace {

/// The message itself. Exceptions, names and answers of servers are in it.
class printable_message : public spdlog::custom_flag_formatter {
public:
  void format(const spdlog::details::log_msg& from, const std::tm&,
              spdlog::memory_buf_t& to) override {
    const auto text = printable_line(
      std::string_view{from.payload.data(), from.payload.size()});
    to.append(text.data(), text.data() + text.size());
  }

  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<printable_message>();
  }
};

} // namespace

void begin_diagnostics(const std::string& level, std::ostream* to) {
  spdlog::sink_ptr sink;
  if (to == nullptr)
    sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  else
    sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(*to);
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<printable_message>('*').set_pattern(
    "[%Y-%m-%d %H:%M:%S.%e] [%n] [%^%l%$] %*");
  auto logger = std::make_shared<spdlog::logger>("fc-data", std::move(sink));
  logger->set_formatter(std::move(formatter));
  spdlog::set_default_logger(std::move(logger));
  spdlog::set_level(spdlog::level::from_str(level));
}

std::string printable_line(std::string_view text) {
  return events::common::shown(events::common::without_credentials(text));
}

} // namespace fc::tools
