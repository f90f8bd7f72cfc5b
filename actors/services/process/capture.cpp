#include "actors/services/process/capture.hpp"

#include <algorithm>

namespace fc::actors::services {

void capture::add(std::string_view data) {
  total_ += data.size();
  auto head_room = max_ - max_ / 2 - head_.size();
  auto taken = std::min<std::uint64_t>(head_room, data.size());
  head_.append(data.substr(0, taken));
  data.remove_prefix(taken);
  auto share = max_ / 2;
  if (data.size() >= share)
    tail_.assign(data.substr(data.size() - share));
  else
    tail_.append(data);
  if (tail_.size() > 2 * share)
    tail_.erase(0, tail_.size() - share);
}

std::string capture::text() const {
  if (total_ <= head_.size())
    return head_;
  auto share = std::min<std::uint64_t>(max_ / 2, tail_.size());
  auto kept_tail = std::string_view{tail_}.substr(tail_.size() - share);
  auto missing = total_ - head_.size() - share;
  if (missing == 0)
    return head_ + std::string{kept_tail};
  return head_ + "\n[... " + std::to_string(missing) + " bytes left out ...]\n"
         + std::string{kept_tail};
}

} // namespace fc::actors::services
