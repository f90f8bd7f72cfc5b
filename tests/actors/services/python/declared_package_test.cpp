#include "fixture.hpp"

namespace fc::actors::services {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

auto is(const std::string& text, const std::string& state) {
  return AllOf(Field(&requirement::text, text),
               Field(&requirement::state, state));
}

using declared_needs = python_test;

TEST_F(declared_needs, ReadsPyproject) {
  put("pyproject.toml", R"([build-system]
requires = ["setuptools>=40", "no-such-backend-xyz"]
build-backend = "setuptools.build_meta"
[project]
name = "thing"
version = "2.0"
requires-python = ">=3.8"
dependencies = ["pip>=1", "pip>=9999", "no-such-package-xyz",
                "other; python_version < '3'"]
[project.optional-dependencies]
test = ["pytest"]
)");
  auto x = must_read();
  EXPECT_EQ(x.package_root, ".");
  EXPECT_EQ(x.name, "thing");
  EXPECT_EQ(x.version, "2.0");
  EXPECT_EQ(x.requires_python, ">=3.8");
  EXPECT_TRUE(x.python_fits);
  EXPECT_EQ(x.build_backend, "setuptools.build_meta");
  EXPECT_THAT(x.build_requires,
              ElementsAre(is("setuptools>=40", "present"),
                          is("no-such-backend-xyz", "missing")));
  EXPECT_THAT(x.requirements,
              ElementsAre(is("pip>=1", "present"),
                          is("pip>=9999", "wrong version"),
                          is("no-such-package-xyz", "missing"),
                          is("other; python_version < \"3\"", "not needed")));
  EXPECT_EQ(x.requirements[0].installed, shared_tools().python.pip);
  EXPECT_THAT(x.extras, ElementsAre("test"));
  EXPECT_THAT(x.bad, IsEmpty());
  EXPECT_THAT(x.missing(), ElementsAre("no-such-backend-xyz", "pip>=9999",
                                       "no-such-package-xyz"));
}

TEST_F(declared_needs, ReportsBadRequirementsWithReasons) {
  put("pyproject.toml", R"([project]
name = "thing"
requires-python = "three"
dependencies = ["pip", "foo >= ", "-r requirements.txt", "a b c",
                "q; bogus == '1'", 7]
)");
  auto x = must_read();
  EXPECT_THAT(x.requirements, ElementsAre(is("pip", "present")));
  ASSERT_THAT(x.bad, SizeIs(5));
  for (const auto& bad : x.bad)
    EXPECT_NE(bad.reason, "") << bad.requirement;
  EXPECT_EQ(x.bad[0].requirement, "python three");
  EXPECT_EQ(x.bad[2].reason, "an option of pip, not a requirement");
}

TEST_F(declared_needs, ReadsSetupCfgAndRequirementFiles) {
  put("setup.py", "from setuptools import setup\nsetup()\n");
  put("setup.cfg", "[metadata]\nname = thing\nversion = attr: thing.v\n"
                   "[options]\npython_requires = >=3.99\n"
                   "install_requires = file: needs.txt\n");
  put("needs.txt", "pip  # a tool\n\n# none\nno-such-package-xyz>=1\n");
  auto x = must_read();
  EXPECT_EQ(x.name, "thing");
  EXPECT_EQ(x.version, "");
  EXPECT_FALSE(x.python_fits);
  EXPECT_EQ(x.build_backend, "setuptools.build_meta:__legacy__");
  EXPECT_THAT(
    x.requirements,
    ElementsAre(is("pip", "present"), is("no-such-package-xyz>=1", "missing")));
}

TEST_F(declared_needs, ReadsSetupPyWithoutRunningIt) {
  put("setup.py", "import os\nopen('/fc/src/executed', 'w')\n"
                  "NEEDS = ['pip>=1']\n"
                  "setup(name='thing', version='3', python_requires='>=3',\n"
                  "      install_requires=NEEDS, ext_modules=[x()])\n");
  auto x = must_read();
  EXPECT_EQ(x.name, "thing");
  EXPECT_EQ(x.version, "3");
  EXPECT_TRUE(x.extensions);
  EXPECT_TRUE(x.requirements_known);
  EXPECT_THAT(x.requirements, ElementsAre(is("pip>=1", "present")));
  EXPECT_FALSE(fs::exists(tree / "executed"));
}

TEST_F(declared_needs, SaysWhenNeedsAreComputed) {
  put("setup.py", "setup(name='thing', install_requires=compute())\n");
  auto x = must_read();
  EXPECT_FALSE(x.requirements_known);
  EXPECT_THAT(x.notes, ElementsAre(HasSubstr("computed")));
}

TEST_F(declared_needs, ReadsPoetry) {
  put("pyproject.toml", R"([build-system]
requires = []
build-backend = "poetry.core.masonry.api"
[tool.poetry]
name = "thing"
version = "1"
[tool.poetry.dependencies]
python = "^3.8"
alpha = "^1.2.3"
beta = "~0.5"
gamma = {version = "*", optional = true}
delta = {version = "^0.2", markers = "python_version >= '3'"}
epsilon = "1.5"
)");
  auto x = must_read();
  EXPECT_EQ(x.requires_python, ">=3.8,<4");
  EXPECT_TRUE(x.python_fits);
  EXPECT_THAT(
    x.requirements,
    ElementsAre(is("alpha<2,>=1.2.3", "missing"),
                is("beta<0.6,>=0.5", "missing"),
                is("delta<0.3,>=0.2; python_version >= \"3\"", "missing"),
                is("epsilon==1.5", "missing")));
}

TEST_F(declared_needs, FindsThePackageBelowTheTop) {
  put("pyproject.toml", "[tool.black]\nline-length = 79\n");
  put("tests/setup.py", "");
  put("b/python/setup.py", "setup(name='deep')");
  put("b/setup.py", "setup(name='b')");
  put("a/pyproject.toml", "[project]\nname = 'a'\n");
  auto x = must_read();
  EXPECT_EQ(x.package_root, "a");
  EXPECT_EQ(x.name, "a");
  EXPECT_THAT(x.root_reason, HasSubstr("not taken: b, b/python, tests"));
}

TEST_F(declared_needs, SaysWhenThereIsNothingToBuild) {
  put("README", "nothing");
  auto x = must_read();
  EXPECT_EQ(x.package_root, "");
  EXPECT_NE(x.root_reason, "");
}

TEST_F(declared_needs, SurvivesDamagedAndHostileFiles) {
  put("pyproject.toml", "[project\nname = ");
  put("setup.cfg", "no section\n");
  put("setup.py", "def (:\n");
  auto x = must_read();
  EXPECT_EQ(x.package_root, ".");
  EXPECT_THAT(x.notes, SizeIs(3));
  put("pyproject.toml", "project = 1\n[build-system]\nrequires = 'x'\n"
                        "build-backend = 7\n[tool]\npoetry = []\n");
  put("setup.cfg", std::string("\xff\xfe\0[metadata]", 13));
  put("setup.py", std::string(100'000, '('));
  x = must_read();
  EXPECT_EQ(x.name, "");
}

TEST_F(declared_needs, FollowsNoLinkOutOfTheTree) {
  put("setup.py", "setup()");
  fs::create_symlink("/etc/passwd", tree / "setup.cfg");
  put("pyproject.toml", "[project]\nname = 'x'\ndynamic = ['dependencies']\n"
                        "[tool.setuptools.dynamic]\n"
                        "dependencies = {file = ['../../etc/passwd', "
                        "'/etc/passwd', 'link']}\n");
  fs::create_symlink("/etc/passwd", tree / "link");
  auto x = must_read();
  EXPECT_THAT(x.requirements, IsEmpty());
  EXPECT_THAT(x.bad, IsEmpty());
}

TEST_F(declared_needs, RefusesAMissingTree) {
  auto x = read_declared(shared_tools(), folder / "absent", {});
  ASSERT_FALSE(x);
  EXPECT_EQ(events::code_of(x.error()), events::ec::not_found);
}

TEST(find_interpreter, AnswersOrRefuses) {
  auto& python = shared_tools().python;
  EXPECT_TRUE(python.version.starts_with("3."));
  EXPECT_TRUE(fs::exists(python.path));
  auto absent = find_interpreter("/no/such/python");
  ASSERT_FALSE(absent);
  EXPECT_EQ(events::code_of(absent.error()), events::ec::not_found);
  auto wrong = find_interpreter("/bin/echo");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(events::code_of(wrong.error()), events::ec::unavailable);
}

// The folder of repo_subdir holds the package, another lies at the top.
TEST_F(declared_needs, TakesThePackageThatTheConfigurationNames) {
  put("pyproject.toml", "[project]\nname = \"tests\"\nversion = \"1\"\n");
  put("package/pyproject.toml",
      "[project]\nname = \"mini\"\nversion = \"2\"\n");
  auto at = [&](const std::string& root) {
    auto x = read_declared(shared_tools(), tree, {}, root);
    EXPECT_TRUE(x);
    return x ? x->name : std::string{};
  };
  EXPECT_EQ(at("package"), "mini");
  EXPECT_EQ(at("package/../package/."), "mini");
  for (const auto* root : {"", "absent", "..", "/", "../tree/package/../.."})
    EXPECT_EQ(at(root), "tests") << root;
}

// 200,000 brackets, 50,000 dots and 40,000 characters ended the reader.
TEST_F(declared_needs, SaysInOneLineWhatHostileFilesAskFor) {
  std::string dots = "a";
  for (int i = 0; i < 50'000; ++i)
    dots += ".a";
  for (const auto& hostile :
       {"[project]\nx = " + std::string(200'000, '['),
        "[project]\n" + dots + " = 1\n",
        "[project]\nx = " + std::string(5'000, '9') + "\n"}) {
    put("pyproject.toml", hostile);
    const auto x = must_read();
    EXPECT_EQ(x.package_root, ".");
    ASSERT_THAT(x.notes, SizeIs(1));
    EXPECT_THAT(x.notes.front(), HasSubstr("pyproject.toml cannot be read"));
    EXPECT_LT(x.notes.front().size(), 400u);
  }
  put("pyproject.toml", "[project]\nname = \"" + std::string(40'000, 'n')
                          + "\"\ndependencies = [\"" + dots + "\", \"pip\"]\n");
  const auto x = must_read();
  EXPECT_EQ(x.name, "");
  EXPECT_THAT(x.bad, SizeIs(1));
  EXPECT_THAT(x.requirements, SizeIs(1));
}

} // namespace
} // namespace fc::actors::services
