#include "events/failures/service.hpp"

#include "events/codec.hpp"
#include "schemas/service_generated.h"

namespace fc::events {

bytes encode(const limit_met& x) {
  builder b;
  return finish(b, fbs::CreateLimitMetV1(
                     b, put(b, x.service), put(b, x.resource), put(b, x.token),
                     put(b, x.kind), x.status, ticks(x.until),
                     put(b, x.request), put(b, x.headers), put(b, x.excerpt)));
}

expected<limit_met>
decode(byte_view raw, std::uint8_t version, std::type_identity<limit_met>) {
  auto t = verified<fbs::LimitMetV1>(raw, version, limit_met::version,
                                     limit_met::name);
  if (!t)
    return t.error();
  limit_met x;
  get((*t)->service(), x.service);
  get((*t)->resource(), x.resource);
  get((*t)->token(), x.token);
  get((*t)->kind(), x.kind);
  get((*t)->status(), x.status);
  get((*t)->until(), x.until);
  get((*t)->request(), x.request);
  get((*t)->headers(), x.headers);
  get((*t)->excerpt(), x.excerpt);
  return x;
}

} // namespace fc::events
