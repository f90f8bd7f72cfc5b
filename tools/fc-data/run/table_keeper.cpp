#include "tools/fc-data/run/table_keeper.hpp"

#include "projections/sqlite/target.hpp"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <condition_variable>
#include <mutex>
#include <unistd.h>

namespace fc::tools {

namespace {

void keep(const std::stop_token& ends, const events::log::log_reader& log,
          const std::string& file, std::chrono::milliseconds every) {
  // What is being timed comes first. On Linux this is the thread's own.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
  const auto target = projections::sqlite::open_target(log, file);
  std::mutex mutex;
  std::condition_variable_any waiting;
  std::unique_lock lock{mutex};
  std::string reported;
  for (;;) {
    waiting.wait_for(lock, ends, every, [] { return false; });
    if (ends.stop_requested())
      return;
    const auto done = target->follow();
    auto trouble = done ? std::string{} : events::describe(done.error());
    if (!trouble.empty() && trouble != reported)
      spdlog::warn("table-keeper leaves tables as they are reason={}", trouble);
    reported = std::move(trouble);
  }
}

} // namespace

table_keeper::table_keeper(const events::log::log_reader& log, std::string file,
                           std::chrono::milliseconds every)
  : thread_{[&log, file = std::move(file), every](const std::stop_token& ends) {
      keep(ends, log, file, every);
    }} {}

table_keeper::~table_keeper() = default;

} // namespace fc::tools
