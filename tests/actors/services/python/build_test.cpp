#include "fixture.hpp"

namespace fc::actors::services {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using build = python_test;

/// Runs Python of a built environment.
process_result python_in(const fs::path& environment, const std::string& code) {
  auto& tools = shared_tools();
  sandbox_spec spec;
  spec.mounts = {{environment, "/fc/env", false}};
  spec.process.argv = {
    tools.sandbox.path_inside(spec.mounts, "/fc/env/bin/python"), "-c", code};
  auto result = tools.sandbox.run(spec, {});
  return result ? *result : process_result{};
}

TEST_F(build, InstallsAPurePackage) {
  put_pure_package();
  auto x = must_build();
  ASSERT_TRUE(x.ok) << x.error << x.log;
  EXPECT_EQ(x.error, "");
  EXPECT_EQ(x.package.name, "tiny-pure");
  EXPECT_EQ(x.package.version, "1.2");
  EXPECT_THAT(x.package.imports, ElementsAre("tiny"));
  EXPECT_TRUE(x.package.site.starts_with("lib/python3"));
  EXPECT_THAT(x.package.artefacts,
              Contains(Field(&events::artefact::path, "tiny/__init__.py")));
  for (const auto& item : x.package.artefacts) {
    EXPECT_TRUE(item.id);
    EXPECT_THAT(item.path, Not(HasSubstr(".pyc")));
    EXPECT_THAT(item.path, Not(HasSubstr("RECORD")));
  }
  EXPECT_FALSE(x.network);
  EXPECT_TRUE(x.installer.starts_with("pip "));
  EXPECT_THAT(x.recipe, SizeIs(2));
  EXPECT_GT(x.cpu_seconds, 0);
  EXPECT_TRUE(
    python_in(folder / "env", "import tiny; assert tiny.one() == 1").ok());
}

TEST_F(build, GivesEqualBinariesForEqualSources) {
  put_c_package();
  auto first = must_build();
  ASSERT_TRUE(first.ok) << first.log;
  EXPECT_THAT(first.package.imports, ElementsAre("tinyc"));
  build_request other;
  other.environment = folder / "another-environment";
  auto second = must_build(other);
  EXPECT_EQ(first.package.artefacts, second.package.artefacts);
  EXPECT_TRUE(
    python_in(folder / "env", "import tinyc; assert tinyc.value() == 41").ok());
  put_c_package("return PyLong_FromLong(42);");
  auto changed = must_build();
  ASSERT_TRUE(changed.ok);
  auto binary = [](const build_outcome& x) {
    for (const auto& item : x.package.artefacts)
      if (item.path.ends_with(".so"))
        return item.id;
    return events::digest{};
  };
  EXPECT_TRUE(binary(first));
  EXPECT_NE(binary(first), binary(changed));
}

TEST_F(build, NamesTheCompilersError) {
  put_c_package("return undeclared_thing;");
  auto x = must_build();
  EXPECT_FALSE(x.ok);
  EXPECT_THAT(x.error, HasSubstr("undeclared_thing"));
  EXPECT_THAT(x.error, HasSubstr("error: "));
  EXPECT_THAT(x.log, HasSubstr("gcc"));
  EXPECT_THAT(x.package.artefacts, IsEmpty());
}

TEST_F(build, NamesAMissingBackend) {
  put("pyproject.toml", "[build-system]\nrequires = []\n"
                        "build-backend = 'no_such_backend_xyz'\n"
                        "[project]\nname = 'x'\nversion = '1'\n");
  auto x = must_build();
  EXPECT_FALSE(x.ok);
  EXPECT_THAT(x.error, HasSubstr("no_such_backend_xyz"));
}

TEST_F(build, NamesAnErrorOfSetupPy) {
  put("setup.py", "raise RuntimeError('not on this machine')\n");
  auto x = must_build();
  EXPECT_FALSE(x.ok);
  EXPECT_EQ(x.error, "RuntimeError: not on this machine");
}

TEST_F(build, ReportsWrongMetadata) {
  put_pure_package("requires-python = 7\n");
  auto x = must_build();
  EXPECT_FALSE(x.ok);
  EXPECT_THAT(x.error, HasSubstr("requires-python"));
  put_pure_package("requires-python = \">=99\"\n");
  x = must_build();
  EXPECT_FALSE(x.ok);
  EXPECT_THAT(x.error, HasSubstr("requires a different Python"));
}

TEST_F(build, ReportsATreeWithoutAPackage) {
  put("README", "nothing");
  auto x = must_build();
  EXPECT_FALSE(x.ok);
  EXPECT_THAT(x.error, HasSubstr("Neither 'setup.py' nor 'pyproject.toml'"));
}

TEST_F(build, DowngradesLicenceLinesForAnOldSetuptools) {
  if (std::stoi(shared_tools().python.setuptools) >= 77)
    GTEST_SKIP() << "setuptools knows PEP 639";
  put("LICENSE", "none");
  put_pure_package("license = \"MIT\"\nlicense-files = [\n  \"LICENSE\",\n]");
  auto x = must_build();
  EXPECT_TRUE(x.ok) << x.error;
  EXPECT_THAT(x.recipe, Contains(HasSubstr("pep639-downgrade: license as a "
                                           "table and license-files dropped")));
}

TEST_F(build, BuildsBelowTheTopAndGivesTheVersion) {
  put("a dir/setup.py",
      "import os\nfrom setuptools import setup\n"
      "setup(name='below', py_modules=['below'],\n"
      "  version=os.environ['SETUPTOOLS_SCM_PRETEND_VERSION'])");
  put("a dir/below.py", "");
  build_request request;
  request.package_root = "a dir";
  request.version = "4.5";
  auto x = must_build(request);
  ASSERT_TRUE(x.ok) << x.error << x.log;
  EXPECT_EQ(x.package.version, "4.5");
  EXPECT_THAT(x.package.imports, ElementsAre("below"));
}

TEST_F(build, RefusesARootOutsideTheTree) {
  put_pure_package();
  for (const auto* root : {"..", "/etc", "a/../../b"}) {
    build_request request;
    request.package_root = root;
    auto x = try_build(request);
    ASSERT_FALSE(x) << root;
    EXPECT_EQ(events::code_of(x.error()), events::ec::invalid_argument);
  }
}

// No package root was an error of the program's; it is a fact of the tree.
TEST_F(build, ATreeThatDeclaresNoPackageFailsWithThatCause) {
  put("README", "nothing");
  build_request request;
  request.package_root = "";
  auto x = try_build(request);
  ASSERT_TRUE(x);
  EXPECT_FALSE(x->ok);
  EXPECT_THAT(x->error, HasSubstr("no folder of the tree has a setup.py"));
}

TEST_F(build, CannotReachTheNetworkOrTheUser) {
  if (shared_tools().sandbox.isolation() == "none")
    GTEST_SKIP() << "this kernel allows no isolation";
  put("setup.py", "import os, socket\n"
                  "assert not os.path.exists('/root')\n"
                  "assert len(socket.if_nameindex()) == 1\n"
                  "from setuptools import setup\nsetup(name='x', version='1')");
  auto x = must_build();
  EXPECT_TRUE(x.ok) << x.error;
}

TEST_F(build, EndsAtItsTimeLimit) {
  put("setup.py", "import time\ntime.sleep(1000)\n");
  build_request request;
  request.timeout_s = 3;
  auto x = must_build(request);
  EXPECT_FALSE(x.ok);
  EXPECT_EQ(x.error, "not finished after 3 s");
}

TEST_F(build, IsCancelledByTheFlag) {
  put_pure_package();
  build_request request;
  request.source = tree;
  request.environment = folder / "env";
  auto x = build_side(shared_tools(), request,
                      std::make_shared<std::atomic<bool>>(true));
  ASSERT_FALSE(x);
  EXPECT_EQ(events::code_of(x.error()), events::ec::cancelled);
}

// setup.py asks git for its version, and the tree is no repository.
TEST_F(build, GivesGitsAnswerToABuildThatAsksForIt) {
  put("setup.py",
      "import subprocess\nfrom setuptools import setup\n"
      "v = subprocess.check_output(['git', 'describe', '--tags'], text=True)\n"
      "setup(name='tiny', packages=['tiny'], version=v.strip().lstrip('v'))\n");
  put("tiny/__init__.py", "");
  build_request request;
  request.tag = "v1.0";
  auto x = try_build(request);
  ASSERT_TRUE(x);
  ASSERT_TRUE(x->ok) << x->log;
  EXPECT_EQ(x->package.version, "1.0");
  EXPECT_FALSE(fs::exists(folder / "copy/.git"));
  auto none = try_build();
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->ok);
  EXPECT_THAT(none->error, HasSubstr("No names found"));
}

TEST_F(build, NamesASubmoduleThatIsEmpty) {
  put_c_package("return PyLong_FromLong(LIMIT);");
  put(".gitmodules", "[submodule \"lib\"]\n\tpath = extlib\n\turl = x\n");
  fs::create_directories(tree / "extlib");
  auto x = try_build();
  ASSERT_TRUE(x);
  EXPECT_FALSE(x->ok);
  EXPECT_THAT(x->error, HasSubstr("submodule extlib is empty"));
}

} // namespace
} // namespace fc::actors::services
