#include "events/pull_request.hpp"

#include "events/codec/codec.hpp"
#include "events/failures/fingerprint.hpp"
#include "schemas/pull_request_generated.h"

namespace fc::events {

fbs::ScrapedV1 table_of(std::type_identity<scraped>);
fbs::SymbolicPassedV1 table_of(std::type_identity<symbolic_passed>);
fbs::SymbolicRejectedV1 table_of(std::type_identity<symbolic_rejected>);
fbs::DroppedV1 table_of(std::type_identity<dropped>);
fbs::AttemptFailedV2 table_of(std::type_identity<attempt_failed>);
fbs::DeferredV1 table_of(std::type_identity<deferred>);
fbs::DeadEndKnownV1 table_of(std::type_identity<known_failure_avoided>);
fbs::ReopenedV1 table_of(std::type_identity<reopened>);
fbs::DiffAuditedV1 table_of(std::type_identity<diff_audited>);

/// Version 1 had the fingerprint as a text, which may have been cut: then it is
/// made anew from the message.
static expected<attempt_failed> lifted(byte_view raw, std::uint8_t version,
                                       std::type_identity<attempt_failed>) {
  constexpr std::size_t max_uncut_bytes = 156;
  auto t
    = verified<fbs::AttemptFailedV1>(raw, version, 1, attempt_failed::name);
  if (!t)
    return t.error();
  attempt_failed x;
  get((*t)->stage(), x.stage);
  get((*t)->attempt(), x.attempt);
  get((*t)->cause(), x.cause);
  get((*t)->message(), x.message);
  get((*t)->log(), x.log);
  std::string text;
  get((*t)->fingerprint(), text);
  if (text.size() > max_uncut_bytes)
    x.fingerprint = fingerprint_of(x.message);
  else if (!text.empty())
    x.fingerprint = sha256(as_bytes(text));
  return x;
}

template struct codec<scraped>;
template struct codec<symbolic_passed>;
template struct codec<symbolic_rejected>;
template struct codec<dropped>;
template struct codec<attempt_failed>;
template struct codec<deferred>;
template struct codec<known_failure_avoided>;
template struct codec<reopened>;
template struct codec<diff_audited>;

} // namespace fc::events
