#include "events/common/bounded_file.hpp"
#include "events/common/bounded_toml.hpp"
#include "events/policy/policy.hpp"
#include "tests/support/files.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace fc::events::common {
namespace {

using ::testing::HasSubstr;

TEST(bounded_file, RefusesMoreThanItMayRead) {
  const support::temp_dir folder;
  const auto file = (folder.path() / "policy.toml").string();
  std::ofstream{file} << "0123456789";
  EXPECT_EQ(*read_file(file, "the policy"), "0123456789");
  EXPECT_EQ(*read_file(file, "the policy", 10), "0123456789");
  const auto refused = read_file(file, "the policy", 9);
  ASSERT_FALSE(refused);
  EXPECT_THAT(describe(refused.error()),
              HasSubstr(file + ": it has more than"));
}

TEST(bounded_file, OfHalfAGigabyteIsOneError) {
  const support::temp_dir folder;
  const auto file = folder.path() / "policy.toml";
  std::ofstream{file} << "x";
  std::filesystem::resize_file(file, 500 << 20);
  const auto refused = read_file(file.string(), "the policy");
  ASSERT_FALSE(refused);
  EXPECT_THAT(describe(refused.error()), HasSubstr("more than 16777216 bytes"));
}

TEST(bounded_file, WithoutEndIsOneError) {
  const auto refused = read_file("/dev/zero", "the policy", 1 << 20);
  ASSERT_FALSE(refused);
  EXPECT_THAT(describe(refused.error()), HasSubstr("more than 1048576 bytes"));
}

TEST(bounded_file, NamesWhatIsAbsentOrAFolder) {
  const support::temp_dir folder;
  EXPECT_THAT(describe(read_file(folder.path(), "the policy").error()),
              HasSubstr("Is a directory"));
  EXPECT_THAT(describe(read_file("/nowhere/x", "the policy").error()),
              HasSubstr("cannot read the policy /nowhere/x"));
}

std::string dotted(std::size_t dots) {
  std::string key = "a";
  for (std::size_t i = 0; i < dots; ++i)
    key += ".a";
  return key;
}

TEST(bounded_toml, RefusesFiftyThousandDots) {
  for (const auto& text :
       {dotted(50'000) + " = 1\n", "[" + dotted(50'000) + "]\n",
        "x = 1\n[[" + dotted(50'000) + "]]\n",
        "x = { " + dotted(50'000) + " = 1 }\n"}) {
    const auto read = policy::parse_policy(text, "p.toml");
    ASSERT_FALSE(read);
    EXPECT_THAT(describe(read.error()), HasSubstr("parts"));
  }
}

TEST(bounded_toml, RefusesMoreThanAConfigurationHas) {
  const auto read
    = policy::parse_policy(std::string(max_config_bytes + 1, '\n'), "p.toml");
  ASSERT_FALSE(read);
  EXPECT_THAT(describe(read.error()), HasSubstr("p.toml:1: more than"));
}

TEST(bounded_toml, BoundsWhatNestsOtherwise) {
  std::string lists = "x = ";
  std::string tables = "x = ";
  for (int i = 0; i < 200'000; ++i) {
    lists += "[";
    tables += "{a=";
  }
  for (const auto& text : {lists, tables}) {
    const auto read = policy::parse_policy(text, "p.toml");
    ASSERT_FALSE(read);
    EXPECT_LT(describe(read.error()).size(), 300u);
  }
}

TEST(bounded_toml, ReadsDotsThatAreNoKeys) {
  std::string numbers = "x = [";
  for (int i = 0; i < 1000; ++i)
    numbers += "0.5, ";
  EXPECT_FALSE(check_toml(numbers + "]\n", "p"));
  EXPECT_FALSE(check_toml("x = \"" + dotted(500) + "\"\n", "p"));
  EXPECT_FALSE(check_toml("# " + dotted(500) + "\n", "p"));
  EXPECT_FALSE(check_toml("x = '''\n" + dotted(500) + "\n'''\n", "p"));
  EXPECT_FALSE(
    check_toml("x = \"\"\"\n\\\"" + dotted(500) + "\n\"\"\"\n", "p"));
  EXPECT_TRUE(check_toml("x = \"\"\n" + dotted(17) + " = 1\n", "p"));
  EXPECT_FALSE(check_toml(policy::shipped_policy(), "p"));
}

} // namespace
} // namespace fc::events::common
