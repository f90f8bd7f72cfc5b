#include "actors/discover/github/linked_issues.hpp"
#include "actors/discover/github/listing.hpp"
#include "actors/discover/github/served_diff.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <chrono>
#include <vector>

// What GitHub answers, one after another, to a client that asks in earnest.
//
//   input  ::= what:letter LF { answer "\n--\n" }
//   answer ::= status LF { name ": " value LF } LF body
namespace fc::fuzz {
namespace {

using namespace actors;
using namespace actors::services;
using events::ec;

/// Moves when somebody waits.
class own_clock : public wait_clock {
public:
  events::timestamp now() override {
    return now_;
  }
  bool sleep_until(events::timestamp at, const stop_flag&) override {
    check(at - now_ <= std::chrono::hours{2}, "no wait is without bound");
    now_ = std::max(now_, at);
    return true;
  }

private:
  events::timestamp now_ = *events::parse_time("2026-11-01");
};

http_response answer_of(input in) {
  http_response x;
  x.status = std::atol(std::string{in.until("\n").substr(0, 4)}.c_str());
  for (auto line = in.until("\n"); !line.empty(); line = in.until("\n"))
    if (const auto colon = line.find(": "); colon != std::string_view::npos)
      x.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  x.body = in.rest();
  return x;
}

/// Gives the input's answers; then there is no GitHub any more.
class given_answers : public http_client {
public:
  explicit given_answers(input in) : in_(in) {}

  expected<http_response> send(const http_request&, const stop_flag&) override {
    if (in_.empty())
      return events::make_error(ec::cancelled, "no more answers");
    const auto next = in_.until("\n--\n");
    return answer_of(
      {reinterpret_cast<const std::uint8_t*>(next.data()), next.size()});
  }

private:
  input in_;
};

template <class T>
void check_answer(const events::expected<T>& x) {
  if (!x)
    check_error(x.error(),
                {ec::not_found, ec::refused, ec::unavailable, ec::rate_limited,
                 ec::internal, ec::malformed, ec::cancelled});
}

/// One answer, as both interfaces read it.
void check_reading(input in) {
  const auto now = *events::parse_time("2026-11-01");
  const auto answer = answer_of(in);
  for (const auto& x : {read_rest(answer, now), read_graphql(answer, now)}) {
    check(x.limit.refused == (x.outcome == github_outcome::limited),
          "a limit is told from other refusals");
    check(x.limit.refused != x.kind.empty(), "a limit has a kind");
  }
  check(excerpt_of(answer.body).find('\n') == std::string::npos,
        "an excerpt is one line");
  limit_headers(answer);
}

void check_listing(github_client& github, github_usage& used) {
  listing_request wanted;
  wanted.repo = *events::repo_name::parse("a/b");
  wanted.window
    = {*events::parse_time("2026-01-01"), *events::parse_time("2026-01-02")};
  wanted.counted = 2;
  wanted.merged_total = 9;
  page_size pages;
  const auto x = list_merged(github, wanted, pages, used, {});
  check_answer(x);
  if (!x)
    return;
  for (const auto& [number, pull] : x->pulls)
    check(number == pull.facts.number
            && pull.facts.merged_at >= wanted.window.start
            && pull.facts.merged_at < wanted.window.end,
          "a listing holds its window");
}

void ask(char what, github_client& github) {
  github_usage used;
  const auto repo = *events::repo_name::parse("a/b");
  if (what == 'l')
    return check_listing(github, used);
  if (what == 'n')
    return check_answer(read_numbers(github, repo, {1, 2, 3}, used, {}));
  if (what == 'i')
    return check_answer(read_issues(github, {"I_1", "I_2"}, used, {}));
  if (what == 'd')
    return check_answer(read_served_diff(github, repo, 1, used, {}));
  const time_slice window{*events::parse_time("2026-01-01"),
                          *events::parse_time("2026-02-01")};
  const auto cards = read_cards(github, {repo, repo}, window, used, {});
  check_answer(cards);
  check(!cards || cards->size() == 2, "each repository has its card");
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  input in{data, size};
  const auto what = static_cast<char>(in.byte());
  in.until("\n");
  if (what == 'r') {
    check_reading(in);
    return 0;
  }
  fc::actors::services::github_settings settings;
  settings.tries = 2;
  settings.max_limits_met = 2;
  fc::actors::services::github_client github{
    settings, std::make_shared<given_answers>(in),
    fc::actors::services::fixed_tokens({"one", "other"}),
    std::make_shared<own_clock>(), [] {
      return 0.5;
    }};
  ask(what, github);
  return 0;
}
