#include "actors/core/deaths/in_motion.hpp"

#include "actors/services/process/fd.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fstream>

namespace fc::actors {

namespace {

using events::ec;
using events::make_error;
using services::unique_fd;

constexpr std::string_view magic = "fc-in-motion 1";
constexpr std::array crashes{SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

/// Where a step is noted.
struct slot {
  std::atomic<bool> taken;
  std::array<char, 256> stream; ///< Filled up with zeros.
  std::array<char, 32> stage;
};

/// The file as it lies in memory. Lock-free, for a signal handler writes it.
struct board {
  std::array<char, 16> magic;
  std::array<char, 48> boot;
  std::uint64_t kills;            ///< By lack of memory, when it began.
  std::atomic<int> signal;        ///< Of a crash.
  std::atomic<int> guilty;        ///< Place of the crashed thread, plus one.
  std::atomic<bool> from_outside; ///< Somebody sent the signal.
  std::atomic<bool> stopping;
  std::array<slot, 64> slots;
};
static_assert(std::atomic<int>::is_always_lock_free);

board* watched = nullptr;
thread_local int current = -1;

/// A handler needs a stack of its own when the stack is what ran out.
struct signal_stack {
  signal_stack() : memory(64u << 10) {
    stack_t stack{};
    stack.ss_sp = memory.data();
    stack.ss_size = memory.size();
    ::sigaltstack(&stack, nullptr);
  }
  ~signal_stack() {
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
  }
  std::vector<char> memory;
};

void note_crash(int signal, siginfo_t* info, void*) {
  if (watched != nullptr) {
    watched->guilty = current + 1;
    watched->from_outside = info->si_code == SI_USER;
    watched->signal = signal;
  }
  // The handler was for one time: this ends the process as it would have.
  ::raise(signal);
}

template <std::size_t N>
void put(std::array<char, N>& to, std::string_view text) {
  to.fill('\0');
  std::copy_n(text.data(), std::min(text.size(), N - 1), to.data());
}

template <std::size_t N>
std::string text_of(const std::array<char, N>& from) {
  return {from.data(), ::strnlen(from.data(), N)};
}

std::string boot_id() {
  std::ifstream in{"/proc/sys/kernel/random/boot_id"};
  std::string id;
  in >> id;
  return id;
}

/// How many processes the kernel ended for want of memory since it started.
std::uint64_t memory_kills() {
  std::ifstream in{"/proc/vmstat"};
  std::string name;
  for (std::uint64_t value = 0; in >> name >> value;)
    if (name == "oom_kill")
      return value;
  return 0;
}

std::optional<process_death> death_of(const board& old) {
  if (std::string_view{text_of(old.magic)} != magic || old.stopping)
    return std::nullopt;
  process_death death;
  const int signal = old.signal;
  const int guilty = old.guilty - 1;
  if (signal != 0)
    death.cause = "signal " + std::to_string(signal);
  else if (text_of(old.boot) == boot_id() && memory_kills() > old.kills)
    death.cause = "memory of the machine had run out";
  else
    return std::nullopt;
  // A fault of a thread that worked on nobody's behalf is nobody's.
  if (signal != 0 && guilty < 0 && !old.from_outside)
    return std::nullopt;
  for (int i = 0; i < static_cast<int>(old.slots.size()); ++i) {
    const auto& each = old.slots[static_cast<std::size_t>(i)];
    if (each.taken && (guilty < 0 || guilty == i))
      death.steps.push_back(
        {text_of(each.stream), text_of(each.stage), guilty == i});
  }
  if (death.steps.empty())
    return std::nullopt;
  if (death.steps.size() == 1)
    death.steps.front().blamed = true;
  return death;
}

class shared_file final : public in_motion {
public:
  shared_file(std::filesystem::path path, board* mapped,
              std::optional<process_death> found)
    : path_(std::move(path)), board_(mapped), found_(std::move(found)) {}

  ~shared_file() override {
    if (watched == board_)
      stop_watching();
    ::munmap(board_, sizeof(board));
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  const std::optional<process_death>& found() const noexcept override {
    return found_;
  }

  void watch_crashes() override {
    watched = board_;
    struct sigaction action {};
    action.sa_sigaction = note_crash;
    action.sa_flags
      = SA_SIGINFO | SA_ONSTACK | static_cast<int>(SA_RESETHAND) | SA_NODEFER;
    for (const auto each : crashes)
      ::sigaction(each, &action, nullptr);
  }

  void asked_to_stop() noexcept override {
    board_->stopping = true;
  }

private:
  static void stop_watching() {
    for (const auto each : crashes)
      std::signal(each, SIG_DFL);
    watched = nullptr;
  }

  int begin_step(std::string_view stream,
                 std::string_view stage) noexcept override {
    thread_local const signal_stack stack;
    for (std::size_t i = 0; i < board_->slots.size(); ++i) {
      auto& each = board_->slots[i];
      if (each.taken.exchange(true))
        continue;
      put(each.stream, stream);
      put(each.stage, stage);
      return static_cast<int>(i);
    }
    return -1;
  }

  void end_step(int at) noexcept override {
    board_->slots[static_cast<std::size_t>(at)].taken = false;
  }

  std::filesystem::path path_;
  board* board_;
  std::optional<process_death> found_;
};

} // namespace

events::expected<in_motion_ptr>
in_motion::open(const std::filesystem::path& file) {
  const auto cannot = [&] {
    return make_error(ec::storage_failure,
                      file.string() + ": " + std::strerror(errno));
  };
  unique_fd fd{::open(file.c_str(),
                      O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                      0600)};
  struct stat info {};
  if (!fd || ::fstat(fd.value(), &info) != 0)
    return cannot();
  if (!S_ISREG(info.st_mode) || ::ftruncate(fd.value(), sizeof(board)) != 0)
    return cannot();
  // Written through, so that a full disk is met here and not by a signal.
  if (const auto code = ::posix_fallocate(fd.value(), 0, sizeof(board));
      code != 0) {
    errno = code;
    return cannot();
  }
  auto* memory = ::mmap(nullptr, sizeof(board), PROT_READ | PROT_WRITE,
                        MAP_SHARED, fd.value(), 0);
  if (memory == MAP_FAILED)
    return cannot();
  auto* mapped = static_cast<board*>(memory);
  auto found = death_of(*mapped);
  std::memset(memory, 0, sizeof(board));
  put(mapped->boot, boot_id());
  mapped->kills = memory_kills();
  put(mapped->magic, magic);
  return std::make_shared<shared_file>(file, mapped, std::move(found));
}

motion_scope::motion_scope(const in_motion_ptr& motion, std::string_view stream,
                           std::string_view stage) noexcept
  : motion_(motion.get()), before_(current) {
  if (motion_ == nullptr)
    return;
  slot_ = motion_->begin_step(stream, stage);
  current = slot_;
}

motion_scope::~motion_scope() {
  if (motion_ == nullptr)
    return;
  current = before_;
  if (slot_ >= 0)
    motion_->end_step(slot_);
}

} // namespace fc::actors
