#include "actors/services/git/change_lanes.hpp"

#include "actors/services/git/change_stream.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

constexpr std::size_t max_waiting = 512;
constexpr std::size_t max_bytes = 32u << 20;

std::size_t size_of(const commit_change& x) {
  return x.diff.size() + x.files.size() * 128;
}

/// One git on a thread of its own, and what it has read so far. A change that
/// alone exceeds the bound still passes, by itself.
class lane {
public:
  lane(const private_git_dir& git, bool with_diff)
    : git_(git), with_diff_(with_diff) {}
  lane(const lane&) = delete;
  lane& operator=(const lane&) = delete;
  ~lane() {
    close();
  }

  void add(const change_stream::request& x) {
    requests_.push_back(&x);
  }

  void start() {
    if (!requests_.empty())
      thread_ = std::jthread{[this] {
        work();
      }};
  }

  /// The next change, when it is there.
  expected<commit_change> take() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return !ready_.empty() || ended_; });
    if (ready_.empty())
      return error_ ? error_ : make_error(ec::internal, "a change is missing");
    auto out = std::move(ready_.front());
    ready_.pop_front();
    bytes_ -= size_of(out);
    changed_.notify_all();
    return out;
  }

private:
  void work() {
    change_stream stream{git_, with_diff_};
    auto err = stream.walk(
      requests_, [this](commit_change x) { return put(std::move(x)); });
    const std::lock_guard lock{mutex_};
    error_ = std::move(err);
    ended_ = true;
    changed_.notify_all();
  }

  bool put(commit_change x) {
    const auto size = size_of(x);
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] {
      return closed_ || ready_.empty()
             || (ready_.size() < max_waiting && bytes_ + size < max_bytes);
    });
    if (closed_)
      return false;
    bytes_ += size;
    ready_.push_back(std::move(x));
    changed_.notify_all();
    return true;
  }

  void close() {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    changed_.notify_all();
  }

  const private_git_dir& git_;
  bool with_diff_;
  std::vector<const change_stream::request*> requests_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<commit_change> ready_;
  std::size_t bytes_ = 0;
  bool ended_ = false;
  bool closed_ = false;
  events::error error_;
  std::jthread thread_; ///< Last: joined before the rest goes.
};

} // namespace

events::error
read_changes(const private_git_dir& git,
             const std::vector<git_repository::change_request>& requests,
             const git_repository::change_visitor& visit) {
  lane files{git, false};
  lane diffs{git, true};
  for (const auto& x : requests)
    (x.with_diff ? diffs : files).add(x);
  files.start();
  diffs.start();
  for (std::size_t i = 0; i < requests.size(); ++i) {
    auto change = (requests[i].with_diff ? diffs : files).take();
    if (!change)
      return change.error();
    if (auto err = visit(i, std::move(*change)))
      return err;
  }
  return {};
}

} // namespace fc::actors::services
