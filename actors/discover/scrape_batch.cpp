#include "actors/discover/scrape_batch.hpp"

#include "events/failures/fingerprint.hpp"

#include <utility>

namespace fc::actors {

namespace {

std::string joined(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& each : all)
    text += (text.empty() ? "" : ", ") + each;
  return text;
}

events::attempt_failed missing(const events::scraped& facts) {
  events::attempt_failed x;
  x.stage = events::discovery_name;
  x.attempt = 1;
  x.cause = events::to_string(events::ec::missing_object);
  x.message
    = "objects missing in the repository: " + joined(facts.missing_objects);
  x.fingerprint = events::fingerprint_of("objects missing in the repository");
  return x;
}

events::blob_ref keep(first_events& first, const std::string& text) {
  first.blobs.push_back(events::log::make_blob(text));
  const auto& kept = first.blobs.back();
  return {kept.id, kept.data.size()};
}

} // namespace

first_events
begin_stream(discovered_pull found, const events::policy::symbolic_gate& gate,
             const events::digest& policy, const std::string& no_suite_reason) {
  first_events first;
  auto& facts = found.facts;
  if (found.diff)
    facts.diff = keep(first, *found.diff);
  if (!found.issue_texts.empty())
    facts.issue_texts = keep(first, found.issue_texts);
  auto& request = first.request;
  request.stream
    = events::stream_of(events::pull_request_id{facts.repo, facts.number});
  request.events.push_back(events::make_event(facts));
  if (found.audit) {
    if (!found.served.empty())
      found.audit->served = keep(first, found.served);
    request.events.push_back(events::make_event(*found.audit));
  }
  // Title and files may reject it without what is missing.
  auto early = found.before_diff ? *found.before_diff : gate.before_diff(facts);
  const bool rejected = !events::policy::is_passed(early);
  if (!facts.missing_objects.empty() && !rejected) {
    first.incomplete = true;
    request.events.push_back(events::make_event(missing(facts)));
    request.events.push_back(events::make_verdict(
      events::dropped{std::string{events::discovery_name}, "missing_objects",
                      "the repository lacks objects of this pull request: "
                        + joined(facts.missing_objects)
                        + "; fetch them and use a new log",
                      true},
      policy));
    return first;
  }
  if (!rejected && facts.note.starts_with(not_read)) {
    request.events.push_back(events::make_verdict(
      events::dropped{std::string{events::discovery_name}, "unreadable",
                      "the pull request is " + facts.note, false},
      policy));
    return first;
  }
  const auto verdict = gate.by_diff(std::move(early), facts);
  std::visit(
    [&](const auto& x) {
      request.events.push_back(events::make_verdict(x, policy));
    },
    verdict);
  first.passed = events::policy::is_passed(verdict);
  if (first.passed && !no_suite_reason.empty()) {
    first.passed = false;
    request.events.push_back(events::make_verdict(
      events::dropped{"scrape_repos", "no_suite", no_suite_reason, false},
      policy));
  }
  return first;
}

void scrape_batch::add(first_events x) {
  order_.requests.push_back(std::move(x.request));
  for (auto& blob : x.blobs) {
    bytes_ += blob.data.size();
    order_.blobs.push_back(std::move(blob));
  }
}

bool scrape_batch::full() const noexcept {
  return order_.requests.size() >= max_streams || bytes_ >= max_bytes;
}

append_order scrape_batch::take() {
  bytes_ = 0;
  return std::exchange(order_, {});
}

} // namespace fc::actors
