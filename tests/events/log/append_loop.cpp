#include "events/catalog.hpp"
#include "events/log/event_log.hpp"

#include <cstdio>
#include <cstdlib>

using namespace fc::events;

namespace {

/// One to five events of one pull request each, with a diff.
log::append_request next_request(std::uint32_t number, const log::blob& diff) {
  scraped facts;
  facts.repo = *repo_name::parse("some/repo");
  facts.number = number;
  facts.diff = {diff.id, diff.data.size()};
  log::append_request request{
    stream_of(pull_request_id{facts.repo, number}), 0, {make_event(facts)}};
  for (std::uint32_t i = 0; i < number % 5; ++i)
    request.events.push_back(make_event(symbolic_passed{"rule"}));
  return request;
}

} // namespace

/// Appends for ever; prints "open" and then the last position of each batch,
/// once it was acknowledged. Ends only by a signal or a failure.
int main(int argc, char** argv) {
  if (argc != 2)
    return 2;
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  std::puts("starting");
  auto opened = log::open_rocksdb_log({argv[1], true, log::system_now});
  if (!opened) {
    std::fprintf(stderr, "%s\n", describe(opened.error()).c_str());
    return 1;
  }
  auto& events = **opened;
  std::puts("open");
  for (auto number = static_cast<std::uint32_t>(events.last() + 1);; ++number) {
    std::string text;
    for (std::uint32_t i = 0; i < number % 400; ++i)
      text += event_id::random().hex();
    const auto diff = log::make_blob(text);
    auto results = events.append(
      {next_request(number * 2, diff), next_request(number * 2 + 1, diff)},
      {diff}, {"run", "node"});
    if (!results || results->at(0).failure || results->at(1).failure)
      return 1;
    std::printf("%llu\n", static_cast<unsigned long long>(events.last()));
  }
}
