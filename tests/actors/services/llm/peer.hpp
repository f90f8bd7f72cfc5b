#pragma once

#include "actors/services/http/client.hpp"
#include "actors/services/process/process.hpp"
#include "tests/support/files.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

/// Programs of `tests/peers/models`.
namespace fc::actors::services {

/// Why there is no peer to ask, or nothing. Where peers are required the test
/// goes on, and fails.
inline std::string peers_missing() {
  const char* required = std::getenv("FC_REQUIRE_PEERS");
  if (required != nullptr && std::string{required} == "1")
    return {};
  if (!std::filesystem::exists(FC_MODEL_PEERS "/node_modules"))
    return "the peers are not installed; run: npm ci --prefix " FC_MODEL_PEERS;
  return {};
}

inline process_spec node_spec(std::vector<std::string> arguments) {
  process_spec spec;
  spec.argv = std::move(arguments);
  spec.argv.insert(spec.argv.begin(), "node");
  spec.env = {{"PATH", std::getenv("PATH")}};
  return spec;
}

/// The JSON that a script prints; the test fails where there is none.
inline nlohmann::json node(std::vector<std::string> arguments) {
  const auto done = run(node_spec(std::move(arguments)), nullptr);
  EXPECT_TRUE(done && done->ok()) << (done ? done->err : "node does not start");
  auto result = nlohmann::json::parse(done ? done->out : "", nullptr, false);
  EXPECT_FALSE(result.is_discarded());
  return result;
}

/// What the official SDK's types have against a file; an empty list is a yes.
inline nlohmann::json
objections(const std::string& kind, const std::string& file) {
  const auto all = node({FC_MODEL_PEERS "/check.mjs", kind, file});
  return all.is_object() ? all.value(file, nlohmann::json{}) : nlohmann::json{};
}

/// The same of several files, by name.
inline nlohmann::json
objections(const std::string& kind, std::vector<std::string> files) {
  files.insert(files.begin(), {FC_MODEL_PEERS "/check.mjs", kind});
  return node(std::move(files));
}

/// A server of the peers at a port that was free; ends with this.
class running_peer {
public:
  explicit running_peer(std::vector<std::string> arguments) {
    auto started = pipe_process::start(node_spec(std::move(arguments)));
    if (!started)
      throw std::runtime_error(events::describe(started.error()));
    server_ = std::move(*started);
    auto line = server_->read_until('\n');
    if (!line || !*line)
      throw std::runtime_error("the peer does not start: "
                               + server_->finish().err);
    url_ = **line;
  }

  /// Without a path.
  const std::string& url() const {
    return url_;
  }

  nlohmann::json get(const std::string& path, const std::string& key) const {
    http_request request;
    request.url = url_ + path;
    request.headers = {{"Authorization", "Bearer " + key}};
    const auto reply = make_http_client()->send(request, nullptr);
    EXPECT_TRUE(reply);
    return nlohmann::json::parse(reply ? reply->body : "", nullptr, false);
  }

private:
  std::unique_ptr<pipe_process> server_;
  std::string url_;
};

} // namespace fc::actors::services
