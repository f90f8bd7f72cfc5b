#include "projections/postgres/copier.hpp"

#include "projections/postgres/connection.hpp"
#include "projections/postgres/schema.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <tuple>

namespace fc::projections::postgres {

namespace {

/// Lines as COPY takes them, without the last line's end.
struct copy_lines {
  std::string text;
};

} // namespace

} // namespace fc::projections::postgres

namespace pqxx::internal {

// libpqxx escapes each cell of a tuple and joins them one by one, which costs
// more than the server needs for the row. This gives it whole lines.
template <>
inline std::string TypedCopyEscaper::operator()(
  const fc::projections::postgres::copy_lines* x) const {
  return x->text;
}

} // namespace pqxx::internal

namespace fc::projections::postgres {

namespace {

/// Lines for one table, on their way.
struct parcel {
  const table* into = nullptr;
  std::string lines;
};

// What waits is some megabytes at most.
constexpr std::size_t parcel_bytes = std::size_t{1} << 20U;
constexpr std::size_t max_waiting = 8;

/// Rows that are frozen at once are seen by transactions that began before them
/// as well. Without it a reader whose snapshot is older than a swap, and who
/// looks at a table after it, would find the new table empty. libpqxx has no
/// way to say so: the end of its statement becomes a comment.
std::string frozen(const std::string& name) {
  return name + " from stdin with (freeze) --";
}

/// PostgreSQL, COPY, "Text Format".
void append_escaped(std::string& to, std::string_view x) {
  std::size_t from = 0;
  for (auto at = x.find_first_of("\\\n\r\t"); at != std::string_view::npos;
       at = x.find_first_of("\\\n\r\t", from)) {
    to.append(x, from, at - from);
    to += '\\';
    to += x[at] == '\n'   ? 'n'
          : x[at] == '\r' ? 'r'
          : x[at] == '\t' ? 't'
                          : '\\';
    from = at + 1;
  }
  to.append(x, from);
}

void append_copied(std::string& to, const cell& x) {
  if (std::holds_alternative<std::monostate>(x))
    to += "\\N";
  else if (const auto* text = std::get_if<std::string>(&x))
    append_escaped(to, *text);
  else if (const auto* document = std::get_if<json_text>(&x))
    append_escaped(to, document->text);
  else if (const auto* list = std::get_if<text_list>(&x))
    append_escaped(to, array_literal(*list));
  else
    to += to_text(x);
}

void append_line(std::string& to, const row& cells) {
  if (!to.empty())
    to += '\n';
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0)
      to += '\t';
    append_copied(to, cells[i]);
  }
}

} // namespace

struct copier::state {
  /// Of one table: what was taken, and lines that are not handed over yet.
  struct table_buffer {
    holdings taken;
    std::string lines;
  };

  state(pqxx::transaction_base& tx, std::string name)
    : to{tx}, schema{std::move(name)}, thread{[this] {
        run();
      }} {}

  void hand_over(const table& into, table_buffer& x) {
    if (x.lines.empty())
      return;
    {
      std::unique_lock guard{lock};
      changed.wait(guard,
                   [&] { return waiting.size() < max_waiting || failure; });
      if (!failure)
        waiting.push_back({&into, std::move(x.lines)});
    }
    changed.notify_all();
    x.lines.clear();
    x.lines.reserve(parcel_bytes + parcel_bytes / 8);
  }

  void end() {
    {
      const std::lock_guard guard{lock};
      ended = true;
    }
    changed.notify_all();
    if (thread.joinable())
      thread.join();
  }

  void run() {
    for (;;) {
      parcel next;
      {
        std::unique_lock guard{lock};
        changed.wait(guard, [&] { return !waiting.empty() || ended; });
        if (waiting.empty())
          return;
        next = std::move(waiting.front());
        waiting.pop_front();
      }
      changed.notify_all();
      if (auto err = guarded("copy", [&] { return send(std::move(next)); })) {
        set_failure(std::move(err));
        return;
      }
    }
  }

  events::error send(parcel x) {
    pqxx::stream_to stream{to, frozen(qualified(schema, *x.into))};
    stream << std::tuple<copy_lines>{{std::move(x.lines)}};
    stream.complete();
    return {};
  }

  void set_failure(events::error why) {
    {
      const std::lock_guard guard{lock};
      if (!failure)
        failure = std::move(why);
      waiting.clear();
    }
    changed.notify_all();
  }

  pqxx::transaction_base& to;
  std::string schema;
  std::map<const table*, table_buffer> buffers;
  mutable std::mutex lock;
  std::condition_variable changed;
  std::deque<parcel> waiting;
  events::error failure;
  bool ended = false;
  std::thread thread; ///< Last: it begins when all else is there.
};

copier::copier(pqxx::transaction_base& to, std::string schema)
  : state_{std::make_unique<state>(to, std::move(schema))} {}

copier::~copier() {
  state_->set_failure(make_error(events::ec::cancelled, "not finished"));
  state_->end();
}

void copier::upsert(const table& into, row cells) {
  auto& x = state_->buffers[&into];
  ++x.taken.rows;
  x.taken.content ^= hash_of(cells);
  // As text at once: rows made here and freed there would make both threads
  // wait for the same allocator.
  append_line(x.lines, cells);
  if (x.lines.size() >= parcel_bytes)
    state_->hand_over(into, x);
}

bool copier::healthy() const {
  const std::lock_guard guard{state_->lock};
  return !state_->failure;
}

void copier::fail(events::error why) {
  state_->set_failure(std::move(why));
}

events::expected<std::map<const table*, holdings>> copier::finish() {
  std::map<const table*, holdings> sent;
  for (auto& [into, buffer] : state_->buffers) {
    state_->hand_over(*into, buffer);
    sent[into] = buffer.taken;
  }
  state_->end();
  if (state_->failure)
    return state_->failure;
  return sent;
}

} // namespace fc::projections::postgres
