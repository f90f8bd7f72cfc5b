#include "events/catalog.hpp"
#include "tests/campaign/orders.hpp"
#include "tests/events/log/child.hpp"
#include "tests/support/files.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <sstream>

namespace fc::campaign {

namespace {

using namespace std::chrono_literals;
using events::log::child;
using std::chrono::steady_clock;
using testing::IsEmpty;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t usual_kills = 60;
#else
constexpr std::uint64_t usual_kills = 500;
#endif

/// Where an acknowledged event is.
struct event_position {
  events::stream_name stream;
  events::sequence seq = 0;
  events::position at = 0;

  bool operator==(const event_position&) const = default;
};

struct counts {
  int kills = 0;
  int before_open = 0; ///< Killed before the log was open.
  int without_log = 0; ///< No log to read was there after the kill.
  int along = 0;       ///< Read by another process just before the kill.
  std::size_t acknowledged = 0;
  std::size_t unknown = 0; ///< There, though nobody was told so.
};

/// One log under a crowd that is killed again and again.
class killed_log {
public:
  killed_log(std::string path, std::mt19937_64& dice, counts& all)
    : path_(std::move(path)), dice_(dice), all_(all) {}

  void kill_once(bool early) {
    child crowd{"crowd", {path_}};
    const auto before = known_.size();
    open_ = false;
    // Into the start of the process, the opening, or the appends.
    if (!early)
      run_some_events(crowd);
    else if (dice_() % 4 != 0)
      take(crowd.read_line());
    run_for(crowd, dice_() % (early ? 20'000 : 3000));
    crowd.stop();
    for (auto line = crowd.read_line(); !line.empty(); line = crowd.read_line())
      take(line);
    ++all_.kills;
    all_.before_open += open_ ? 0 : 1;
    all_.acknowledged += known_.size() - before;
    expect_sound();
  }

private:
  void run_for(child& crowd, std::uint64_t microseconds) {
    const auto until
      = steady_clock::now() + std::chrono::microseconds{microseconds};
    while (const auto line = crowd.read_line(until)) {
      if (line->empty())
        break;
      take(*line);
    }
  }

  void run_some_events(child& crowd) {
    for (auto left = dice_() % 400; left > 0; --left) {
      const auto line = crowd.read_line();
      if (line.empty())
        break;
      take(line);
    }
    if (dice_() % 8 == 0)
      read_along();
  }

  /// What the crowd says.
  void take(const std::string& line) {
    open_ = open_ || line == "open";
    if (line == "starting" || line == "open")
      return;
    std::istringstream words{line};
    std::string word;
    std::string id;
    event_position x;
    words >> word >> x.stream >> x.seq >> x.at >> id;
    ASSERT_TRUE(word == "ok" && words) << line;
    const auto [old, is_new] = known_.emplace(id, x);
    EXPECT_TRUE(is_new || old->second == x)
      << line << " but was at " << old->second.at;
  }

  /// A reader beside the living writer sees all that was acknowledged.
  void read_along() {
    if (known_.empty())
      return;
    auto reader = events::log::open_rocksdb_reader(path_);
    ASSERT_TRUE(reader) << events::describe(reader.error());
    ++all_.along;
    expect_known(**reader);
  }

  void expect_sound() {
    auto reader = events::log::open_rocksdb_reader(path_);
    if (!reader) {
      EXPECT_EQ(events::code_of(reader.error()), events::ec::not_found)
        << events::describe(reader.error());
      EXPECT_TRUE(known_.empty()) << events::describe(reader.error());
      ++all_.without_log;
      return;
    }
    const auto report = events::log::verify(**reader);
    EXPECT_THAT(report.problems, IsEmpty());
    expect_known(**reader);
  }

  void expect_known(const events::log::log_reader& log) {
    std::map<std::string, event_position> found;
    const auto err = log.scan(1, [&](const events::record& at) {
      EXPECT_TRUE(
        found.emplace(at.id.hex(), event_position{at.stream, at.seq, at.at})
          .second)
        << "twice: " << at.id.hex() << " at " << at.at;
      const auto x = events::event_in<events::symbolic_passed>(at);
      EXPECT_TRUE(!x || x->note != never) << "a refused append is at " << at.at;
      return true;
    });
    EXPECT_FALSE(err) << events::describe(err);
    for (const auto& [id, where] : known_) {
      const auto it = found.find(id);
      EXPECT_TRUE(it != found.end() && it->second == where)
        << "lost: " << id << " of " << where.stream << " at " << where.at;
    }
    for (const auto& [id, where] : found)
      if (!known_.contains(id) && unknown_.insert(id).second)
        ++all_.unknown;
  }

  std::string path_;
  std::mt19937_64& dice_;
  counts& all_;
  std::map<std::string, event_position> known_; ///< By event id.
  std::set<std::string> unknown_; ///< There, and nobody was told so.
  bool open_ = false;             ///< The log, in the process now running.
};

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

} // namespace

/// FC_SEED repeats the plan (not the moments, which the machine has a part
/// in), FC_KILLS says how many.
TEST(a_killed_writer, LosesNothingAndRepeatsNothing) {
  const auto seed = setting("FC_SEED", std::random_device{}());
  const auto kills = static_cast<int>(setting("FC_KILLS", usual_kills));
  SCOPED_TRACE("FC_SEED=" + std::to_string(seed) + " repeats the plan");
  std::mt19937_64 dice{seed};
  counts all;
  while (all.kills < kills && !HasFailure()) {
    const support::temp_dir folder;
    killed_log log{folder / "log", dice, all};
    // Now and then a log is killed in its creation only.
    const int rounds = dice() % 3 == 0 ? 25 : 4;
    for (int i = 0; i < rounds && all.kills < kills && !HasFailure(); ++i)
      log.kill_once(dice() % (i < 2 ? 2 : 6) == 0);
  }
  std::printf("%d kills: %d before the log was open, %d without a log; %zu "
              "events acknowledged, all there; %zu more found; %d times read "
              "beside the writer\n",
              all.kills, all.before_open, all.without_log, all.acknowledged,
              all.unknown, all.along);
}

} // namespace fc::campaign
