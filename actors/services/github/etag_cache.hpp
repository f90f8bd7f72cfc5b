#pragma once

#include "actors/services/http/client.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace fc::actors::services {

/// Answers with an ETag, kept in a folder to be asked for again without cost.
/// Only a cache: a file that is damaged, foreign or cannot be written is as if
/// it were not there. Thread-safe, also between processes.
class etag_cache {
public:
  /// @param folder Made when first needed; empty: nothing is kept.
  explicit etag_cache(std::filesystem::path folder);

  struct entry {
    std::string etag; ///< As it was received, `W/` included.
    http_response answer;
  };

  /// @param accept The media type asked for: another one is another answer.
  std::optional<entry>
  find(const std::string& url, const std::string& accept) const;
  /// Keeps an answer of status 200 that has an ETag; others are let go.
  void keep(const std::string& url, const std::string& accept,
            const http_response& answer) const;

private:
  std::filesystem::path
  file_of(const std::string& url, const std::string& accept) const;

  std::filesystem::path folder_;
};

/// Whether two ETags name the same answer: weak and strong ones compare equal,
/// as a 304 may have the other kind.
bool same_etag(std::string_view a, std::string_view b);

} // namespace fc::actors::services
