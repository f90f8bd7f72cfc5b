#include "actors/services/python/build_log.hpp"
#include "tests/support/files.hpp"

#include "fixture.hpp"

#include <sys/stat.h>

namespace fc::actors::services {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;

/// An environment as an installer would leave it.
class installed_files : public python_test {
protected:
  installed_files() {
    put("lib/python3.11/site-packages/other-1.dist-info/direct_url.json",
        R"({"url": "file:///else"})");
    put_info("direct_url.json", R"({"url": "file:///fc/src/a%20b"})");
    put_info("METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 3\n"
                         "\nVersion: not this\n");
    put_site("thing/__init__.py", "x");
  }
  void put_site(const std::string& name, const std::string& content) const {
    put("lib/python3.11/site-packages/" + name, content);
  }
  void put_info(const std::string& name, const std::string& content) const {
    put_site("thing-3.dist-info/" + name, content);
  }
  events::expected<installed_package> read() const {
    return read_installed(tree, "/fc/src/a b");
  }
};

auto path_is(const char* path) {
  return Field(&events::artefact::path, path);
}

TEST_F(installed_files, ListsFilesOfTheRecordWithoutNotesAndByteCode) {
  put_site("_fast.cpython-311.so", "binary");
  put_site("a,b.py", "");
  put_info("RECORD", "thing/__init__.py,sha256=x,1\r\n"
                     "thing/__pycache__/__init__.cpython-311.pyc,,\r\n"
                     "_fast.cpython-311.so,,\n\"a,b.py\",,\n"
                     "../../../bin/thing,,\n/etc/passwd,,\n"
                     "thing/../../../../../../etc/passwd,,\n\n"
                     "thing-3.dist-info/METADATA,,\n"
                     "thing-3.dist-info/direct_url.json,,\n"
                     "thing-3.dist-info/RECORD,,\n");
  auto x = read();
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_EQ(x->name, "thing");
  EXPECT_EQ(x->version, "3");
  EXPECT_EQ(x->site, "lib/python3.11/site-packages");
  EXPECT_THAT(x->artefacts,
              ElementsAre(path_is("_fast.cpython-311.so"), path_is("a,b.py"),
                          path_is("thing/__init__.py"),
                          path_is("thing-3.dist-info/METADATA")));
  EXPECT_EQ(x->artefacts[0].id, events::sha256(events::as_bytes("binary")));
  EXPECT_EQ(x->artefacts[0].size, 6u);
  EXPECT_THAT(x->imports, ElementsAre("_fast", "a,b", "thing"));
}

TEST_F(installed_files, PrefersDeclaredImportNames) {
  put_info("RECORD", "thing/__init__.py,,\n");
  put_info("top_level.txt", "zeta\nalpha\n");
  auto x = read();
  ASSERT_TRUE(x);
  EXPECT_THAT(x->imports, ElementsAre("alpha", "zeta"));
}

/// What no wheel can hold is refused, whatever it is.
TEST_F(installed_files, LinksPipesAndEndlessFilesAreRefused) {
  const auto site = tree / "lib/python3.11/site-packages";
  fs::create_symlink("/etc/passwd", site / "linked.py");
  fs::create_directory_symlink("/etc", site / "folder");
  ASSERT_EQ(::mkfifo((site / "pipe.py").c_str(), 0600), 0);
  put_site("sparse.so", "");
  fs::resize_file(site / "sparse.so", std::uintmax_t{4} << 30);
  for (const auto* name :
       {"linked.py", "folder/passwd", "pipe.py", "sparse.so"}) {
    put_info("RECORD", std::string{name} + ",,\nthing/__init__.py,,\n");
    auto x = read();
    ASSERT_FALSE(x) << name;
    EXPECT_EQ(events::code_of(x.error()), events::ec::refused) << name;
  }
}

TEST_F(installed_files, NotesThatAreLinksOrPipesAreRefused) {
  const auto info = tree / "lib/python3.11/site-packages/thing-3.dist-info";
  support::write_file(folder / "secret", R"({"url": "file:///fc/src/a%20b"})");
  put_info("RECORD", "");
  for (const auto* name :
       {"METADATA", "top_level.txt", "RECORD", "direct_url.json"}) {
    const auto kept = fs::exists(info / name) ? support::read_file(info / name)
                                              : std::string{};
    fs::remove(info / name);
    fs::create_symlink(folder / "secret", info / name);
    EXPECT_EQ(events::code_of(read().error()), events::ec::refused) << name;
    fs::remove(info / name);
    ASSERT_EQ(::mkfifo((info / name).c_str(), 0600), 0);
    EXPECT_EQ(events::code_of(read().error()), events::ec::refused) << name;
    fs::remove(info / name);
    put_info(name, kept);
  }
  EXPECT_TRUE(read());
}

TEST_F(installed_files, RecordOfTooManyFilesIsRefused) {
  std::string record;
  for (int i = 0; i < 60'000; ++i)
    record += "a" + std::to_string(i) + ".py,,\n";
  put_info("RECORD", record);
  auto x = read();
  ASSERT_FALSE(x);
  EXPECT_EQ(events::code_of(x.error()), events::ec::refused);
}

TEST_F(installed_files, ReportsWhatItCannotRead) {
  put_info("RECORD", "absent.py,,\n");
  EXPECT_FALSE(read());
}

TEST_F(installed_files, RefusesAnEnvironmentWithoutThePackage) {
  auto x = read_installed(tree, "/fc/src");
  ASSERT_FALSE(x);
  EXPECT_EQ(events::code_of(x.error()), events::ec::not_found);
  EXPECT_FALSE(read_installed(folder / "absent", "/fc/src"));
  put_info("direct_url.json", "no json");
  EXPECT_FALSE(read());
}

TEST(split_csv, KeepsQuotedCommas) {
  EXPECT_THAT(split_csv("a,b"), ElementsAre("a", "b"));
  EXPECT_THAT(split_csv("\"a,\"\"b\",,"), ElementsAre("a,\"b", "", ""));
  EXPECT_THAT(split_csv(""), ElementsAre(""));
  EXPECT_THAT(split_csv("\"open,"), ElementsAre("open,"));
}

TEST(significant_line, PrefersWhatSaysMost) {
  EXPECT_EQ(significant_line(""), "");
  EXPECT_EQ(significant_line("\n  one\n two \n\n"), "two");
  EXPECT_EQ(significant_line("  ModuleNotFoundError: No module named 'x'\n"
                             "  [end of output]\n"
                             "error: subprocess-exited-with-error\n"),
            "ModuleNotFoundError: No module named 'x'");
  EXPECT_EQ(significant_line("  a.c:1:2: error: bad thing\n"
                             "  error: command 'gcc' failed with exit code 1\n"
                             "ERROR: Failed building wheel for x\n"),
            "a.c:1:2: error: bad thing");
  EXPECT_EQ(significant_line("ERROR: Package 'x' requires a different Python: "
                             "3.11.2 not in '>=99'\n"),
            "ERROR: Package 'x' requires a different Python: 3.11.2 not in "
            "'>=99'");
}

TEST(significant_line, GivesValidTextOfBoundedLength) {
  EXPECT_EQ(significant_line("bad \xff byte"), "bad \xef\xbf\xbd byte");
  std::string longest(499, 'x');
  EXPECT_EQ(significant_line(longest + "\xc3\xa4"), longest + "\xef\xbf\xbd");
  EXPECT_EQ(significant_line(std::string(5000, 'x')).size(), 500u);
}

} // namespace
} // namespace fc::actors::services
