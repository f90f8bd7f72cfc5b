#pragma once

#include "events/log/log_storage.hpp"
#include "events/log/plan.hpp"

#include <set>
#include <string>
#include <vector>

namespace fc::events::log {

/// A blob that an event refers to and that cannot be had.
struct lost_blob {
  position at = 0; ///< Of the first record that refers to it.
  digest id;
  bool damaged = false; ///< Stored, but with other bytes.
};

/// One line for a report.
std::string to_string(const lost_blob& x);

/// What can be proved of a log's rows.
struct survey_result {
  log_end end; ///< Of the longest prefix that is dense, chained and decodable.
  position streams = 0;
  std::string broken; ///< Why the prefix ends before the rows do.
  /// The first place where the stream index does not fit the records.
  std::string index;
  std::vector<lost_blob> lost;
  std::set<digest> blobs; ///< All that the prefix refers to.
  /// Why the first of the records whose event cannot be read cannot.
  std::string unread;

  /// Whether order, chain and index are as they were written.
  bool whole() const noexcept {
    return broken.empty() && index.empty();
  }
};

/// Takes what was proved, in the order of the log; the first error ends it.
class survey_sink {
public:
  virtual ~survey_sink() = default;

  /// @param entry The stored bytes of the record.
  virtual error take(const record& at, byte_view entry) = 0;
  /// A blob, once, before the first record that refers to it.
  virtual error take(const digest& id, const bytes& data) = 0;
};

/// How much of the blobs a survey looks at.
enum class blob_check : std::uint8_t {
  none,
  whole, ///< Each is read and hashed.
};

/// Reads every row and checks it against the others.
/// @returns the sink's error, or `ec::too_new` for an entry of a newer program.
expected<survey_result>
survey(const log_storage& storage, blob_check how, survey_sink* sink = nullptr);

} // namespace fc::events::log
