#include "actors/core/recorded_evidence.hpp"

#include "events/log/blob_refs.hpp"

#include <algorithm>

namespace fc::actors {

namespace {

using events::stage;

/// Whether a record says that the stage was not tried.
bool is_skipped(const events::record& at, stage what) {
  if (at.tag != events::known_failure_avoided::tag)
    return false;
  const auto x = events::event_in<events::known_failure_avoided>(at);
  return x && x->stage == events::to_string(what);
}

/// What was paid for on the way to the evidence of a stage.
bool is_paid_for(const events::record& at, stage what) {
  return what == stage::classify && at.tag == events::model_answered::tag;
}

events::new_event copy_of(const events::record& at) {
  return {events::event_id::random(), at.tag, at.version, {}, 0, at.payload};
}

/// Brings the blobs along that an event refers to.
template <class T>
events::error copy_blobs(const events::log::log_reader& from, const T& x,
                         stage_result& into) {
  events::error absent;
  events::log::for_each_blob(x, [&](const events::blob_ref& ref) {
    if (!ref)
      return;
    if (auto data = from.blob_of(ref.id))
      into.blobs.push_back({ref.id, std::move(*data)});
    else
      absent = data.error();
  });
  return absent;
}

} // namespace

recorded_evidence::recorded_evidence(
  std::shared_ptr<const events::log::log_reader> recorded,
  std::shared_ptr<stage_performer> otherwise)
  : recorded_(std::move(recorded)), otherwise_(std::move(otherwise)) {}

events::error
recorded_evidence::bring(const events::record& at, stage_result& into) const {
  events::error absent;
  if (auto err = events::visit(
        at, [&](const auto& x) { absent = copy_blobs(*recorded_, x, into); }))
    return err;
  return absent;
}

stage_result recorded_evidence::perform(const work& job) {
  const auto wanted = events::row_of(job.what).evidence;
  auto records = recorded_->read_stream(job.stream);
  if (!records)
    return failed(records.error());
  std::uint32_t attempt = 0;
  stage_result result;
  for (const auto& at : *records) {
    if (is_paid_for(at, job.what)) {
      if (auto err = bring(at, result))
        return failed(err);
      result.kept.push_back(copy_of(at));
      continue;
    }
    if (at.tag == events::attempt_failed::tag) {
      auto x = events::event_in<events::attempt_failed>(at);
      if (!x)
        return failed(x.error());
      if (x->stage != events::to_string(job.what) || ++attempt != job.attempt)
        continue;
      // The failure happened; repeating it would be new evidence.
      auto again = failed(events::make_error(events::ec::refused, x->message));
      if (auto err = copy_blobs(*recorded_, *x, again))
        return failed(err);
      again.recorded_failure = std::move(*x);
      return again;
    }
    if (wanted == 0 || (at.tag != wanted && !is_skipped(at, job.what)))
      continue;
    if (auto err = bring(at, result))
      return failed(err);
    result.evidence.push_back(copy_of(at));
    return result;
  }
  return otherwise_->perform(job);
}

} // namespace fc::actors
