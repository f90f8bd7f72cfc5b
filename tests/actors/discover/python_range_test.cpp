#include "actors/discover/python_range.hpp"

#include <gtest/gtest.h>

namespace fc::actors {

TEST(python_range, IsReadAsItStands) {
  EXPECT_EQ(requires_python_in("pyproject.toml",
                               "[project]\nname = \"x\"\n"
                               "requires-python = \">=3.9,<4\"\n"),
            ">=3.9,<4");
  EXPECT_EQ(requires_python_in("setup.cfg", "[options]\r\n"
                                            "python_requires = >=3.8\r\n"),
            ">=3.8");
  EXPECT_EQ(requires_python_in("setup.cfg", "python_requires=>=3.8 # why\n"),
            ">=3.8");
  EXPECT_EQ(requires_python_in("setup.py", "setup(\n  python_requires='>=2.7',"
                                           "\n)"),
            ">=2.7");
}

TEST(python_range, IsEmptyWhereNothingSaysIt) {
  for (const auto* file : {"pyproject.toml", "setup.cfg", "setup.py"}) {
    EXPECT_EQ(requires_python_in(file, ""), "");
    EXPECT_EQ(requires_python_in(file, "python_requires = "), "") << file;
    EXPECT_EQ(requires_python_in(file, "setup(python_requires=RANGE)"), "")
      << file;
    EXPECT_EQ(requires_python_in(file, std::string(300'000, 'x')), "");
    EXPECT_EQ(requires_python_in(file, std::string("\xff\x00\n", 3)), "");
  }
  EXPECT_EQ(requires_python_in("pyproject.toml", "# requires-python = '>=3'\n"),
            "");
}

TEST(python_range, IsSearchedWithoutRecursion) {
  const std::string long_value(40'000, '9');
  for (const auto* file : {"pyproject.toml", "setup.cfg", "setup.py"}) {
    const std::string key = file == std::string_view{"pyproject.toml"}
                              ? "requires-python"
                              : "python_requires";
    EXPECT_EQ(requires_python_in(file, key + " = '" + long_value + "'\n"), "");
    EXPECT_EQ(requires_python_in(file, std::string(150'000, ' ') + key
                                         + std::string(40'000, ' ')),
              "");
  }
  EXPECT_EQ(requires_python_in("pyproject.toml", "x-requires-python = '1'\n"
                                                 "requires-python = '>=3'\n"),
            ">=3");
}

} // namespace fc::actors
