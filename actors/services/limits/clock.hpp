#pragma once

#include "actors/services/process/process.hpp"
#include "events/ids.hpp"

#include <memory>

namespace fc::actors::services {

/// Time as waiting for outside limits sees it; a port, so that tests need not
/// wait. Thread-safe.
class wait_clock {
public:
  virtual ~wait_clock() = default;
  virtual events::timestamp now() = 0;
  /// Blocks until then, for private threads only.
  /// @returns false when `stop` was set meanwhile.
  virtual bool sleep_until(events::timestamp at, const stop_flag& stop) = 0;
  /// Tells a modelled clock how long something took; real time passes by
  /// itself.
  virtual void took(double /*seconds*/) {}
};

/// The machine's own.
std::shared_ptr<wait_clock> system_clock();

} // namespace fc::actors::services
