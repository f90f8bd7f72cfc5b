#include "events/log/maintenance/maintenance.hpp"

#include "tools/replay/commands.hpp"
#include "tools/replay/text.hpp"

#include <iostream>

namespace fc::replay {

namespace log = events::log;

namespace {

void print_lost(const std::vector<std::string>& blobs) {
  for (const auto& each : blobs)
    std::cout << "missing   " << each << "; only a backup may have it\n";
}

void print_contents(const log::backup_report& x) {
  std::cout << "position  " << x.last << "\nstreams   " << x.streams
            << "\nblobs     " << x.blobs << '\n';
  print_lost(x.lost_blobs);
}

} // namespace

command_result repair(const options& x) {
  const auto done = log::repair(x.log);
  if (!done)
    return done.error();
  if (done->damage.empty()) {
    std::cout << x.log << ": nothing to repair, " << done->kept
              << " records are sound\n";
    print_lost(done->lost_blobs);
    return done->lost_blobs.empty();
  }
  for (const auto& each : done->damage)
    std::cout << "damaged   " << each << '\n';
  std::cout << "kept      " << counted(done->kept, "record");
  if (done->kept > 0)
    std::cout << ", positions 1 to " << done->kept;
  std::cout << '\n';
  if (done->acknowledged > done->kept)
    std::cout << "LOST      positions " << done->kept + 1 << " to "
              << done->acknowledged
              << " had been acknowledged; what is left of them is in the "
                 "damaged log, a backup may have them\n";
  print_lost(done->lost_blobs);
  if (!done->moved_to.empty())
    std::cout << "moved     the damaged log is now " << done->moved_to << '\n';
  std::cout << "repaired  " << x.log << '\n';
  return true;
}

command_result back_up(const options& x) {
  const auto done = log::back_up(x.log, x.backup);
  if (!done)
    return done.error();
  std::cout << "backup    " << done->number << " in " << x.backup << '\n';
  print_contents(*done);
  std::cout << "copied    " << human_bytes(done->added) << " ("
            << human_count(done->added) << " bytes)\n";
  return done->lost_blobs.empty();
}

command_result restore(const options& x) {
  const auto done = log::restore(x.restore, x.number, x.log);
  if (!done)
    return done.error();
  std::cout << "restored  " << x.log << " from backup " << done->number
            << " in " << x.restore << '\n';
  print_contents(*done);
  return done->lost_blobs.empty();
}

command_result collect_garbage(const options& x) {
  const auto done
    = x.remove ? log::remove_garbage(x.log) : log::list_garbage(x.log);
  if (!done)
    return done.error();
  for (const auto& each : done->blobs)
    std::cout << each.id.hex() << "  " << each.size << '\n';
  std::cout << (x.remove ? "removed   " : "garbage   ")
            << counted(done->blobs.size(), "blob") << ", "
            << human_bytes(done->bytes) << " before compression\n";
  if (!x.remove && !done->blobs.empty())
    std::cout << "remove them by --delete while no fc-data runs\n";
  return true;
}

} // namespace fc::replay
