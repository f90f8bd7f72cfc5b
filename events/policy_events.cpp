#include "events/policy_events.hpp"

#include "events/codec.hpp"
#include "schemas/policy_events_generated.h"

namespace fc::events {

bytes encode(const policy_adopted& x) {
  builder b;
  return finish(b, fbs::CreatePolicyAdoptedV1(b, put(b, x.text), put(b, x.id),
                                              put(b, x.path)));
}

expected<policy_adopted> decode(byte_view raw, std::uint8_t version,
                                std::type_identity<policy_adopted>) {
  auto t = verified<fbs::PolicyAdoptedV1>(raw, version, policy_adopted::version,
                                          policy_adopted::name);
  if (!t)
    return t.error();
  policy_adopted x;
  get((*t)->text(), x.text);
  get((*t)->id(), x.id);
  get((*t)->path(), x.path);
  return x;
}

} // namespace fc::events
