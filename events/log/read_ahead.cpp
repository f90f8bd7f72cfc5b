#include "events/log/read_ahead.hpp"

#include <utility>

namespace fc::events::log {

namespace {

constexpr std::size_t block_size = 256U << 10U;
constexpr std::size_t blocks_ahead = 4;

} // namespace

std::optional<row> plain_rows::next() {
  if (std::exchange(begun_, true))
    walk_.next();
  if (!walk_.valid())
    return std::nullopt;
  return row{walk_.key(), walk_.value()};
}

rows_ahead::rows_ahead(cursor& walk)
  : walk_(walk), thread_([this] { run(); }) {}

rows_ahead::~rows_ahead() {
  {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

std::optional<row> rows_ahead::next() {
  if (row_ == now_.rows.size()) {
    auto more = take();
    if (!more)
      return std::nullopt;
    now_ = std::move(*more);
    row_ = 0;
  }
  const auto begin = row_ == 0 ? 0 : now_.rows[row_ - 1].value_end;
  const auto [key_end, value_end] = now_.rows[row_++];
  const std::string_view data{now_.data};
  return row{data.substr(begin, key_end - begin),
             as_bytes(data.substr(key_end, value_end - key_end))};
}

void rows_ahead::run() {
  bool wanted = true;
  while (wanted && walk_.valid()) {
    block next;
    next.data.reserve(block_size * 5 / 4);
    for (; walk_.valid() && next.data.size() < block_size; walk_.next()) {
      next.data += walk_.key();
      const auto key_end = next.data.size();
      next.data += as_text(walk_.value());
      next.rows.push_back({key_end, next.data.size()});
    }
    wanted = put(std::move(next));
  }
  {
    const std::lock_guard lock{mutex_};
    ended_ = true;
  }
  changed_.notify_all();
}

bool rows_ahead::put(block&& full) {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return stopped_ || ready_.size() < blocks_ahead; });
  if (stopped_)
    return false;
  ready_.push_back(std::move(full));
  lock.unlock();
  changed_.notify_all();
  return true;
}

std::optional<rows_ahead::block> rows_ahead::take() {
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [&] { return ended_ || !ready_.empty(); });
  if (ready_.empty())
    return std::nullopt;
  auto next = std::move(ready_.front());
  ready_.pop_front();
  lock.unlock();
  changed_.notify_all();
  return next;
}

} // namespace fc::events::log
