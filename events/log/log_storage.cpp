#include "events/log/log_storage.hpp"

#include "events/log/entry.hpp"
#include "events/log/fault.hpp"
#include "events/log/key.hpp"
#include "events/log/read_ahead.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace fc::events::log {

namespace {

constexpr auto last_sequence = std::numeric_limits<sequence>::max();

error broken_index(std::string_view stream, std::string_view what) {
  return make_error(ec::corrupt, "stream index of " + std::string{stream} + ": "
                                   + std::string{what} + way_out);
}

/// Records from which on a thread that reads ahead is worth its start.
constexpr position long_scan = 2000;

/// The rows as records, checked; `last` is a position that must be among them.
template <class Rows>
error visit_rows(Rows& rows, chain_reader& reader, position last,
                 const record_visitor& visit) {
  while (const auto each = rows.next()) {
    const auto at = parse_position(each->key);
    if (!at)
      return corrupt_record(reader.next(), "its key is not a position");
    auto x = reader.read(*at, each->value);
    if (!x)
      return x.error();
    if (!visit(*x))
      return {};
  }
  if (const auto failure = rows.failure())
    return corrupt_record(reader.next(), *failure);
  if (reader.next() <= last)
    return corrupt_record(reader.next(), "the record is missing");
  return {};
}

error damaged_blob(const digest& id, const std::string& why) {
  return make_error(ec::corrupt, "blob " + id.hex() + ": " + why + way_out);
}

/// Why a walk over the index ended; none at its end.
error index_failure(const cursor& walk, std::string_view stream) {
  const auto failure = walk.failure();
  return failure ? broken_index(stream, *failure) : error{};
}

} // namespace

error write_chunks(database& to, const digest& id, byte_view data) {
  for (std::uint32_t i = 0; !data.empty(); ++i) {
    const auto chunk = data.first(std::min(data.size(), blob_chunk));
    const auto key = blob_chunk_key(id, i);
    const std::array rows{put_row{family::blobs, key, chunk}};
    if (auto err = to.write(rows))
      return err;
    data = data.subspan(chunk.size());
  }
  return {};
}

log_storage::log_storage(database db) : db_(std::move(db)) {}

expected<position> log_storage::find_last() const {
  auto walk = db_.walk(family::log, reading::lookup);
  walk.seek_last();
  if (const auto failure = walk.failure())
    return make_error(ec::corrupt,
                      "the last record cannot be read: " + *failure + way_out);
  if (!walk.valid())
    return position{0};
  const auto at = parse_position(walk.key());
  if (!at)
    return make_error(ec::corrupt,
                      std::string{"the last key is not a position"} + way_out);
  return *at;
}

error log_storage::scan(position from, position last,
                        const record_visitor& visit) const {
  const auto first = std::max<position>(from, 1);
  auto walk = db_.walk(family::log, reading::bulk);
  digest previous;
  if (first == 1) {
    walk.seek_first();
  } else {
    const auto before = position_key(first - 1);
    walk.seek(before);
    if (walk.valid() && walk.key() == before) {
      auto x = read_entry(first - 1, walk.value());
      if (!x)
        return x.error();
      previous = x->chain;
      walk.next();
    } else if (walk.valid() || (!walk.failure() && first - 1 <= last)) {
      return corrupt_record(first - 1, "the record is missing");
    }
  }
  chain_reader reader{first, previous};
  if (last < first || last - first < long_scan) {
    plain_rows rows{walk};
    return visit_rows(rows, reader, last, visit);
  }
  rows_ahead rows{walk};
  return visit_rows(rows, reader, last, visit);
}

expected<record> log_storage::record_at(position at) const {
  auto entry = db_.get(family::log, position_key(at));
  if (!entry)
    return corrupt_record(at, text_of(entry.error()));
  if (!*entry)
    return corrupt_record(at, "the record is missing");
  return read_entry(at, **entry);
}

expected<std::vector<record>>
log_storage::read_stream_to(std::string_view stream, sequence last) const {
  std::vector<record> records;
  if (!is_stream_name(stream))
    return records;
  auto walk = db_.walk(family::streams, reading::lookup);
  for (walk.seek(stream_key(stream, 0)); walk.valid(); walk.next()) {
    const auto entry = parse_stream_key(walk.key());
    if (!entry || entry->stream != stream || entry->seq > last)
      break;
    const auto at = parse_position(as_text(walk.value()));
    if (!at || entry->seq != records.size() + 1)
      return broken_index(stream, "damaged after sequence "
                                    + std::to_string(records.size()));
    auto x = record_at(*at);
    if (!x)
      return x.error();
    if (x->stream != stream || x->seq != entry->seq)
      return corrupt_record(*at, "the stream index names it as "
                                   + std::string{stream} + " "
                                   + std::to_string(entry->seq));
    records.push_back(std::move(*x));
  }
  if (auto err = index_failure(walk, stream))
    return err;
  return records;
}

expected<sequence> log_storage::stream_version(std::string_view stream) const {
  if (!is_stream_name(stream))
    return sequence{0};
  auto walk = db_.walk(family::streams, reading::lookup);
  walk.seek_back(stream_key(stream, last_sequence));
  if (auto err = index_failure(walk, stream))
    return err;
  if (!walk.valid())
    return sequence{0};
  const auto entry = parse_stream_key(walk.key());
  return entry && entry->stream == stream ? entry->seq : sequence{0};
}

