#include "events/policy/speedup/asv_statistics.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace fc::events::policy::speedup::asv {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

double number(const json& x) {
  if (!x.is_string())
    return x.get<double>();
  const auto text = x.get<std::string>();
  if (text == "nan")
    return std::nan("");
  return text == "inf" ? INFINITY : -INFINITY;
}

std::vector<double> samples(const json& x) {
  std::vector<double> result;
  for (const auto& each : x)
    result.push_back(number(each));
  return result;
}

void expect_like(double mine, double theirs, double relative,
                 const std::string& where) {
  if (mine == theirs || (std::isnan(mine) && std::isnan(theirs)))
    return;
  EXPECT_NEAR(mine, theirs, relative * std::abs(theirs)) << where;
}

/// Rows that ASV's own functions gave.
struct golden : testing::Test {
  static fs::path folder() {
    const char* named = std::getenv("FC_SHARED_DATA");
    return fs::path{named != nullptr ? named : FC_SHARED_DATA} / "asv-golden";
  }

  /// Calls `check` for each row and prints how many there were.
  template <class Check>
  static void each(const std::string& name, Check&& check) {
    std::ifstream in{folder() / name};
    std::size_t count = 0;
    for (std::string line; std::getline(in, line); ++count)
      check(json::parse(line));
    std::cout << "  " << name << ": " << count << " rows\n";
    EXPECT_GT(count, 0U);
  }

  void SetUp() override {
    if (!fs::is_directory(folder()))
      GTEST_SKIP() << "no rows of ASV in " << folder()
                   << "; set FC_SHARED_DATA to a folder with asv-golden/";
  }
};

/// A sample with a "nan" in it has no order, so no interval of ASV's either.
bool has_nan(const std::vector<double>& x) {
  return std::ranges::any_of(x, [](double each) { return std::isnan(each); });
}

void check_summary(const std::vector<double>& x, const json& wanted,
                   const std::string& where) {
  if (has_nan(x))
    return;
  const auto mine = summarise(x);
  expect_like(mine.median, number(wanted.at("result")), 1e-14, where);
  expect_like(mine.low, number(wanted.at("ci_99_a")), 1e-9, where);
  expect_like(mine.high, number(wanted.at("ci_99_b")), 1e-9, where);
}

} // namespace

TEST_F(golden, Comparisons) {
  std::size_t different = 0;
  each("compare.jsonl", [&](const json& row) {
    const auto x = samples(row.at("x"));
    const auto y = samples(row.at("y"));
    const auto where
      = "row " + row.at("id").dump() + " " + row.at("group").dump();
    check_summary(x, row.at("stats_x"), where);
    check_summary(y, row.at("stats_y"), where);
    std::vector<double> a;
    std::vector<double> b;
    std::ranges::copy_if(x, std::back_inserter(a),
                         [](double v) { return !std::isnan(v); });
    std::ranges::copy_if(y, std::back_inserter(b),
                         [](double v) { return !std::isnan(v); });
    const auto test = mann_whitney(a, b);
    EXPECT_EQ(test.u, number(row.at("u"))) << where;
    // ASV takes the upper tail from 1, which loses digits of tiny ones.
    EXPECT_NEAR(test.p, number(row.at("p")), 1e-13 + 1e-11 * test.p) << where;
    if (!has_nan(x) && !has_nan(y)) {
      const auto found = is_different(x, y);
      EXPECT_EQ(found.different, row.at("is_different").get<bool>()) << where;
      different += found.different ? 1 : 0;
      EXPECT_EQ(is_different(x, y, 0.05).different,
                row.at("is_different_p05").get<bool>())
        << where;
      for (const auto* factor : {"1.05", "1.1"}) {
        EXPECT_EQ(is_better(x, y, std::stod(factor)),
                  row.at(std::string{"better_"} + factor).get<bool>())
          << where;
        EXPECT_EQ(is_better(y, x, std::stod(factor)),
                  row.at(std::string{"worse_"} + factor).get<bool>())
          << where;
      }
    }
  });
  std::cout << "  different: " << different << '\n';
}

TEST_F(golden, QuantilesAndTheirIntervals) {
  each("quantile_ci.jsonl", [](const json& row) {
    const auto found = interval_of(samples(row.at("x")), number(row.at("q")),
                                   number(row.at("alpha_min")));
    expect_like(found.value, number(row.at("quantile")), 1e-14, row.dump());
    EXPECT_EQ(found.low, number(row.at("ci")[0])) << row.dump();
    EXPECT_EQ(found.high, number(row.at("ci")[1])) << row.dump();
  });
}

TEST_F(golden, BinomialProbabilities) {
  each("binom_pmf.jsonl", [](const json& row) {
    expect_like(binomial(row.at("n"), row.at("k"), number(row.at("p"))),
                number(row.at("pmf")), 1e-11, row.dump());
  });
}

TEST_F(golden, OrderingsOfMannAndWhitney) {
  each("mann_whitney_counts.jsonl", [](const json& row) {
    EXPECT_EQ(orderings(row.at("m"), row.at("n"), row.at("u")),
              number(row.at("r")))
      << row.dump();
  });
}

TEST(asv_statistics, ValuesOfASVItself) {
  // Copied from rows of asv 0.6, so that this holds without them.
  EXPECT_NEAR(binomial(30, 11, 0.5), 0.05087563768029251, 1e-15);
  EXPECT_EQ(binomial(1, 2, 0.9), 0);
  EXPECT_EQ(orderings(2, 2, 2), 2);
  EXPECT_EQ(orderings(8, 7, 1), 1);
  EXPECT_EQ(orderings(3, 1, 4), 0);
}

TEST(asv_statistics, RankTestByHand) {
  // All of 5 below all of 5: 2 of 252 orderings are as far apart.
  const std::vector<double> low{1, 2, 3, 4, 5};
  const std::vector<double> high{6, 7, 8, 9, 10};
  EXPECT_EQ(mann_whitney(low, high).u, 0);
  EXPECT_NEAR(mann_whitney(low, high).p, 2.0 / 252, 1e-15);
  EXPECT_EQ(mann_whitney(low, low).p, 1);
}

TEST(asv_statistics, FewSamplesAreComparedByTheirIntervals) {
  const std::vector<double> slow{2.00, 2.01, 2.02};
  const std::vector<double> fast{1.00, 1.01, 1.02};
  const auto found = is_different(slow, fast);
  EXPECT_FALSE(found.by_test);
  EXPECT_FALSE(is_different(slow, slow).different);
  const std::vector<double> one{1.0};
  EXPECT_FALSE(is_different(one, slow).different);
}

} // namespace fc::events::policy::speedup::asv
