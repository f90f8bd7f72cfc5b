#include "actors/core/log_writer.hpp"
#include "actors/pipeline.hpp"
#include "tests/campaign/orders.hpp"

#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"
#include "caf/event_based_actor.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <unistd.h>

using namespace fc;
using namespace fc::campaign;

namespace {

constexpr int clients = 6;
constexpr int shared_streams = 2;

/// One whole line by one call, so that a kill leaves none in part.
void say(const std::string& line) {
  const auto text = line + "\n";
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0)
    ::_exit(3);
}

/// Something that must not be; the test fails with it.
[[noreturn]] void complain(const std::string& what) {
  say("bad " + what);
  ::_exit(1);
}

/// Says what was acknowledged, before anything else is done.
void report(const events::log::append_request& asked,
            const events::log::append_result& got) {
  const auto size = static_cast<events::sequence>(asked.events.size());
  std::string lines;
  for (events::sequence i = 0; i < size; ++i)
    lines += (i == 0 ? "ok " : "\nok ") + asked.stream + " "
             + std::to_string(asked.expected + i + 1) + " "
             + std::to_string(got.first + i) + " " + asked.events[i].id.hex();
  say(lines);
}

/// Appends to its own stream, to streams of all, and what must be refused.
class client : public caf::event_based_actor {
public:
  client(caf::actor_config& config, int number, actors::log_port appends,
         std::shared_ptr<const events::log::event_log> log)
    : event_based_actor(config), appends_(std::move(appends)),
      log_(std::move(log)), stream_("run/own-" + std::to_string(number)),
      own_(stream_), dice_(std::random_device{}()) {}

private:
  using requests = std::vector<events::log::append_request>;
  using results = std::vector<events::log::append_result>;

  caf::behavior make_behavior() override {
    const auto length = log_->stream_version(stream_);
    if (!length || !own_.go_to(*length))
      complain(stream_ + " holds a part of an append");
    length_ = *length;
    if (own_.previous())
      repeat();
    else
      append();
    return {
      [this](actors::append_atom, const actors::append_permit_ptr& order) {
        write(order);
      },
      [](const caf::error& err) { complain(events::describe(err)); },
    };
  }

  void next() {
    switch (dice_() % 8) {
    case 0:
      return repeat();
    case 1:
      return provoke();
    case 2:
      return append_with_all();
    default:
      return append();
    }
  }

  template <class F>
  void ask(std::vector<order> orders, F then) {
    actors::append_order all;
    for (auto& each : orders) {
      all.requests.push_back(std::move(each.request));
      for (auto& data : each.blobs)
        all.blobs.push_back(std::move(data));
    }
    then_ = then;
    const auto at_once = appends_.acquire(std::move(all), caf::actor{this});
    if (at_once)
      write(at_once);
  }

  void write(const actors::append_permit_ptr& order) {
    request(appends_.writer, caf::infinite, actors::append_atom::value, order)
      .then(
        [this, order](const actors::append_reply& x) {
          const auto& asked = order->order().requests;
          if (x.results.size() != asked.size())
            complain(stream_ + ": lacks an answer");
          then_(asked, x.results);
          next();
        },
        [](const caf::error& err) { complain(events::describe(err)); });
  }

  void take_own(const events::log::append_request& asked,
                const events::log::append_result& got) {
    if (got.failure)
      complain(stream_ + ": " + events::describe(got.failure));
    report(asked, got);
    own_.advance();
    length_ = got.now;
  }

  void append() {
    ask({own_.next()}, [this](const auto& asked, const results& got) {
      take_own(asked[0], got[0]);
    });
  }

  /// Twice in one order, and again what was answered or not known before.
  void repeat() {
    const auto before = own_.previous();
    if (!before)
      return append();
    ask({*before, *before}, [this](const auto& asked, const results& got) {
      if (got[0].failure || got[1].failure || got[0].first != got[1].first
          || got[0].now != length_)
        complain(stream_ + ": a repeat is not answered as before");
      report(asked[0], got[0]);
    });
  }

  /// Neither the past nor the future of the stream may be written.
  void provoke() {
    auto late = shared_order(stream_, length_ + 1000, never);
    auto early = shared_order(stream_, length_ / 2, never);
    if (length_ == 0)
      early = late;
    ask({late, early}, [this](const auto&, const results& got) {
      for (const auto& each : got)
        if (events::code_of(each.failure) != events::ec::conflict
            || each.now != length_)
          complain(stream_ + ": a conflict is not answered as one");
    });
  }

  /// An order with its own stream and one that all append to.
  void append_with_all() {
    const auto which = dice_() % shared_streams;
    ask({own_.next(), shared_order("run/all-" + std::to_string(which),
                                   shared_[which], stream_)},
        [this, which](const auto& asked, const results& got) {
          take_own(asked[0], got[0]);
          shared_[which] = got[1].now;
          if (!got[1].failure)
            report(asked[1], got[1]);
          else if (events::code_of(got[1].failure) != events::ec::conflict)
            complain(events::describe(got[1].failure));
        });
  }

  actors::log_port appends_;
  std::function<void(const requests& asked, const results& got)> then_;
  std::shared_ptr<const events::log::event_log> log_;
  events::stream_name stream_;
  own_orders own_;
  events::sequence length_ = 0; ///< Of its own stream.
  std::array<events::sequence, shared_streams> shared_{};
  std::mt19937_64 dice_;
};

/// Reads the newest records beside the writer, again and again.
[[noreturn]] void read_along(const events::log::event_log& log) {
  for (;; std::this_thread::sleep_for(std::chrono::milliseconds{2})) {
    const auto last = log.last();
    auto seen = last > 500 ? last - 500 : 0;
    const auto err = log.scan(seen + 1, [&](const events::record& at) {
      if (at.at != ++seen)
        complain("a reader sees " + std::to_string(at.at));
      return true;
    });
    if (err)
      complain(events::describe(err));
  }
}

} // namespace

/// Many clients of the log writer. Prints "open" and then each event that was
/// acknowledged: `ok stream sequence position id`. Ends only by a signal, or
/// with a line that begins with "bad".
int main(int argc, char** argv) {
  if (argc != 2)
    return 2;
  say("starting");
  auto opened = events::log::open_rocksdb_log({argv[1]});
  if (!opened)
    complain(events::describe(opened.error()));
  const std::shared_ptr<events::log::event_log> log = std::move(*opened);
  say("open");
  caf::actor_system_config config;
  actors::configure(config);
  caf::actor_system system{config};
  const auto committer
    = system.spawn<caf::detached>(actors::log_committer, log);
  const actors::log_port appends{
    system.spawn<caf::detached>(actors::log_writer, log,
                                events::log::origin{"run", "node"}, committer),
    // Too small for all at once: some always wait for room.
    std::make_shared<actors::append_limiter>(
      actors::append_load{4, 4U << 20U})};
  for (int i = 0; i < clients; ++i)
    system.spawn<client>(i, appends, log);
  read_along(*log);
}