expected<std::vector<stream_name>>
log_storage::streams(std::string_view prefix, std::string_view after,
                     std::size_t limit) const {
  std::vector<stream_name> names;
  auto walk = db_.walk(family::streams, reading::lookup);
  // One seek for each stream: its other keys are passed over.
  auto target = after < prefix ? std::string{prefix} : after_stream(after);
  while (names.size() < limit) {
    walk.seek(target);
    if (!walk.valid() || !walk.key().starts_with(prefix))
      break;
    const auto entry = parse_stream_key(walk.key());
    if (!entry)
      return broken_index(prefix, "a key is damaged");
    // Keys go on behind the name, so the prefix may end in the sequence.
    if (!entry->stream.starts_with(prefix))
      break;
    names.emplace_back(entry->stream);
    target = after_stream(names.back());
  }
  if (auto err = index_failure(walk, prefix))
    return err;
  return names;
}

error log_storage::visit_streams(std::string_view prefix, position until,
                                 const stream_visitor& visit) const {
  stream_name name;
  sequence last = 0;
  const auto end_stream = [&] {
    if (last > 0)
      visit(name, last);
  };
  auto walk = db_.walk(family::streams, reading::bulk);
  for (walk.seek(prefix); walk.valid(); walk.next()) {
    const auto entry = parse_stream_key(walk.key());
    const auto at = parse_position(as_text(walk.value()));
    if (!entry || !at)
      return broken_index(prefix, "an entry is damaged");
    if (entry->stream != name) {
      end_stream();
      last = 0;
      if (!entry->stream.starts_with(prefix))
        break;
      name = entry->stream;
    }
    if (*at <= until)
      last = entry->seq;
  }
  if (auto err = index_failure(walk, prefix))
    return err;
  if (!walk.valid())
    end_stream();
  return {};
}

expected<bytes> log_storage::blob_of(const digest& id) const {
  bytes all;
  if (auto err = read_blob(id, [&](byte_view piece) {
        all.insert(all.end(), piece.begin(), piece.end());
        return true;
      }))
    return err;
  return all;
}

error log_storage::read_blob(const digest& id, const blob_sink& sink) const {
  auto value = db_.get(family::blobs, blob_key(id));
  if (!value)
    return damaged_blob(id, text_of(value.error()));
  if (!*value)
    return make_error(ec::not_found, "the log holds no blob " + id.hex());
  if (sha256(**value) == id) {
    sink(**value);
    return {};
  }
  const auto size = parse_blob_head(as_text(**value));
  if (!size)
    return damaged_blob(id, "its bytes have another digest");
  sha256_stream hash;
  std::uint64_t done = 0;
  for (std::uint32_t i = 0; done < *size; ++i) {
    auto chunk = db_.get(family::blobs, blob_chunk_key(id, i));
    if (!chunk)
      return damaged_blob(id, text_of(chunk.error()));
    if (!*chunk || (*chunk)->empty())
      return damaged_blob(id, "chunk " + std::to_string(i) + " is missing");
    hash.add(**chunk);
    done += (*chunk)->size();
    if (!sink(**chunk))
      return {};
  }
  return done == *size && hash.end() == id
           ? error{}
           : damaged_blob(id, "its chunks have another digest");
}

expected<bool> log_storage::has_blob(const digest& id) const {
  auto data = db_.get(family::blobs, blob_key(id));
  if (!data)
    return data.error();
  return data->has_value();
}

expected<stored_id>
log_storage::id_at(std::string_view stream, sequence seq) const {
  auto value = db_.get(family::streams, stream_key(stream, seq));
  if (!value)
    return value.error();
  const auto at = *value ? parse_position(as_text(**value)) : std::nullopt;
  if (!at)
    return broken_index(stream, "no sequence " + std::to_string(seq));
  auto x = record_at(*at);
  if (!x)
    return x.error();
  return stored_id{x->id, *at};
}

expected<log_end> log_storage::verified_end(position tail) const {
  auto last = find_last();
  if (!last)
    return last.error();
  log_end end{*last, {}};
  const auto first = *last > tail ? *last - tail + 1 : 1;
  if (auto err = scan(first, *last, [&](const record& x) {
        end.chain = x.chain;
        return true;
      }))
    return err;
  return end;
}

expected<stream_versions> log_storage::all_versions(position last) const {
  stream_versions versions;
  position rows = 0;
  auto walk = db_.walk(family::streams, reading::bulk);
  for (walk.seek_first(); walk.valid(); walk.next(), ++rows) {
    const auto entry = parse_stream_key(walk.key());
    if (!entry)
      return broken_index("all streams", "a key is damaged");
    auto& version = versions[stream_name{entry->stream}];
    if (entry->seq != version + 1)
      return broken_index(entry->stream, "sequence "
                                           + std::to_string(version + 1)
                                           + " is missing");
    version = entry->seq;
  }
  if (auto err = index_failure(walk, "all streams"))
    return err;
  if (rows != last)
    return broken_index("all streams", std::to_string(rows) + " entries for "
                                         + std::to_string(last) + " records");
  return versions;
}

} // namespace fc::events::log
