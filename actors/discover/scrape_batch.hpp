#pragma once

#include "actors/core/messages.hpp"
#include "actors/discover/window_source.hpp"
#include "events/policy/symbolic.hpp"
#include "events/repository.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fc::actors {

/// The first events of a pull request's stream, as they are appended.
struct first_events {
  events::log::append_request request;
  std::vector<events::log::blob> blobs;
  bool passed = false;     ///< Work may begin.
  bool incomplete = false; ///< Objects are missing: no verdict was possible.
};

/// `Scraped` and what the symbolic rules make of it. A pull request that passes
/// is dropped at once if the repository has no suite. One that lacks objects is
/// dropped as failed, unless the rules reject it without them.
first_events
begin_stream(discovered_pull found, const events::policy::symbolic_gate& gate,
             const events::digest& policy, const std::string& no_suite_reason);

/// Many streams' first events, to be appended in one batch.
class scrape_batch {
public:
  /// So many streams or bytes of diffs make a batch.
  static constexpr std::size_t max_streams = 256;
  static constexpr std::size_t max_bytes = 8 << 20;

  void add(first_events x);
  bool full() const noexcept;
  bool empty() const noexcept {
    return order_.requests.empty();
  }
  /// Empties the batch.
  append_order take();

private:
  append_order order_;
  std::size_t bytes_ = 0;
};

} // namespace fc::actors
