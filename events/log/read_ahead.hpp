#pragma once

#include "events/log/database.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace fc::events::log {

/// A row of a walk; valid until the next one is asked for.
struct row {
  std::string_view key;
  byte_view value;
};

/// Rows of a walk one by one.
class plain_rows {
public:
  explicit plain_rows(cursor& walk) : walk_(walk) {}

  std::optional<row> next();
  std::optional<std::string> failure() const {
    return walk_.failure();
  }

private:
  cursor& walk_;
  bool begun_ = false;
};

/// The same with a thread that reads and decompresses ahead, so that checking
/// and decoding, which cost as much, run beside it.
class rows_ahead {
public:
  /// The walk is the thread's until the end of this object.
  explicit rows_ahead(cursor& walk);
  rows_ahead(const rows_ahead&) = delete;
  rows_ahead& operator=(const rows_ahead&) = delete;
  /// Stops the thread, wherever it is.
  ~rows_ahead();

  std::optional<row> next();
  /// Only after the last row.
  std::optional<std::string> failure() const {
    return walk_.failure();
  }

private:
  /// Some rows, one after another in one buffer.
  struct block {
    struct row_end {
      std::size_t key_end;
      std::size_t value_end;
    };
    std::string data;
    std::vector<row_end> rows;
  };

  void run();
  /// Hands a block over; false when nobody wants more.
  bool put(block&& full);
  /// The next block, none at the end.
  std::optional<block> take();

  cursor& walk_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<block> ready_;
  bool ended_ = false;   ///< The thread has read everything.
  bool stopped_ = false; ///< Nobody will take more.
  block now_;
  std::size_t row_ = 0; ///< Next in `now_`.
  std::thread thread_;
};

} // namespace fc::events::log
