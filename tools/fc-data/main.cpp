#include "events/common/address.hpp"
#include "tools/fc-data/launch.hpp"
#include "tools/fc-data/options.hpp"
#include "tools/fc-data/preflight/preflight.hpp"
#include "tools/fc-data/terminal/diagnostics.hpp"
#include "tools/shell/program.hpp"

#include <iostream>

namespace {

using namespace fc;

int run(int argc, char** argv) {
  const auto parsed = tools::parse_options(argc, argv);
  events::common::hide_credentials(argc, argv);
  if (parsed.exit)
    return static_cast<int>(*parsed.exit);
  tools::begin_diagnostics(parsed.values.log_level);
  if (parsed.values.preflight)
    return static_cast<int>(tools::preflight(std::cout, parsed.values));
  auto code = tools::launch(parsed.values);
  if (!code) {
    shell::complain("fc-data", events::describe(code.error()));
    // Before there was a run to interrupt.
    return static_cast<int>(events::code_of(code.error())
                                == events::ec::cancelled
                              ? tools::exit_code::interrupted
                              : tools::exit_code::could_not_run);
  }
  return static_cast<int>(*code);
}

} // namespace

int main(int argc, char** argv) {
  return shell::run("fc-data", [&] { return run(argc, argv); });
}
