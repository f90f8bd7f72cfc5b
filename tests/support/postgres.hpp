#pragma once

#include "tests/support/files.hpp"

#include <string>

namespace fc::support {

/// A port of the loopback that nobody listens on.
int free_port();

/// A real Postgres server of its own, with nothing in it; gone at the end.
class postgres_cluster {
public:
  /// Whether Postgres 15 is installed.
  static bool installed();

  /// @param settings Lines for postgresql.conf.
  /// @param folder Where its data lies; empty for a folder of its own.
  explicit postgres_cluster(const std::string& settings = "",
                            const std::string& folder = "");
  ~postgres_cluster();
  postgres_cluster(const postgres_cluster&) = delete;
  postgres_cluster& operator=(const postgres_cluster&) = delete;

  /// "postgresql://postgres:postgres@127.0.0.1:5499/name"
  std::string address(const std::string& database,
                      const std::string& user = "postgres:postgres") const;
  int port() const noexcept {
    return port_;
  }
  std::string folder() const {
    return folder_;
  }
  /// Ends it as a crash would, and starts it again.
  void crash() const;

private:
  void call(const std::string& words) const;

  temp_dir own_{open_temporary_folder()};
  std::string folder_;
  int port_ = 0;
};

} // namespace fc::support
