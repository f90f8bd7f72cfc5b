#include "tests/support/samples.hpp"
#include "tests/tools/replay/browser.hpp"
#include "tests/tools/replay/program.hpp"
#include "tools/replay/audit/html.hpp"

#include <limits>

namespace fc::replay {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

namespace {

using number = std::numeric_limits<double>;

/// What somebody might put into a title or a benchmark's name.
const std::string hostile
  = "<script>alert(1)</script> \"><img src=x onerror=alert(2)> </style>"
    "<svg onload=alert(3)> & ' \x01\x1b[31m\x7f\xff\xc2\x85 \xe2\x80\xae"
    "tnet 🚀 größer </title><a href=\"javascript:alert(4)\">x</a> &lt;b&gt;";

events::benchmark_trial
timed(std::string name, const std::vector<double>& base, double head) {
  events::benchmark_trial x;
  x.name = std::move(name);
  x.status = "ok";
  x.reach = "function";
  x.screen_base = x.confirm_base = x.aa_base = base;
  x.screen_head = x.confirm_head = x.aa_twin
    = std::vector<double>(base.size(), head);
  return x;
}

/// Times as no clock should give them.
std::vector<double> odd_times() {
  return {number::quiet_NaN(),  number::infinity(), -1,   0,
          number::denorm_min(), number::max(),      1e-9, 3};
}

stories::story trialled_story(std::uint32_t at, std::string title,
                              std::vector<events::benchmark_trial> all) {
  auto facts = samples::scraped();
  facts.repo = stories::id_of(at).repo;
  facts.number = at;
  facts.title = std::move(title);
  auto trial = samples::trialled();
  trial.benchmarks = std::move(all);
  return {events::stream_of(stories::id_of(at)),
          {events::make_event(facts), events::make_event(trial)}};
}

std::vector<events::benchmark_trial> many(int count) {
  std::vector<events::benchmark_trial> all;
  for (int i = 0; i < count; ++i)
    all.push_back(timed("bench.time_" + std::to_string(i), {2, 2.1, 1.9, 2.05},
                        1 + 0.003 * i));
  return all;
}

} // namespace

/// Pages of pull requests of a log of their own.
struct page : program {
  static void SetUpTestSuite() {
    program::SetUpTestSuite();
    auto log = events::log::open_rocksdb_log({*folder / "pages"});
    ASSERT_TRUE(log) << describe(log.error());
    auto odd = timed("odd", odd_times(), 1.5);
    auto rough = timed("rough", {1e-9, 1e9, 1}, 1);
    stories::write_in_turn(
      **log, {stories::adopted(),
              trialled_story(1, hostile, {timed(hostile, {2, 3}, 1)}),
              trialled_story(2, "", {}), trialled_story(3, "many", many(300)),
              trialled_story(4, "odd", {odd, rough, timed("same", {1, 1}, 1)}),
              stories::published_one(), stories::given_up()});
  }
  void TearDown() override {
    std::filesystem::remove(file);
  }

  /// The page of a pull request, written by the program.
  std::string of(int at) const {
    const auto x = run("--log " + (*folder / "pages") + " --audit 'acme/geo#"
                       + std::to_string(at) + "' --html " + file);
    EXPECT_EQ(x.exit, 0) << x.err;
    EXPECT_THAT(x.out, HasSubstr(file));
    return support::read_file(file);
  }

  /// What a browser sees of it, and what holds for every page.
  json seen(int at, const std::string& how = "light 1000") const {
    of(at);
    auto x = look(file, how);
    EXPECT_TRUE(x["errors"].empty()) << x["errors"];
    EXPECT_TRUE(x["requests"].empty()) << x["requests"];
    EXPECT_EQ(x["unnamed_figures"], 0);
    EXPECT_EQ(x["drawn_outside"], 0);
    EXPECT_EQ(x["bad_numbers"], 0);
    EXPECT_EQ(x["handlers"], 0);
    EXPECT_EQ(x["broken_links"], 0);
    EXPECT_EQ(x["scrolls_sideways"], false);
    EXPECT_GE(x["least_contrast"].get<double>(), 4.5);
    for (const auto* bad : {"script", "img", "iframe", "object", "b"})
      EXPECT_EQ(std::ranges::count(x["elements"], bad), 0) << bad;
    return x;
  }

