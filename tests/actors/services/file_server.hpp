#pragma once

#include "actors/services/process/process.hpp"

#include <filesystem>
#include <stdexcept>
#include <string>

namespace fc::actors::services {

/// Serves a folder over http on the loopback, at a port that was free.
class file_server {
public:
  explicit file_server(const std::filesystem::path& folder) {
    process_spec spec;
    spec.argv = {"/usr/bin/python3",
                 "-u",
                 "-m",
                 "http.server",
                 "--bind",
                 "127.0.0.1",
                 "--directory",
                 folder.string(),
                 "0"};
    auto started = pipe_process::start(spec);
    if (!started)
      throw std::runtime_error(events::describe(started.error()));
    server_ = std::move(*started);
    // "Serving HTTP on 127.0.0.1 port 40123 (http://…) ..."
    auto line = server_->read_until('\n');
    if (!line || !*line)
      throw std::runtime_error("http.server does not start");
    auto start = (*line)->find("port ") + 5;
    port_ = (*line)->substr(start, (*line)->find(' ', start) - start);
  }

  std::string address() const {
    return "http://127.0.0.1:" + port_ + "/";
  }
  /// The same with a password that nobody may ever see.
  std::string secret_address() const {
    return "http://user:hush-hush@127.0.0.1:" + port_ + "/";
  }

private:
  std::unique_ptr<pipe_process> server_;
  std::string port_;
};

} // namespace fc::actors::services
