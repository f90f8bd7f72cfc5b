#include "actors/build/problem_statement.hpp"
#include "actors/discover/github/served_diff.hpp"
#include "actors/judge/question.hpp"
#include "events/policy/judge_by_rules.hpp"
#include "events/policy/symbolic.hpp"
#include "events/policy/text/diff_noise.hpp"
#include "events/policy/verdicts.hpp"
#include "tests/fuzz/fuzz.hpp"

// input ::= diff [ 0x00 title [ 0x00 body ] ]
//
// The diff is read, and used in every way that a diff is used.
namespace fc::fuzz {
namespace {

using namespace events;
using namespace events::policy::text;

const policy::policy& shipped() {
  static const auto x
    = policy::parse_policy(policy::shipped_policy(), "default");
  return *x;
}

bool lies_in(std::string_view part, std::string_view whole) {
  return part.empty()
         || (part.data() >= whole.data()
             && part.data() + part.size() <= whole.data() + whole.size());
}

/// @returns the files, as facts of a pull request.
std::vector<file_change> check_files(std::string_view diff) {
  std::vector<file_change> all;
  for (const auto& file : parse_diff(diff)) {
    check(lies_in(file.path, diff), "a path is a view into the diff");
    auto& facts = all.emplace_back();
    facts.path = file.path;
    for (const auto& hunk : file.hunks)
      for (const auto& line : hunk.lines) {
        check(lies_in(line.text, diff), "a line is a view into the diff");
        check(line.text.find('\n') == std::string_view::npos, "a line is one");
        facts.additions += line.mark == '+' ? 1 : 0;
        facts.deletions += line.mark == '-' ? 1 : 0;
      }
    check(!file.binary || !is_noise(file), "a binary file is never noise");
  }
  return all;
}

void check_judged(const scraped& x, std::string_view diff) {
  const auto said = policy::judge_by_rules(x, diff, shipped());
  static const policy::symbolic_gate gate{shipped().symbolic};
  check(gate.decide(x).index() == gate.decide(x).index(),
        "a verdict is one of the evidence");
  policy::classify(said, shipped());
}

void check_asked(const scraped& x, std::string_view diff) {
  for (const std::uint64_t context : {512, 2048, 32768}) {
    actors::judge_settings settings;
    settings.context_tokens = context;
    settings.output_tokens = 256;
    for (const double share : {1.0, 0.3}) {
      const auto asked = actors::compose_question(x, diff, 90, settings, share);
      if (!asked) {
        check_error(asked.error(), {ec::too_long});
        continue;
      }
      check(asked->left_out <= diff.size(), "no more is cut than there is");
      check(actors::tokens_of(asked->text.size(), settings) + 256 <= context,
            "a question fits into its context");
    }
  }
}

void check_statement(const scraped& x, std::string_view diff) {
  const auto made = actors::render_problem(x, diff);
  check(made.linked.size() <= 200, "links are bounded");
  check(made.text.starts_with("# Performance task: a/b"),
        "a statement names its repository");
  for (const auto& each : made.linked)
    check(made.text.find(each) != std::string::npos, "links are in the text");
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  constexpr std::string_view zero{"\0", 1};
  input in{data, size};
  // Of its own, so that a sanitizer sees a view that leaves it.
  const std::string diff{in.until(zero)};
  fc::events::scraped x;
  x.repo = *fc::events::repo_name::parse("a/b");
  x.number = 1;
  x.title = in.until(zero);
  x.body = in.rest();
  x.files = check_files(diff);
  x.changed_files = static_cast<std::uint32_t>(x.files.size());
  x.diff.size = diff.size();
  check_judged(x, diff);
  check_asked(x, diff);
  check_statement(x, diff);
  check(fc::actors::compare_diffs(diff, diff).equal, "a diff equals itself");
  const auto other = fc::actors::compare_diffs(diff, x.body);
  check(other.equal == other.note.empty(), "a difference is told");
  return 0;
}
