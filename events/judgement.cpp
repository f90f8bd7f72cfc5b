#include "events/judgement.hpp"

#include "events/codec.hpp"
#include "schemas/judgement_generated.h"

namespace fc::events {

bytes encode(const answered& x) {
  builder b;
  return finish(b, fbs::CreateAnsweredV1(
                     b, put(b, x.judge), put(b, x.prompt), x.performance,
                     put(b, x.category), put(b, x.difficulty), put(b, x.reason),
                     put(b, x.answer), x.tokens_in, x.tokens_out, x.cost_usd));
}

expected<answered>
decode(byte_view raw, std::uint8_t version, std::type_identity<answered>) {
  auto t = verified<fbs::AnsweredV1>(raw, version, answered::version,
                                     answered::name);
  if (!t)
    return t.error();
  answered x;
  get((*t)->judge(), x.judge);
  get((*t)->prompt(), x.prompt);
  get((*t)->performance(), x.performance);
  get((*t)->category(), x.category);
  get((*t)->difficulty(), x.difficulty);
  get((*t)->reason(), x.reason);
  get((*t)->answer(), x.answer);
  get((*t)->tokens_in(), x.tokens_in);
  get((*t)->tokens_out(), x.tokens_out);
  get((*t)->cost_usd(), x.cost_usd);
  return x;
}

bytes encode(const classified& x) {
  builder b;
  return finish(b, fbs::CreateClassifiedV1(
                     b, x.performance, put(b, x.category), put(b, x.difficulty),
                     put(b, x.explanation), put(b, x.judge)));
}

expected<classified>
decode(byte_view raw, std::uint8_t version, std::type_identity<classified>) {
  auto t = verified<fbs::ClassifiedV1>(raw, version, classified::version,
                                       classified::name);
  if (!t)
    return t.error();
  classified x;
  get((*t)->performance(), x.performance);
  get((*t)->category(), x.category);
  get((*t)->difficulty(), x.difficulty);
  get((*t)->explanation(), x.explanation);
  get((*t)->judge(), x.judge);
  return x;
}

} // namespace fc::events
