#include "events/failures/known_failure.hpp"

namespace fc::events {

bool is_lasting(std::string_view cause) noexcept {
  return cause == to_string(ec::refused);
}

digest subject_of(const pull_request_state& x, stage at) {
  if (at != stage::synthesize || !x.resolution)
    return {};
  const auto& plan = *x.resolution;
  std::string text;
  const auto add = [&](const std::string& part) {
    // With its length, so that no two lists read the same.
    text += std::to_string(part.size()) + ':' + part;
  };
  const auto add_all = [&](const std::vector<std::string>& parts) {
    text += std::to_string(parts.size()) + '[';
    for (const auto& each : parts)
      add(each);
  };
  // Not the package's version: it differs from commit to commit.
  for (const auto* part :
       {&plan.interpreter, &plan.python_version, &plan.package,
        &plan.package_root, &plan.build_backend, &plan.installer, &plan.index})
    add(*part);
  add_all(plan.build_requires);
  add_all(plan.requirements);
  return sha256(as_bytes(text));
}

} // namespace fc::events
