#pragma once

#include "tools/fc-data/options.hpp"

#include <ostream>
#include <string>
#include <vector>

namespace fc::tools {

/// How a check came out.
enum class check_state : std::uint8_t {
  ok,
  failed,  ///< What the run needs is not there.
  noted,   ///< To be known; holds nothing up.
  skipped, ///< The run does not need it, or nothing says where it is.
};

/// One thing that a run may need.
struct check {
  std::string name;
  check_state state = check_state::ok;
  std::string says;
  std::string cost; ///< Of using it; empty: nothing.
};

/// Checks everything that a run with these options would need, and what it
/// would cost; writes nothing but a file that it removes. A service that the
/// run does not need is only noted.
std::vector<check> run_checks(const options& settings);

// Parts of it.
std::vector<check> check_machine(const options& settings);
std::vector<check> check_log(const options& settings);
std::vector<check> check_github(const options& settings);
std::vector<check> check_bigquery(const options& settings);
std::vector<check> check_lists(const options& settings);
std::vector<check> check_the_judge(const options& settings);
std::vector<check> check_database(const options& settings);

/// A table of at most 100 columns, or JSON.
void print_checks(std::ostream& out, const std::vector<check>& all, bool json);

/// Prints all checks. `could_not_run` if one failed.
exit_code preflight(std::ostream& out, const options& settings);

/// The state of a check whose success gates only what needs it.
inline check_state state_of(bool fine, bool needed) {
  return fine     ? check_state::ok
         : needed ? check_state::failed
                  : check_state::noted;
}

} // namespace fc::tools
