#include "tools/fc-data/policy_file.hpp"

#include "tools/shell/files.hpp"

namespace fc::tools {

using events::expected;

expected<std::shared_ptr<const events::policy::policy>>
load_policy(const options& settings) {
  std::string text{events::policy::shipped_policy()};
  std::string origin = "the shipped policy";
  if (!settings.policy.empty()) {
    origin = settings.policy.string();
    auto read = shell::read_file(settings.policy, "policy");
    if (!read)
      return read.error();
    text = std::move(*read);
  }
  auto parsed = events::policy::parse_policy(text, origin);
  if (!parsed)
    return parsed.error();
  return std::make_shared<const events::policy::policy>(std::move(*parsed));
}

} // namespace fc::tools
