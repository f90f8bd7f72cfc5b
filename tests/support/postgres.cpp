#include "tests/support/postgres.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace fc::support {

int free_port() {
  const int handle = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(at);
  auto* const raw = reinterpret_cast<sockaddr*>(&at);
  EXPECT_EQ(::bind(handle, raw, size), 0);
  EXPECT_EQ(::getsockname(handle, raw, &size), 0);
  ::close(handle);
  return ntohs(at.sin_port);
}

bool postgres_cluster::installed() {
  return std::filesystem::exists("/usr/lib/postgresql/15/bin/initdb");
}

postgres_cluster::postgres_cluster(const std::string& settings,
                                   const std::string& folder)
  : folder_{folder.empty() ? own_ / "cluster" : folder}, port_{free_port()} {
  // Another user has to come through.
  std::filesystem::permissions(own_.path(), std::filesystem::perms{0755});
  const auto file = own_ / "settings";
  write_file(file, settings);
  std::filesystem::permissions(file, std::filesystem::perms{0644});
  call("start " + folder_ + " " + std::to_string(port_) + " " + file);
}

postgres_cluster::~postgres_cluster() {
  call("stop " + folder_);
}

std::string postgres_cluster::address(const std::string& database,
                                      const std::string& user) const {
  return "postgresql://" + user + "@127.0.0.1:" + std::to_string(port_) + "/"
         + database;
}

void postgres_cluster::crash() const {
  call("stop " + folder_);
  call("again " + folder_);
}

void postgres_cluster::call(const std::string& words) const {
  const auto script = source_dir() / "tests/support/postgres_cluster.sh";
  EXPECT_EQ(std::system((script.string() + " " + words).c_str()), 0) << words;
}

} // namespace fc::support
