#include "events/repository.hpp"

#include "events/codec.hpp"
#include "schemas/repository_generated.h"

namespace fc::events {

bytes encode(const repository_seen& x) {
  builder b;
  return finish(b,
                fbs::CreateRepositorySeenV1(
                  b, put(b, x.repo), put(b, x.source), put(b, x.head),
                  put(b, x.suite_config), put(b, x.suite_dir), put(b, x.note),
                  put(b, x.node_id), x.stars, x.fork, x.archived,
                  ticks(x.created_at), ticks(x.pushed_at), put(b, x.language),
                  put(b, x.description), put(b, x.topics), put(b, x.branch),
                  put(b, x.requires_python), put(b, x.found_by)));
}

expected<repository_seen> decode(byte_view raw, std::uint8_t version,
                                 std::type_identity<repository_seen>) {
  auto t = verified<fbs::RepositorySeenV1>(
    raw, version, repository_seen::version, repository_seen::name);
  if (!t)
    return t.error();
  repository_seen x;
  get((*t)->repo(), x.repo);
  get((*t)->source(), x.source);
  get((*t)->head(), x.head);
  get((*t)->suite_config(), x.suite_config);
  get((*t)->suite_dir(), x.suite_dir);
  get((*t)->note(), x.note);
  get((*t)->node_id(), x.node_id);
  get((*t)->stars(), x.stars);
  get((*t)->fork(), x.fork);
  get((*t)->archived(), x.archived);
  get((*t)->created_at(), x.created_at);
  get((*t)->pushed_at(), x.pushed_at);
  get((*t)->language(), x.language);
  get((*t)->description(), x.description);
  get((*t)->topics(), x.topics);
  get((*t)->branch(), x.branch);
  get((*t)->requires_python(), x.requires_python);
  get((*t)->found_by(), x.found_by);
  return x;
}

bytes encode(const repository_excluded& x) {
  builder b;
  return finish(b, fbs::CreateRepositoryExcludedV1(
                     b, put(b, x.repo), put(b, x.reason), put(b, x.rule)));
}

expected<repository_excluded> decode(byte_view raw, std::uint8_t version,
                                     std::type_identity<repository_excluded>) {
  auto t = verified<fbs::RepositoryExcludedV1>(
    raw, version, repository_excluded::version, repository_excluded::name);
  if (!t)
    return t.error();
  repository_excluded x;
  get((*t)->repo(), x.repo);
  get((*t)->reason(), x.reason);
  get((*t)->rule(), x.rule);
  return x;
}

bytes encode(const repository_readmitted& x) {
  builder b;
  return finish(b, fbs::CreateRepositoryReadmittedV1(
                     b, put(b, x.repo), put(b, x.reason), put(b, x.rule)));
}

expected<repository_readmitted>
decode(byte_view raw, std::uint8_t version,
       std::type_identity<repository_readmitted>) {
  auto t = verified<fbs::RepositoryReadmittedV1>(
    raw, version, repository_readmitted::version, repository_readmitted::name);
  if (!t)
    return t.error();
  repository_readmitted x;
  get((*t)->repo(), x.repo);
  get((*t)->reason(), x.reason);
  get((*t)->rule(), x.rule);
  return x;
}

bytes encode(const repository_renamed& x) {
  builder b;
  return finish(b, fbs::CreateRepositoryRenamedV1(
                     b, put(b, x.node_id), put(b, x.from), put(b, x.to)));
}

expected<repository_renamed> decode(byte_view raw, std::uint8_t version,
                                    std::type_identity<repository_renamed>) {
  auto t = verified<fbs::RepositoryRenamedV1>(
    raw, version, repository_renamed::version, repository_renamed::name);
  if (!t)
    return t.error();
  repository_renamed x;
  get((*t)->node_id(), x.node_id);
  get((*t)->from(), x.from);
  get((*t)->to(), x.to);
  return x;
}

bytes encode(const window_reconciled& x) {
  builder b;
  return finish(b, fbs::CreateWindowReconciledV1(
                     b, put(b, x.repo), ticks(x.start), ticks(x.end), x.counted,
                     x.stored, put(b, x.missing), put(b, x.note),
                     put(b, x.method), x.calls, x.points, x.git_operations,
                     x.page_size, x.audited, x.audit_mismatches));
}

expected<window_reconciled> decode(byte_view raw, std::uint8_t version,
                                   std::type_identity<window_reconciled>) {
  auto t = verified<fbs::WindowReconciledV1>(
    raw, version, window_reconciled::version, window_reconciled::name);
  if (!t)
    return t.error();
  window_reconciled x;
  get((*t)->repo(), x.repo);
  get((*t)->start(), x.start);
  get((*t)->end(), x.end);
  get((*t)->counted(), x.counted);
  get((*t)->stored(), x.stored);
  get((*t)->missing(), x.missing);
  get((*t)->note(), x.note);
  get((*t)->method(), x.method);
  get((*t)->calls(), x.calls);
  get((*t)->points(), x.points);
  get((*t)->git_operations(), x.git_operations);
  get((*t)->page_size(), x.page_size);
  get((*t)->audited(), x.audited);
  get((*t)->audit_mismatches(), x.audit_mismatches);
  return x;
}

bytes encode(const known_failure_met& x) {
  builder b;
  return finish(
    b, fbs::CreateDeadEndMetV1(b, put(b, x.stage), put(b, x.subject),
                               put(b, x.fingerprint), put(b, x.cause),
                               put(b, x.message), put(b, x.stream), x.seq));
}

expected<known_failure_met> decode(byte_view raw, std::uint8_t version,
                                   std::type_identity<known_failure_met>) {
  auto t = verified<fbs::DeadEndMetV1>(raw, version, known_failure_met::version,
                                       known_failure_met::name);
  if (!t)
    return t.error();
  known_failure_met x;
  get((*t)->stage(), x.stage);
  get((*t)->subject(), x.subject);
  get((*t)->fingerprint(), x.fingerprint);
  get((*t)->cause(), x.cause);
  get((*t)->message(), x.message);
  get((*t)->stream(), x.stream);
  get((*t)->sequence(), x.seq);
  return x;
}

} // namespace fc::events
