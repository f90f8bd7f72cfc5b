#pragma once

#include "actors/services/python/build.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace fc::actors::services {

namespace fs = std::filesystem;

/// Opened once: asking an interpreter and the kernel takes a moment.
inline python_tools& shared_tools() {
  static auto opened = sandbox::open("/usr/bin/python3");
  static auto python = find_interpreter("/usr/bin/python3");
  if (!opened || !python)
    throw std::runtime_error("no sandbox or no /usr/bin/python3");
  static python_tools tools{**opened, *python, FC_PYTHON_SCRIPTS};
  return tools;
}

/// A folder of its own for source trees and environments.
class python_test : public ::testing::Test {
protected:
  python_test()
    : folder(fs::path{::testing::TempDir()}
             / ("fc_python_" + std::to_string(::getpid()))),
      tree(folder / "tree") {
    fs::remove_all(folder);
    fs::create_directories(tree);
  }
  ~python_test() override {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  }

  /// Writes a file of the tree.
  void put(const std::string& name, const std::string& content) const {
    auto path = tree / name;
    fs::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary} << content;
  }

  /// A pure Python package that builds without anything else.
  void put_pure_package(const std::string& project_lines = "") const {
    put("pyproject.toml", "[build-system]\nrequires = [\"setuptools\"]\n"
                          "build-backend = \"setuptools.build_meta\"\n"
                          "[project]\nname = \"tiny-pure\"\nversion = \"1.2\"\n"
                            + project_lines
                            + "\n[tool.setuptools]\npackages = [\"tiny\"]\n");
    put("tiny/__init__.py", "def one():\n    return 1\n");
  }

  /// A package with a C extension.
  void put_c_package(const std::string& body = "return PyLong_FromLong(41);") {
    put("setup.py", "from setuptools import Extension, setup\n"
                    "setup(name='tinyc', version='0.1', ext_modules="
                    "[Extension('tinyc', ['tinyc.c'])])\n");
    put("tinyc.c",
        "#include <Python.h>\n"
        "static PyObject *value(PyObject *s, PyObject *a) { "
          + body
          + " }\n"
            "static PyMethodDef all[] = {{\"value\", value, METH_NOARGS, \"\"},"
            " {0}};\n"
            "static struct PyModuleDef def = {PyModuleDef_HEAD_INIT, \"tinyc\","
            " 0, -1, all};\n"
            "PyMODINIT_FUNC PyInit_tinyc(void) { return PyModule_Create(&def);"
            " }\n");
  }

  expected<build_outcome> try_build(build_request request = {}) const {
    // The build writes into its source: a fresh copy each time.
    request.source = folder / "copy";
    fs::remove_all(request.source);
    fs::copy(tree, request.source, fs::copy_options::recursive);
    if (request.environment.empty())
      request.environment = folder / "env";
    return build_side(shared_tools(), request, {});
  }

  build_outcome must_build(build_request request = {}) const {
    auto result = try_build(std::move(request));
    EXPECT_TRUE(result) << (result ? "" : events::describe(result.error()));
    return result ? *result : build_outcome{};
  }

  declared_package must_read() const {
    auto result = read_declared(shared_tools(), tree, {});
    EXPECT_TRUE(result) << (result ? "" : events::describe(result.error()));
    return result ? *result : declared_package{};
  }

  fs::path folder;
  fs::path tree;
};

} // namespace fc::actors::services
