#include "events/log/blob_refs.hpp"
#include "events/log/event_log.hpp"
#include "events/pull_request_state.hpp"

#include <map>
#include <memory>
#include <set>
#include <unordered_map>

namespace fc::events::log {

namespace {

/// More are of no use to a reader; the scan stops there.
constexpr std::size_t max_problems = 1000;

/// What verification remembers of a stream.
struct stream_progress {
  sequence seq = 0;
  /// The fold of a pull request in motion; dropped at its end, so memory
  /// follows the open ones.
  std::unique_ptr<pull_request_state> open;
  digest ended_by; ///< Policy of the verdict that ended it.
  bool ended = false;
  bool failed = false; ///< What ended it: a failure, which is no verdict.
  bool found = false;  ///< By its name, in the listing of streams.
};

class verification {
public:
  explicit verification(const log_reader& log) : log_(log) {}

  verify_report run() {
    const auto err = log_.scan(1, [&](const record& at) {
      check(at);
      return report_.problems.size() < max_problems;
    });
    report_.streams = streams_.size();
    if (err)
      report_.problems.push_back(describe(err));
    else if (report_.problems.size() >= max_problems)
      report_.problems.push_back("verification stopped: too many problems");
    else
      check_index();
    return std::move(report_);
  }

private:
  void problem(const record& at, const std::string& what) {
    report_.problems.push_back("record " + std::to_string(at.at) + " ("
                               + at.stream + " " + std::to_string(at.seq) + ", "
                               + std::string{name_of(at.tag)} + "): " + what);
  }

  void check(const record& at) {
    ++report_.records;
    auto& stream = streams_[at.stream];
    if (at.seq != stream.seq + 1)
      problem(at, "the stream was at sequence " + std::to_string(stream.seq));
    stream.seq = at.seq;
    if (at.causation >= at.at)
      problem(at, "its cause " + std::to_string(at.causation)
                    + " is not an earlier record");
    if (at.tag == policy_adopted::tag)
      adoptions_.insert(at.at);
    const bool is_pull_request = at.stream.starts_with("pr/");
    if (is_pull_request)
      check_transition(at, stream);
    const auto err = visit(at, [&](const auto& x) {
      for_each_blob(x, [&](const blob_ref& ref) { check_blob(at, ref); });
      if (stream.open)
        stream.open->apply(x);
    });
    if (err)
      problem(at, describe(err));
    if (is_pull_request)
      settle(at, stream);
  }

  /// Before the record is folded: may it come here at all?
  void check_transition(const record& at, stream_progress& stream) {
    if (!pull_request_of(at.stream))
      problem(at, "the stream does not name a pull request");
    if (at.seq == 1) {
      stream.open = std::make_unique<pull_request_state>();
      if (at.tag != scraped::tag)
        problem(at, "a pull request begins with Scraped");
      return;
    }
    if (!stream.ended)
      return;
    // A verdict under another policy supersedes the one that ended it; so does
    // all that a policy's adoption caused.
    // What failed is no verdict: with another instrument it is looked at again.
    const bool looks_again = at.tag == reopened::tag && stream.failed;
    const bool judged_anew = looks_again || adoptions_.contains(at.causation)
                             || (at.policy && at.policy != stream.ended_by);
    if (!judged_anew)
      return problem(at, "the pull request had already come to its end");
    reopen(at, stream);
  }

  /// What ended before may be open after it: its fold is needed again.
  void reopen(const record& at, stream_progress& stream) {
    auto past = log_.read_stream(at.stream);
    if (!past)
      return problem(at, describe(past.error()));
    stream.open = std::make_unique<pull_request_state>();
    for (const auto& each : *past)
      if (each.seq < at.seq)
        if (const auto err = fold(*stream.open, each))
          return problem(each, describe(err));
  }

  /// After it: has the pull request come to its end?
  static void settle(const record& at, stream_progress& stream) {
    if (!stream.open)
      return;
    stream.open->seq = at.seq;
    stream.ended = stream.open->ends() != outcome::open;
    if (!stream.ended)
      return;
    stream.failed = stream.open->ends() == outcome::failed;
    stream.open.reset();
    stream.ended_by = at.policy;
  }

  void check_blob(const record& at, const blob_ref& ref) {
    if (!ref)
      return;
    const auto [known, is_new] = blobs_.try_emplace(ref.id, ref.size);
    if (is_new) {
      std::uint64_t size = 0;
      const auto err = log_.read_blob(ref.id, [&](byte_view piece) {
        size += piece.size();
        return true;
      });
      if (err) {
        problem(at, describe(err));
        return;
      }
      ++report_.blobs;
      known->second = size;
    }
    if (known->second != ref.size)
      problem(at, "blob " + ref.id.hex() + " has "
                    + std::to_string(known->second) + " bytes, not "
                    + std::to_string(ref.size));
  }

  /// The listing of streams agrees with the records. Streams that a writer
  /// added since the scan are left alone.
  void check_index() {
    constexpr std::size_t page = 1000;
    std::vector<stream_name> names;
    do {
      auto next = log_.streams("", names.empty() ? "" : names.back(), page);
      if (!next) {
        report_.problems.push_back(describe(next.error()));
        return;
      }
      names = std::move(*next);
      for (const auto& name : names)
        check_listed(name);
    } while (names.size() == page);
    for (const auto& [name, stream] : streams_)
      if (!stream.found)
        report_.problems.push_back("stream " + name
                                   + ": not listed by the stream index");
  }

  void check_listed(const stream_name& name) {
    const auto i = streams_.find(name);
    if (i == streams_.end()) {
      if (log_.last() == report_.records)
        report_.problems.push_back("stream " + name + ": has no records");
      return;
    }
    i->second.found = true;
    auto version = log_.stream_version(name);
    if (!version)
      report_.problems.push_back(describe(version.error()));
    else if (*version < i->second.seq)
      report_.problems.push_back(
        "stream " + name + ": the stream index ends at "
        + std::to_string(*version) + ", the records at "
        + std::to_string(i->second.seq));
  }

  const log_reader& log_;
  verify_report report_;
  std::set<position> adoptions_; ///< Of policies.
  std::unordered_map<stream_name, stream_progress> streams_;
  std::map<digest, std::uint64_t> blobs_; ///< Sizes of those checked.
};

} // namespace

verify_report verify(const log_reader& log) {
  return verification{log}.run();
}

} // namespace fc::events::log
