#pragma once

#include "actors/services/sandbox/sandbox.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

namespace fc::actors {

/// What a process of the harness was asked.
struct sandbox_request {
  std::string command; ///< "survey", "prepare", "time", ...
  std::string side;
  std::vector<std::string> argv;
  std::map<std::string, std::string> env;
  std::string directory;
  std::map<std::string, bool> writable; ///< By the place inside.
  double timeout_s = 0;

  /// The word after an option.
  std::string option(const std::string& name) const {
    const auto found = std::ranges::find(argv, name);
    return found == argv.end() || found + 1 == argv.end() ? "" : found[1];
  }
};

/// Answers for the harness instead of running it. `answer` makes the JSON of
/// one; null leaves none, as a process that was killed does.
class scripted_sandbox : public services::sandbox {
public:
  std::function<nlohmann::json(const sandbox_request&)> answer;
  std::vector<sandbox_request> all;
  bool forge = false; ///< Answer without the token.

  std::string_view isolation() const noexcept override {
    return "none";
  }
  bool network_off() const noexcept override {
    return true;
  }
  std::string path_inside(const std::vector<services::mount>&,
                          std::string_view inside) const override {
    return std::string{inside};
  }

  services::expected<services::process_result>
  run(const services::sandbox_spec& spec, const services::stop_flag&) override {
    sandbox_request now;
    std::filesystem::path out;
    for (const auto& each : spec.mounts) {
      now.writable[each.inside] = each.writable;
      if (each.inside == "/fc/out")
        out = each.outside;
      if (each.inside == "/fc/env")
        now.side = each.outside.parent_path().filename().string();
    }
    now.argv = spec.process.argv;
    now.command = now.argv.at(5);
    now.env = spec.process.env;
    now.directory = spec.process.directory;
    now.timeout_s = spec.process.timeout_s;
    all.push_back(now);
    services::process_result result;
    auto reply = answer(now);
    if (reply.is_null()) {
      result.timed_out = true;
      result.wall_seconds = now.timeout_s;
      return result;
    }
    std::ifstream in{out / "token"};
    std::string token{std::istreambuf_iterator<char>{in}, {}};
    reply["token"] = forge ? "guessed" : token;
    std::ofstream{out / "result.json"} << reply.dump();
    return result;
  }
};

} // namespace fc::actors
