#include "actors/services/jwt/jwt.hpp"
#include "tests/actors/services/jwt/keys.hpp"

namespace fc::actors::services {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using testing::HasSubstr;
using testing::Not;

} // namespace

TEST(jwt, IsSignedAndReadable) {
  const key_pair keys;
  const auto key = signing_key::read(keys.private_pem(), "key.pem");
  ASSERT_TRUE(key) << describe(key.error());
  const auto token = key->jwt(R"({"iss":"grüße"})");
  ASSERT_TRUE(token);
  EXPECT_TRUE(keys.signed_by(*token));
  EXPECT_EQ(claims_of(*token), R"({"iss":"grüße"})");
  EXPECT_THAT(*token, Not(HasSubstr("=")));
  EXPECT_FALSE(key_pair{}.signed_by(*token));
}

TEST(jwt, RefusesWhatIsNoPrivateKey) {
  const key_pair keys;
  for (const auto& text :
       {std::string{}, std::string{"hush"}, keys.public_pem(),
        std::string{"-----BEGIN PRIVATE KEY-----\nhush\n"
                    "-----END PRIVATE KEY-----\n"}}) {
    const auto key = signing_key::read(text, "key.pem");
    ASSERT_FALSE(key);
    EXPECT_EQ(code_of(key.error()), ec::invalid_argument);
    EXPECT_THAT(describe(key.error()), HasSubstr("key.pem holds no private"));
    EXPECT_THAT(describe(key.error()), Not(HasSubstr("hush")));
  }
}

TEST(base64url, HasNoPadding) {
  const auto of = [](std::string_view x) {
    return base64url(events::as_bytes(x));
  };
  EXPECT_EQ(of(""), "");
  EXPECT_EQ(of("f"), "Zg");
  EXPECT_EQ(of("fo"), "Zm8");
  EXPECT_EQ(of("foo"), "Zm9v");
  EXPECT_EQ(of("\xFB\xFF\xFE"), "-__-");
}

} // namespace fc::actors::services
