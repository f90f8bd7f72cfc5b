#include "tools/fc-data/launch.hpp"
#include "tools/fc-data/options.hpp"
#include "tools/fc-data/preflight/preflight.hpp"
#include "tools/shell/program.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <iostream>

namespace {

using namespace fc;

int run(int argc, char** argv) {
  const auto parsed = tools::parse_options(argc, argv);
  if (parsed.leave)
    return static_cast<int>(*parsed.leave);
  spdlog::set_default_logger(spdlog::stderr_color_mt("fc-data"));
  spdlog::set_level(spdlog::level::from_str(parsed.values.log_level));
  if (parsed.values.preflight)
    return static_cast<int>(tools::preflight(std::cout, parsed.values));
  auto code = tools::launch(parsed.values);
  if (!code) {
    shell::complain("fc-data", events::describe(code.error()));
    return static_cast<int>(tools::exit_code::could_not_run);
  }
  return static_cast<int>(*code);
}

} // namespace

int main(int argc, char** argv) {
  return shell::run("fc-data", [&] { return run(argc, argv); });
}
