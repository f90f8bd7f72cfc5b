#include "actors/services/limits/clock.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace fc::actors::services {

namespace {

using namespace std::chrono_literals;

class real_clock : public wait_clock {
public:
  events::timestamp now() override {
    return std::chrono::time_point_cast<events::timestamp::duration>(
      std::chrono::system_clock::now());
  }

  bool sleep_until(events::timestamp at, const stop_flag& stop) override {
    constexpr events::timestamp::duration slice = 200ms;
    for (auto left = at - now(); left > 0ns; left = at - now()) {
      if (stop && stop->load())
        return false;
      std::this_thread::sleep_for(std::min(left, slice));
    }
    return !(stop && stop->load());
  }
};

} // namespace

std::shared_ptr<wait_clock> system_clock() {
  return std::make_shared<real_clock>();
}

} // namespace fc::actors::services
