#pragma once

#include "tests/events/log/faults/faulty_files.hpp"
#include "tests/events/log/log_kinds.hpp"

#include <map>
#include <optional>

namespace fc::events::log {

/// What happened in a storm, to see that it was one.
struct storm_report {
  int rounds = 0;
  int failed_opens = 0;
  int failed_appends = 0;
  int found_again = 0; ///< Batches that failed and were there all the same.
  int repairs = 0;
};

/// How much is written in a round.
struct storm_size {
  std::size_t batches = 18;
  std::size_t blob = 3U << 20U; ///< Bytes of the largest one.
  std::size_t one_in = 12;      ///< Blobs that may be so large.
  /// Changes of the disk among which the fault lies.
  std::size_t operations = 110;
};

/// One log on a disk that fails and loses power again and again, and all that
/// is known of the log.
class storm {
public:
  storm(std::string path, unsynced how, const storm_size& size,
        std::uint64_t seed);

  /// Appends until the disk fails or for a while, cuts the power, opens the log
  /// on a disk that does not fail, and compares.
  void round();

  /// Cuts the power once more, and compares on the file system itself.
  void end();

  const storm_report& report() const noexcept {
    return report_;
  }

private:
  /// A batch, and what its answers must be.
  struct batch {
    std::vector<append_request> requests;
    std::vector<blob> blobs;
    std::vector<bool> conflicts; ///< Of each request.
    std::vector<event_id> ids;   ///< Of the events that are new, in order.
  };

  std::size_t dice(std::size_t max);
  bool chance(std::size_t one_in);

  blob random_blob();
  batch next_batch();
  void add_request(batch& to, std::map<stream_name, sequence>& versions);
  std::optional<batch> append_until_failure(event_log& log);
  std::optional<batch> append_on_failing_disk();
  void acknowledge(event_log& log, const batch& x,
                   const std::vector<append_result>& results);

  void note_watermark();
  void choose_watermark();
  void cut_power();

  std::unique_ptr<event_log> reopen(rocksdb::Env* files);
  void compare(rocksdb::Env* files, const std::optional<batch>& unsure);

  std::string path_;
  unsynced how_;
  storm_size size_;
  std::mt19937_64 dice_;
  faulty_files files_;
  std::vector<record> safe_; ///< All records whose append was answered.
  std::vector<append_request> done_;
  std::map<stream_name, sequence> versions_;
  /// What the watermark's file held since it was synced; none for no file.
  std::vector<std::optional<std::string>> marks_;
  storm_report report_;
};

} // namespace fc::events::log