  std::string file = *folder / "page.html";
};

TEST_F(page, SaysWhatTheTextSays) {
  const auto text = of(5);
  EXPECT_THAT(text, testing::StartsWith("<!doctype html>"));
  for (const auto* each :
       {"Vectorise the grid, größer ≥ 2×", "2024-04-06 11:30:00 UTC",
        "published in 2024-04", "Published because bench_grid", "A/A floor",
        "bench_grid.Grid.time_build(1000)",
        "left out: the time allowed ran out",
        "2 other benchmarks, error: MemoryError", "geomean"})
    EXPECT_THAT(text, HasSubstr(each));
  EXPECT_THAT(text, HasSubstr(stories::shipped().id.hex()));
  EXPECT_THAT(text, HasSubstr("<svg role=\"img\""));
  for (const auto* loads :
       {"src=", "url(", "@import", "href=\"http", "<script"})
    EXPECT_THAT(text, Not(HasSubstr(loads)));
}

TEST_F(page, EscapesWhatComesFromOutside) {
  const auto text = of(1);
  for (const auto* bad :
       {"<script", "<img", "onerror=alert(2)>", "<svg onload", "<a href=\"java",
        "\x1b", "\x01", "\x7f", "\xff", "\xe2\x80\xae", "\xc2\x85"})
    EXPECT_THAT(text, Not(HasSubstr(bad)));
  EXPECT_EQ(text.find("</style>"), text.rfind("</style>"));
  EXPECT_EQ(text.find("</title>"), text.find("</title>\n<style>"));
  EXPECT_THAT(text, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(text, HasSubstr("🚀 größer"));
}

TEST_F(page, ReplacesAFileInOneStep) {
  support::write_file(file, "old");
  EXPECT_THAT(of(2), HasSubstr("(no title)"));
  for (const auto& each : std::filesystem::directory_iterator{folder->path()})
    EXPECT_THAT(each.path().string(), Not(HasSubstr(".part-")));
}

TEST_F(page, RefusesWhereItCannotWrite) {
  const auto log = "--log " + (*folder / "pages") + " --audit 'acme/geo#2' ";
  expect_refused(run(log + "--html /absent/x.html"), 1, "/absent/x.html");
  expect_refused(run(log + "--html " + folder->path().string()), 1,
                 folder->path().string());
  expect_refused(run(log + "--html /dev/full"), 1, "/dev/full");
  expect_refused(run("--log " + (*folder / "pages")
                     + " --audit 'acme/geo#99' --html " + file),
                 1, "acme/geo#99");
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(html_escaping, KeepsWhatIsPlain) {
  EXPECT_EQ(html::escaped("größer 🚀 a\tb\n"), "größer 🚀 a\tb\n");
  EXPECT_EQ(html::escaped("<&>\"'"), "&lt;&amp;&gt;&quot;&#39;");
  EXPECT_EQ(html::escaped(std::string_view("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(html::escaped("\u2028\u202E\u2066\uFEFF"),
            "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(html::escaped("\u200B\u061C\u00AD"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(html::escaped(""), "");
  EXPECT_EQ(html::element("p", "a<b"), "<p>a&lt;b</p>");
}

/// The same in a browser that we did not write.
struct browser : page {
  void SetUp() override {
    if (const auto why = browser_missing(); !why.empty())
      GTEST_SKIP() << why;
  }
};

TEST_F(browser, SeesThePage) {
  const auto x = seen(5);
  EXPECT_EQ(x["title"], "Audit of acme/geo#5");
  EXPECT_EQ(x["language"], "en");
  EXPECT_EQ(x["figures"], 2);
  const auto text = x["text"].get<std::string>();
  EXPECT_THAT(text, HasSubstr("Vectorise the grid, größer ≥ 2×"));
  EXPECT_THAT(text, HasSubstr("20 pairs, median 2.000x"));
}

TEST_F(browser, SeesItInTheDarkAndOnATelephone) {
  EXPECT_EQ(seen(5, "dark 1000")["background"], "rgb(20, 23, 26)");
  EXPECT_EQ(seen(5, "light 360")["background"], "rgb(255, 255, 255)");
  EXPECT_EQ(seen(1, "dark 360")["figures"], 1);
}

TEST_F(browser, SeesHostileTextAsText) {
  const auto text = seen(1)["text"].get<std::string>();
  EXPECT_THAT(text, HasSubstr("<script>alert(1)</script>"));
  EXPECT_THAT(text, HasSubstr("<img src=x onerror=alert(2)>"));
  EXPECT_THAT(text, HasSubstr("&lt;b&gt;"));
}

TEST_F(browser, SeesNoFigureWithoutABenchmark) {
  EXPECT_EQ(seen(2)["figures"], 0);
  EXPECT_EQ(seen(6)["figures"], 0);
}

TEST_F(browser, SeesThreeHundredBenchmarksFoldedAway) {
  const auto x = seen(3);
  EXPECT_EQ(x["figures"], 300);
  EXPECT_EQ(x["visible_figures"], 8);
  EXPECT_THAT(x["text"].get<std::string>(), HasSubstr("292 figures more"));
}

TEST_F(browser, SeesOnlyTimesThatAreTimes) {
  const auto x = seen(4);
  EXPECT_EQ(x["figures"], 3);
  EXPECT_THAT(x["text"].get<std::string>(),
              HasSubstr("4 pairs unusable (a time is missing, not finite or "
                        "not above 0)"));
}

} // namespace fc::replay
