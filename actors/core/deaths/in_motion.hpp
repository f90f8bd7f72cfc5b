#pragma once

#include "events/error.hpp"
#include "events/ids.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fc::actors {

/// A step that was under way when a process died.
struct interrupted_step {
  events::stream_name stream;
  std::string stage;
  /// Its own thread met the fault, or nothing else was under way.
  bool blamed = false;

  bool operator==(const interrupted_step&) const = default;
};

/// How an earlier process ended that had no time to say so.
struct process_death {
  std::string cause; ///< `signal 11`, or that memory had run out.
  std::vector<interrupted_step> steps;
};

/// Notes in a small shared file which steps are under way, so that the next
/// start knows what this one died over: a write to memory, which outlives the
/// process. The file is removed at a good end. A process that somebody killed,
/// or that was asked to stop, died over nothing.
class in_motion {
public:
  /// Reads what lies there and begins anew. One process at a time: the log's
  /// lock sees to that.
  static events::expected<std::shared_ptr<in_motion>>
  open(const std::filesystem::path& file);

  virtual ~in_motion() = default;

  /// What an earlier process died over; none where nobody is to blame.
  virtual const std::optional<process_death>& found() const noexcept = 0;

  /// Notes the signal when this process crashes, and whose step it was.
  virtual void watch_crashes() = 0;

  /// From now on an end is wanted, however it comes.
  virtual void asked_to_stop() noexcept = 0;

protected:
  friend class motion_scope;

  /// @returns a slot's number, -1 when all are taken.
  virtual int
  begin_step(std::string_view stream, std::string_view stage) noexcept = 0;
  virtual void end_step(int slot) noexcept = 0;
};

using in_motion_ptr = std::shared_ptr<in_motion>;

/// A step is under way on this thread for as long as this lives.
class motion_scope {
public:
  /// @param motion May be none: nothing is noted then.
  motion_scope(const in_motion_ptr& motion, std::string_view stream,
               std::string_view stage) noexcept;
  ~motion_scope();
  motion_scope(const motion_scope&) = delete;
  motion_scope& operator=(const motion_scope&) = delete;

private:
  in_motion* motion_;
  int slot_ = -1;
  int before_ = -1;
};

} // namespace fc::actors
