#include "events/pull_request.hpp"

#include <gmock/gmock.h>

namespace fc::events {

namespace {

using testing::ElementsAre;

/// Lists one of its two members.
struct forgetful {
  std::string kept;
  std::uint32_t forgotten = 0;

  using fields = members<&forgetful::kept>;
};

template <described T>
std::vector<std::string_view> names_of() {
  std::vector<std::string_view> names;
  for_each_field<T>([&](const auto& each) { names.push_back(each.name); });
  return names;
}

} // namespace

TEST(fields, AreNamedAsTheirMembersAndKeepTheirOrder) {
  EXPECT_THAT(names_of<dropped>(),
              ElementsAre("stage", "rule", "explanation", "failed"));
  EXPECT_EQ(struct_name<linked_issue>(), "linked_issue");
  EXPECT_EQ(struct_name<forgetful>(), "forgetful");
}

TEST(fields, GiveAccessToTheirMembers) {
  const dropped x{"publish", "admission", "no", true};
  EXPECT_EQ(x.*std::get<1>(fields_of<dropped>).member, "admission");
}

TEST(fields, ThatMissAMemberAreNoticed) {
  EXPECT_TRUE(lists_every_member<scraped>());
  EXPECT_FALSE(lists_every_member<forgetful>());
}

} // namespace fc::events
