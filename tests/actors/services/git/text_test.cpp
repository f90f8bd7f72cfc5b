#include "actors/services/git/origin.hpp"
#include "actors/services/git/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors::services {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace {

std::string repaired_text(std::string_view raw, bool expect) {
  bool repaired = false;
  auto out = repair_utf8(raw, repaired);
  EXPECT_EQ(repaired, expect) << raw;
  return out;
}

std::string named(std::string_view url) {
  const auto name = name_of_url(url);
  return name ? name->str() : "none";
}

} // namespace

TEST(git_text, LeavesValidUtf8Alone) {
  for (const std::string text :
       {"", "plain", "Zürich", "日本", "\U0001F40D", "\xEF\xBF\xBD", "a\nb\t"})
    EXPECT_EQ(repaired_text(text, false), text);
}

TEST(git_text, ReplacesEachBrokenPart) {
  EXPECT_EQ(repaired_text("a\xFFz", true), "a\uFFFDz");
  EXPECT_EQ(repaired_text("caf\xE9", true), "caf\uFFFD");
  EXPECT_EQ(repaired_text("\xE6\x97", true), "\uFFFD");
  EXPECT_EQ(repaired_text("\xC0\xAF", true), "\uFFFD\uFFFD");
  EXPECT_EQ(repaired_text("\xED\xA0\x80", true), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(repaired_text("\xF4\x90\x80\x80", true),
            "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(repaired_text("\xF0\x9F\x90z", true), "\uFFFDz");
}

TEST(git_text, ReplacesNulAsTablesDo) {
  EXPECT_EQ(repaired_text(std::string_view{"a\0b", 3}, true), "a\uFFFDb");
}

TEST(git_text, FindsObjectIdsInMessages) {
  const std::string a(40, 'a');
  const std::string b(64, 'b');
  EXPECT_THAT(object_ids_in("fatal: unable to read " + a + "\nfatal: tree (" + b
                            + ")\nagain " + a),
              ElementsAre(a, b));
  EXPECT_THAT(object_ids_in("error: object file ./objects/aa/"
                            + std::string(38, 'a') + " is empty"),
              ElementsAre(a));
  EXPECT_THAT(object_ids_in("bad ./objects/pack/pack-" + a + ".pack"),
              IsEmpty());
  EXPECT_THAT(object_ids_in(a + "a x" + a + " deadbeef"), IsEmpty());
}

TEST(git_text, TakesTheLastLine) {
  EXPECT_EQ(last_line("warning: x\nfatal: y\n\n"), "fatal: y");
  EXPECT_EQ(last_line(""), "");
}

TEST(git_origin, ReadsEveryKindOfUrl) {
  EXPECT_EQ(named("https://github.com/numpy/numpy.git"), "numpy/numpy");
  EXPECT_EQ(named("https://github.com/numpy/numpy/"), "numpy/numpy");
  EXPECT_EQ(named("https://user:secret@host:8443/a/b.git\n"), "a/b");
  EXPECT_EQ(named("ssh://git@github.com:22/a/b-c.git"), "a/b-c");
  EXPECT_EQ(named("git@github.com:a/b_c.git"), "a/b_c");
  EXPECT_EQ(named("github.com:a/b"), "a/b");
  EXPECT_EQ(named("git://host/a/b"), "a/b");
  EXPECT_EQ(named("file:///srv/git/a/b.git"), "a/b");
  EXPECT_EQ(named("/srv/git/a/b/.git"), "a/b");
  EXPECT_EQ(named("https://gitlab.com/group/sub/b.git"), "sub/b");
}

TEST(git_origin, RefusesWhatHasNoTwoParts) {
  for (const auto* url :
       {"", "/", "b", "https://host", "https://host/b", "git@host:b.git",
        "https://host/a b/c", "file://", "/.git"})
    EXPECT_EQ(named(url), "none") << url;
}

} // namespace fc::actors::services
