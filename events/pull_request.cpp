#include "events/pull_request.hpp"

#include "events/codec.hpp"
#include "events/failures/fingerprint.hpp"
#include "schemas/pull_request_generated.h"

namespace fc::events {

static flatbuffers::Offset<fbs::FileChangeV1>
put(builder& b, const file_change& x) {
  return fbs::CreateFileChangeV1(b, put(b, x.path), x.additions, x.deletions);
}

static void get(const fbs::FileChangeV1* t, file_change& x) {
  if (t == nullptr)
    return;
  get(t->path(), x.path);
  get(t->additions(), x.additions);
  get(t->deletions(), x.deletions);
}

static flatbuffers::Offset<fbs::LinkedIssueV1>
put(builder& b, const linked_issue& x) {
  return fbs::CreateLinkedIssueV1(b, put(b, x.repo), x.number, put(b, x.title),
                                  x.comments);
}

static void get(const fbs::LinkedIssueV1* t, linked_issue& x) {
  if (t == nullptr)
    return;
  get(t->repo(), x.repo);
  get(t->number(), x.number);
  get(t->title(), x.title);
  get(t->comments(), x.comments);
}

bytes encode(const scraped& x) {
  builder b;
  return finish(b, fbs::CreateScrapedV1(
                     b, put(b, x.repo), x.number, put(b, x.title),
                     put(b, x.body), ticks(x.merged_at), put(b, x.base),
                     put(b, x.merge), put(b, x.merge_kind), x.changed_files,
                     x.additions, x.deletions, put(b, x.files), put(b, x.diff),
                     put(b, x.missing_objects), put(b, x.source),
                     x.text_repaired, put(b, x.node_id), ticks(x.created_at),
                     ticks(x.closed_at), put(b, x.head), put(b, x.base_branch),
                     put(b, x.author), put(b, x.author_kind), put(b, x.labels),
                     put(b, x.issues), put(b, x.issue_texts), put(b, x.note)));
}

expected<scraped>
decode(byte_view raw, std::uint8_t version, std::type_identity<scraped>) {
  auto t
    = verified<fbs::ScrapedV1>(raw, version, scraped::version, scraped::name);
  if (!t)
    return t.error();
  scraped x;
  get((*t)->repo(), x.repo);
  get((*t)->number(), x.number);
  get((*t)->title(), x.title);
  get((*t)->body(), x.body);
  get((*t)->merged_at(), x.merged_at);
  get((*t)->base(), x.base);
  get((*t)->merge(), x.merge);
  get((*t)->merge_kind(), x.merge_kind);
  get((*t)->changed_files(), x.changed_files);
  get((*t)->additions(), x.additions);
  get((*t)->deletions(), x.deletions);
  get((*t)->files(), x.files);
  get((*t)->diff(), x.diff);
  get((*t)->missing_objects(), x.missing_objects);
  get((*t)->source(), x.source);
  get((*t)->text_repaired(), x.text_repaired);
  get((*t)->node_id(), x.node_id);
  get((*t)->created_at(), x.created_at);
  get((*t)->closed_at(), x.closed_at);
  get((*t)->head(), x.head);
  get((*t)->base_branch(), x.base_branch);
  get((*t)->author(), x.author);
  get((*t)->author_kind(), x.author_kind);
  get((*t)->labels(), x.labels);
  get((*t)->issues(), x.issues);
  get((*t)->issue_texts(), x.issue_texts);
  get((*t)->note(), x.note);
  return x;
}

bytes encode(const symbolic_passed& x) {
  builder b;
  return finish(b, fbs::CreateSymbolicPassedV1(b, put(b, x.note)));
}

expected<symbolic_passed> decode(byte_view raw, std::uint8_t version,
                                 std::type_identity<symbolic_passed>) {
  auto t = verified<fbs::SymbolicPassedV1>(
    raw, version, symbolic_passed::version, symbolic_passed::name);
  if (!t)
    return t.error();
  symbolic_passed x;
  get((*t)->note(), x.note);
  return x;
}

bytes encode(const symbolic_rejected& x) {
  builder b;
  return finish(
    b, fbs::CreateSymbolicRejectedV1(b, put(b, x.rule), put(b, x.explanation)));
}

expected<symbolic_rejected> decode(byte_view raw, std::uint8_t version,
                                   std::type_identity<symbolic_rejected>) {
  auto t = verified<fbs::SymbolicRejectedV1>(
    raw, version, symbolic_rejected::version, symbolic_rejected::name);
  if (!t)
    return t.error();
  symbolic_rejected x;
  get((*t)->rule(), x.rule);
  get((*t)->explanation(), x.explanation);
  return x;
}

bytes encode(const dropped& x) {
  builder b;
  return finish(b, fbs::CreateDroppedV1(b, put(b, x.stage), put(b, x.rule),
                                        put(b, x.explanation), x.failed));
}

expected<dropped>
decode(byte_view raw, std::uint8_t version, std::type_identity<dropped>) {
  auto t
    = verified<fbs::DroppedV1>(raw, version, dropped::version, dropped::name);
  if (!t)
    return t.error();
  dropped x;
  get((*t)->stage(), x.stage);
  get((*t)->rule(), x.rule);
  get((*t)->explanation(), x.explanation);
  get((*t)->failed(), x.failed);
  return x;
}

static flatbuffers::Offset<fbs::FailureRefV1>
put(builder& b, const failure_ref& x) {
  return fbs::CreateFailureRefV1(b, put(b, x.stream), x.seq);
}

static void get(const fbs::FailureRefV1* t, failure_ref& x) {
  if (t == nullptr)
    return;
  get(t->stream(), x.stream);
  get(t->sequence(), x.seq);
}

bytes encode(const attempt_failed& x) {
  builder b;
  return finish(b, fbs::CreateAttemptFailedV2(
                     b, put(b, x.stage), x.attempt, put(b, x.cause),
                     put(b, x.message), put(b, x.fingerprint), put(b, x.log),
                     put(b, x.known)));
}

/// What both versions of the table hold.
template <class Table>
static attempt_failed common_part(const Table& t) {
  attempt_failed x;
  get(t.stage(), x.stage);
  get(t.attempt(), x.attempt);
  get(t.cause(), x.cause);
  get(t.message(), x.message);
  get(t.log(), x.log);
  return x;
}

static attempt_failed lift(const fbs::AttemptFailedV1& t) {
  // A text that may have been cut is made anew from the message.
  constexpr std::size_t max_uncut_bytes = 156;
  auto x = common_part(t);
  std::string text;
  get(t.fingerprint(), text);
  if (text.size() > max_uncut_bytes)
    x.fingerprint = fingerprint_of(x.message);
  else if (!text.empty())
    x.fingerprint = sha256(as_bytes(text));
  return x;
}

expected<attempt_failed> decode(byte_view raw, std::uint8_t version,
                                std::type_identity<attempt_failed>) {
  if (version <= 1) {
    auto t
      = verified<fbs::AttemptFailedV1>(raw, version, 1, attempt_failed::name);
    if (!t)
      return t.error();
    return lift(**t);
  }
  auto t = verified<fbs::AttemptFailedV2>(raw, version, attempt_failed::version,
                                          attempt_failed::name);
  if (!t)
    return t.error();
  auto x = common_part(**t);
  get((*t)->fingerprint(), x.fingerprint);
  get((*t)->known(), x.known);
  return x;
}

bytes encode(const known_failure_avoided& x) {
  builder b;
  return finish(
    b, fbs::CreateDeadEndKnownV1(b, put(b, x.stage), put(b, x.subject),
                                 put(b, x.fingerprint), put(b, x.cause),
                                 put(b, x.message), put(b, x.failures)));
}

expected<known_failure_avoided>
decode(byte_view raw, std::uint8_t version,
       std::type_identity<known_failure_avoided>) {
  auto t = verified<fbs::DeadEndKnownV1>(
    raw, version, known_failure_avoided::version, known_failure_avoided::name);
  if (!t)
    return t.error();
  known_failure_avoided x;
  get((*t)->stage(), x.stage);
  get((*t)->subject(), x.subject);
  get((*t)->fingerprint(), x.fingerprint);
  get((*t)->cause(), x.cause);
  get((*t)->message(), x.message);
  get((*t)->failures(), x.failures);
  return x;
}

bytes encode(const deferred& x) {
  builder b;
  return finish(b, fbs::CreateDeferredV1(b, put(b, x.stage), ticks(x.until),
                                         put(b, x.cause)));
}

expected<deferred>
decode(byte_view raw, std::uint8_t version, std::type_identity<deferred>) {
  auto t = verified<fbs::DeferredV1>(raw, version, deferred::version,
                                     deferred::name);
  if (!t)
    return t.error();
  deferred x;
  get((*t)->stage(), x.stage);
  get((*t)->until(), x.until);
  get((*t)->cause(), x.cause);
  return x;
}

bytes encode(const reopened& x) {
  builder b;
  return finish(
    b, fbs::CreateReopenedV1(b, put(b, x.stage), put(b, x.explanation)));
}

expected<reopened>
decode(byte_view raw, std::uint8_t version, std::type_identity<reopened>) {
  auto t = verified<fbs::ReopenedV1>(raw, version, reopened::version,
                                     reopened::name);
  if (!t)
    return t.error();
  reopened x;
  get((*t)->stage(), x.stage);
  get((*t)->explanation(), x.explanation);
  return x;
}

bytes encode(const diff_audited& x) {
  builder b;
  return finish(b, fbs::CreateDiffAuditedV1(b, x.equal, x.git_bytes,
                                            x.served_bytes, put(b, x.served),
                                            put(b, x.note)));
}

expected<diff_audited>
decode(byte_view raw, std::uint8_t version, std::type_identity<diff_audited>) {
  auto t = verified<fbs::DiffAuditedV1>(raw, version, diff_audited::version,
                                        diff_audited::name);
  if (!t)
    return t.error();
  diff_audited x;
  get((*t)->equal(), x.equal);
  get((*t)->git_bytes(), x.git_bytes);
  get((*t)->served_bytes(), x.served_bytes);
  get((*t)->served(), x.served);
  get((*t)->note(), x.note);
  return x;
}

} // namespace fc::events
