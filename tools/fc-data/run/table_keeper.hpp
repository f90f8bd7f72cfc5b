#pragma once

#include "events/log/event_log.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <thread>

namespace fc::tools {

/// Brings a file of tables up to the log's end again and again while a run goes
/// on, on a thread of the lowest priority: who asks the file how far the run is
/// gets an answer that is not older than the interval. Failing is told and
/// stops nothing: the run makes the file anew when it ends.
class table_keeper {
public:
  /// Readers of the tables expect them to be at most 30 seconds late.
  static constexpr std::chrono::seconds interval{15};

  /// @param log Must outlive it.
  table_keeper(const events::log::log_reader& log, std::string file,
               std::chrono::milliseconds every = interval);
  /// Waits for what is being written.
  ~table_keeper();
  table_keeper(const table_keeper&) = delete;
  table_keeper& operator=(const table_keeper&) = delete;

private:
  std::jthread thread_;
};

} // namespace fc::tools
