#include "tests/actors/services/file_server.hpp"

#include "fixture.hpp"

namespace fc::actors::services {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A package that builds itself without help, and needs another one.
constexpr const char* self_made_backend = R"(
import os, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = NAME + "-1.0-py3-none-any.whl"
    info = NAME + "-1.0.dist-info/"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr(NAME + ".py", "here = True\n")
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: "
                       + NAME + "\nVersion: 1.0\n" + NEEDS)
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\nGenerator: x\n"
                       "Root-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(info + "RECORD", NAME + ".py,,\n" + info
                       + "METADATA,,\n" + info + "WHEEL,,\n" + info
                       + "RECORD,,\n")
    return name
)";

/// A simple index (PEP 503) with one wheel, on the loopback.
class index_build : public python_test {
protected:
  index_build() {
    auto pages = folder / "www" / "simple";
    fs::create_directories(pages / "fc-needed-xyz");
    std::ofstream{pages / "index.html"}
      << "<a href=\"/simple/fc-needed-xyz/\">fc-needed-xyz</a>";
    std::ofstream{pages / "fc-needed-xyz" / "index.html"}
      << "<a href=\"fc_needed_xyz-1.0-py3-none-any.whl\">"
         "fc_needed_xyz-1.0-py3-none-any.whl</a>";
    process_spec spec;
    spec.argv = {"/usr/bin/python3", "-I", "-c",
                 backend("fc_needed_xyz", "") + "\nbuild_wheel('"
                   + (pages / "fc-needed-xyz").string() + "')\n"};
    auto made = services::run(spec, {});
    EXPECT_TRUE(made && made->ok());
    server.emplace(folder / "www");
    put("pyproject.toml", "[build-system]\nrequires = []\nbuild-backend = "
                          "'own'\nbackend-path = ['.']\n");
    put("own.py", backend("asks", "Requires-Dist: fc-needed-xyz>=1\\n"));
  }

  static std::string
  backend(const std::string& name, const std::string& needs) {
    return "NAME = '" + name + "'\nNEEDS = '" + needs + "'\n"
           + self_made_backend;
  }

  index_choice
  choose(const std::string& wanted, const std::string& variable = "") const {
    return package_index{wanted, variable, shared_tools().python}.answer();
  }

  build_outcome with_index(const index_choice& index) const {
    build_request request;
    request.index = index;
    return must_build(request);
  }

  std::optional<file_server> server;
};

TEST_F(index_build, FetchesDependenciesAndKeepsThePasswordToItself) {
  auto index = choose(server->secret_address() + "simple");
  EXPECT_EQ(index.url, server->secret_address() + "simple/");
  EXPECT_EQ(index.shown, server->address() + "simple/");
  auto x = with_index(index);
  ASSERT_TRUE(x.ok) << x.error << x.log;
  EXPECT_TRUE(x.network);
  EXPECT_EQ(x.package.name, "asks");
  for (const auto& item : x.package.artefacts)
    EXPECT_THAT(item.path, Not(HasSubstr("fc_needed_xyz")));
  EXPECT_TRUE(fs::exists(folder / "env" / x.package.site / "fc_needed_xyz.py"));
  EXPECT_THAT(x.log, HasSubstr("fc_needed_xyz"));
  EXPECT_THAT(x.log, Not(HasSubstr("hush-hush")));
  for (const auto& line : x.recipe)
    EXPECT_THAT(line, Not(HasSubstr("hush-hush")));
}

TEST_F(index_build, NamesWhatTheIndexDoesNotHave) {
  put("own.py", backend("asks", "Requires-Dist: fc-absent-xyz\\n"));
  auto x = with_index(choose(server->address() + "simple/"));
  EXPECT_FALSE(x.ok);
  EXPECT_THAT(x.error, HasSubstr("fc-absent-xyz"));
}

TEST_F(index_build, NeedsNoDependenciesWithoutAnIndex) {
  auto x = with_index(choose("none"));
  EXPECT_TRUE(x.ok) << x.error;
  EXPECT_FALSE(
    fs::exists(folder / "env" / x.package.site / "fc_needed_xyz.py"));
}

TEST_F(index_build, ChoosesInOrder) {
  EXPECT_EQ(choose("none", server->address()).shown, "none");
  EXPECT_EQ(choose("", server->address()).url, server->address());
  EXPECT_THAT(choose("", server->address()).reason, HasSubstr("PIP_INDEX_URL"));
  auto given = server->address() + "simple/";
  EXPECT_EQ(choose(given, "http://127.0.0.1:1/").url, given);
}

TEST_F(index_build, SaysWhyThereIsNone) {
  auto x = choose(server->secret_address() + "absent");
  EXPECT_EQ(x.url, "");
  EXPECT_EQ(x.shown, "none");
  EXPECT_THAT(x.reason, HasSubstr("404"));
  EXPECT_THAT(x.reason, Not(HasSubstr("hush-hush")));
  auto address = server->address();
  server.reset();
  x = choose(address);
  EXPECT_EQ(x.url, "");
  EXPECT_NE(x.reason, "");
  EXPECT_EQ(choose("no address").url, "");
}

TEST_F(index_build, AsksOnce) {
  package_index index{server->address(), "", shared_tools().python};
  EXPECT_NE(index.answer().url, "");
  server.reset();
  EXPECT_NE(index.answer().url, "");
}

} // namespace
} // namespace fc::actors::services
