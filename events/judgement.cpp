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

bytes encode(const model_answered& x) {
  builder b;
  return finish(b,
                fbs::CreateModelAnsweredV1(
                  b, put(b, x.pass), put(b, x.model), put(b, x.served_by),
                  put(b, x.api), put(b, x.prompt), put(b, x.input),
                  put(b, x.answer), put(b, x.finish), x.tokens_in, x.tokens_out,
                  x.estimated, x.cost_usd, x.seconds, x.left_out));
}

expected<model_answered> decode(byte_view raw, std::uint8_t version,
                                std::type_identity<model_answered>) {
  auto t = verified<fbs::ModelAnsweredV1>(raw, version, model_answered::version,
                                          model_answered::name);
  if (!t)
    return t.error();
  model_answered x;
  get((*t)->pass(), x.pass);
  get((*t)->model(), x.model);
  get((*t)->served_by(), x.served_by);
  get((*t)->api(), x.api);
  get((*t)->prompt(), x.prompt);
  get((*t)->input(), x.input);
  get((*t)->answer(), x.answer);
  get((*t)->finish(), x.finish);
  get((*t)->tokens_in(), x.tokens_in);
  get((*t)->tokens_out(), x.tokens_out);
  get((*t)->estimated(), x.estimated);
  get((*t)->cost_usd(), x.cost_usd);
  get((*t)->seconds(), x.seconds);
  get((*t)->left_out(), x.left_out);
  return x;
}

} // namespace fc::events
