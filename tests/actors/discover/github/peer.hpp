#pragma once

#include "actors/services/github/reading.hpp"
#include "actors/services/http/client.hpp"
#include "actors/services/limits/clock.hpp"
#include "events/ids.hpp"

#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

/// The offline GitHub of tests/peers/github: GitHub's own schema over a made
/// world. Errors throw: without it there is nothing to test.
namespace fc::github_peer {

using nlohmann::json;

inline bool installed() {
  const char* required = std::getenv("FC_REQUIRE_PEERS");
  return std::filesystem::exists(FC_GITHUB_PEER "/node_modules")
         || (required != nullptr && std::string{required} == "1");
}

inline std::string missing() {
  return "the peer is not installed; run: npm ci --prefix " FC_GITHUB_PEER;
}

inline actors::services::process_spec node(std::vector<std::string> args) {
  actors::services::process_spec spec;
  spec.argv = std::move(args);
  spec.argv.insert(spec.argv.begin(), "node");
  spec.env
    = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}, {"HOME", "/nonexistent"}};
  spec.directory = FC_GITHUB_PEER;
  spec.timeout_s = 3600;
  return spec;
}

/// Makes a world below `folder` with the options of make_world.mjs.
inline void make_world(const std::filesystem::path& folder,
                       std::vector<std::string> options) {
  options.insert(options.begin(), {"make_world.mjs", "--out", folder.string()});
  auto made = actors::services::run(node(std::move(options)), nullptr);
  if (!made || !made->ok())
    throw std::runtime_error(
      "make_world.mjs: " + (made ? made->err : events::describe(made.error())));
}

/// A running server; ends with this.
class server {
public:
  server(const std::filesystem::path& world, std::vector<std::string> options)
    : world_(world), http_(actors::services::make_http_client()) {
    options.insert(options.begin(), {"server.mjs", "--world", world.string()});
    auto started
      = actors::services::pipe_process::start(node(std::move(options)));
    if (!started)
      throw std::runtime_error(events::describe(started.error()));
    process_ = std::move(*started);
    auto line = process_->read_until('\n');
    if (!line || !*line)
      throw std::runtime_error("server.mjs: " + process_->finish().err);
    url_ = "http://127.0.0.1:"
           + std::to_string(json::parse(**line).at("port").get<int>());
    std::ifstream in{world_ / "world.json"};
    truth_ = json::parse(in);
  }

  const std::string& url() const {
    return url_;
  }
  const std::filesystem::path& world() const {
    return world_;
  }
  std::string git_url() const {
    return "file://" + world_.string() + "/git/{name}.git";
  }

  json get(const std::string& path) {
    return ask("GET", path, {});
  }
  json post(const std::string& path, const json& body) {
    return ask("POST", path, body);
  }

  /// What world.json says.
  const json& truth() const {
    return truth_;
  }
  /// A repository's pull requests, one a line.
  std::vector<json> pulls_of(const json& repository) const {
    std::ifstream in{
      world_ / "pulls"
      / (std::to_string(repository.at("id").get<int>()) + ".jsonl")};
    std::vector<json> out;
    // Cut texts end in half a pair, which no JSON reader takes.
    static const std::regex half{"\\\\ud[89ab][0-9a-f]{2}(?!\\\\ud[c-f])"};
    for (std::string line; std::getline(in, line);)
      out.push_back(json::parse(
        json::accept(line) ? line : std::regex_replace(line, half, "\\ufffd")));
    return out;
  }

private:
  json
  ask(const std::string& method, const std::string& path, const json& body) {
    actors::services::http_request request;
    request.method = method;
    request.url = url_ + path;
    if (!body.is_null())
      request.body = body.dump();
    request.headers = {{"Content-Type", "application/json"}};
    auto answer = http_->send(request, nullptr);
    if (!answer)
      throw std::runtime_error(path + ": " + events::describe(answer.error()));
    if (answer->status != 200)
      throw std::runtime_error(path + ": " + answer->body);
    return json::parse(answer->body);
  }

  std::filesystem::path world_;
  std::shared_ptr<actors::services::http_client> http_;
  std::unique_ptr<actors::services::pipe_process> process_;
  std::string url_;
  json truth_;
};

/// The server's modelled time: waiting moves it.
class modelled_clock : public actors::services::wait_clock {
public:
  explicit modelled_clock(server& of) : of_(of) {}

  events::timestamp now() override {
    return at(of_.get("/__sim/clock"));
  }

  bool sleep_until(events::timestamp until,
                   const actors::services::stop_flag& stop) override {
    if (stop && stop->load())
      return false;
    // Who waits at the same time waits together.
    const std::lock_guard lock{waiting_};
    const auto left = until - now();
    if (left.count() > 0)
      of_.post("/__sim/advance", {{"ns", std::to_string(left.count())}});
    return true;
  }

  void took(double seconds) override {
    of_.post("/__sim/advance",
             {{"ns", std::to_string(static_cast<std::int64_t>(seconds * 1e9))},
              {"kind", "git"}});
  }

private:
  static events::timestamp at(const json& x) {
    return events::timestamp{
      std::chrono::nanoseconds{std::stoll(x.at("now_ns").get<std::string>())}};
  }

  server& of_;
  std::mutex waiting_;
};

} // namespace fc::github_peer
