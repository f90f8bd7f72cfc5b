#include "events/record.hpp"

#include "events/codec/values.hpp"
#include "schemas/record_generated.h"

namespace fc::events {

bytes encode_envelope(const record& x) {
  bytes result;
  append_envelope(result, x, x.payload);
  return result;
}

void append_envelope(bytes& to, const record& x, byte_view payload) {
  // Kept: a new one for every record costs as much as filling it.
  thread_local builder b;
  b.Clear();
  b.Finish(fbs::CreateRecordV1(
    b, x.at, put(b, x.stream), x.seq, x.tag, x.version,
    b.CreateVector(x.id.value.data(), x.id.value.size()), ticks(x.recorded_at),
    put(b, x.run), put(b, x.node), put(b, x.policy), x.causation,
    b.CreateVector(payload.data(), payload.size())));
  to.insert(to.end(), b.GetBufferPointer(), b.GetBufferPointer() + b.GetSize());
}

expected<record> decode_envelope(byte_view raw) {
  auto t = verified<fbs::RecordV1>(raw, 1, 1, "Record");
  if (!t)
    return t.error();
  record x;
  x.at = (*t)->position();
  get((*t)->stream(), x.stream);
  x.seq = (*t)->sequence();
  x.tag = (*t)->tag();
  x.version = (*t)->version();
  if ((*t)->event_id()->size() != x.id.value.size())
    return make_error(ec::corrupt, "Record: an event id has 16 bytes");
  std::copy((*t)->event_id()->begin(), (*t)->event_id()->end(),
            x.id.value.begin());
  get((*t)->recorded_at_ns(), x.recorded_at);
  get((*t)->run(), x.run);
  get((*t)->node(), x.node);
  get((*t)->policy(), x.policy);
  x.causation = (*t)->causation();
  x.payload.assign((*t)->payload()->begin(), (*t)->payload()->end());
  return x;
}

digest chain_digest(const digest& previous, byte_view envelope) {
  return sha256({previous.value, envelope});
}

} // namespace fc::events
