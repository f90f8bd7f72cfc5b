#include "actors/services/process/process_tree.hpp"

#include "actors/services/process/fd.hpp"

#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string>
#include <time.h>

namespace fc::actors::services {

namespace {

/// The start of a small file under /proc; empty when the process is gone.
std::string read_small(const std::string& path) {
  unique_fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd)
    return {};
  std::array<char, 1024> buffer;
  auto count = ::read(fd.value(), buffer.data(), buffer.size());
  return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count))
                   : std::string{};
}

std::string proc_path(pid_t pid, const char* file) {
  return "/proc/" + std::to_string(pid) + "/" + file;
}

} // namespace

bool process_tree::read(pid_t pid, entry& into) {
  auto text = read_small(proc_path(pid, "stat"));
  // The name in parentheses may hold anything, also parentheses.
  auto close = text.rfind(')');
  if (close == std::string::npos)
    return false;
  unsigned long long started = 0;
  // state ppid pgrp session, then 15 fields, then the start time.
  auto fields = std::sscanf(
    text.c_str() + close + 1,
    " %c %d %*d %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
    "%llu",
    &into.state, &into.parent, &into.session, &started);
  into.started = started;
  return fields == 4;
}

void process_tree::refresh() {
  std::map<pid_t, entry> all;
  auto* folder = ::opendir("/proc");
  if (folder == nullptr)
    return;
  while (const auto* item = ::readdir(folder)) {
    if (std::isdigit(static_cast<unsigned char>(item->d_name[0])) == 0)
      continue;
    entry e;
    auto pid = static_cast<pid_t>(std::atoi(item->d_name));
    if (read(pid, e))
      all.emplace(pid, e);
  }
  ::closedir(folder);
  std::map<pid_t, std::uint64_t> found;
  for (const auto& [pid, e] : all) {
    auto known = members_.find(pid);
    if (pid == root_ || e.session == root_
        || (known != members_.end() && known->second == e.started))
      found.emplace(pid, e.started);
  }
  for (auto grown = true; grown;) {
    grown = false;
    for (const auto& [pid, e] : all)
      if (found.contains(e.parent) && found.emplace(pid, e.started).second)
        grown = true;
  }
  std::erase_if(found, [&](const auto& member) {
    auto state = all.at(member.first).state;
    return state == 'Z' || state == 'X';
  });
  members_ = std::move(found);
}

std::uint64_t process_tree::memory_kb() const {
  static const auto page_kb
    = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 1024;
  std::uint64_t result = 0;
  for (const auto& [pid, started] : members_) {
    unsigned long long resident = 0;
    auto text = read_small(proc_path(pid, "statm"));
    if (std::sscanf(text.c_str(), "%*u %llu", &resident) == 1)
      result += resident * page_kb;
  }
  return result;
}

void process_tree::send(int signal) const {
  for (const auto& [pid, started] : members_) {
    entry e;
    if (read(pid, e) && e.started == started)
      ::kill(pid, signal);
  }
}

void process_tree::kill_all() {
  // Bounded: a process in uninterruptible sleep ends only when it wakes.
  for (int round = 0; round < 1000; ++round) {
    refresh();
    if (members_.empty())
      return;
    send(SIGKILL);
    timespec pause{0, round < 10 ? 1'000'000 : 10'000'000};
    ::nanosleep(&pause, nullptr);
  }
}

} // namespace fc::actors::services
