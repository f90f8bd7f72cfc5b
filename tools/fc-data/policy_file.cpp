#include "tools/fc-data/policy_file.hpp"

#include <fstream>
#include <iterator>

namespace fc::tools {

using events::ec;
using events::expected;
using events::make_error;

expected<std::shared_ptr<const events::policy::policy>>
load_policy(const options& settings) {
  std::string text{events::policy::shipped_policy()};
  std::string origin = "the shipped policy";
  if (!settings.policy.empty()) {
    origin = settings.policy.string();
    std::ifstream in{settings.policy, std::ios::binary};
    if (!in)
      return make_error(ec::invalid_argument,
                        "cannot read the policy " + origin);
    text.assign(std::istreambuf_iterator<char>{in}, {});
  }
  auto parsed = events::policy::parse_policy(text, origin);
  if (!parsed)
    return parsed.error();
  return std::make_shared<const events::policy::policy>(std::move(*parsed));
}

} // namespace fc::tools
