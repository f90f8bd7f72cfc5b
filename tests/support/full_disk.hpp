#pragma once

#include <sys/resource.h>

#include <csignal>

namespace fc::support {

/// Files may not grow beyond a size while it lives, as on a full disk.
class full_disk {
public:
  explicit full_disk(rlim_t bytes) {
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit small{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~full_disk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;

private:
  rlimit old_{};
  void (*old_handler_)(int) = nullptr;
};

} // namespace fc::support
