#include "actors/services/git/change_stream.hpp"

#include "actors/services/git/text.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

/// Requests on their way at once: enough to keep git busy.
constexpr std::size_t window = 32;

/// Seconds without a byte of an answer, in which git compares one change.
constexpr double max_silence_s = 300;

std::string text_of(const git_repository::change_request& x) {
  return x.commit + ' ' + x.base + '\n' + x.commit + ' ' + x.commit + "\n\n";
}

/// A count, cut to what fits; 0 for the `-` of binary files.
std::optional<std::uint32_t> count_of(std::string_view text) {
  if (text == "-")
    return 0;
  std::uint64_t n = 0;
  const auto* end = text.data() + text.size();
  const auto [at, code] = std::from_chars(text.data(), end, n);
  if (code != std::errc{} || at != end)
    return std::nullopt;
  constexpr std::uint64_t max = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(n, max));
}

events::error not_understood(std::string_view commit) {
  return make_error(ec::malformed,
                    "git's answer for commit " + std::string{commit}
                      + " cannot be understood; is git too old or too new?");
}

} // namespace

std::optional<events::file_change>
parse_numstat(std::string_view field, bool& repaired) {
  const auto first = field.find('\t');
  if (first == std::string_view::npos)
    return std::nullopt;
  const auto second = field.find('\t', first + 1);
  if (second == std::string_view::npos)
    return std::nullopt;
  const auto added = count_of(field.substr(0, first));
  const auto deleted = count_of(field.substr(first + 1, second - first - 1));
  if (!added || !deleted)
    return std::nullopt;
  return events::file_change{repair_utf8(field.substr(second + 1), repaired),
                             *added, *deleted};
}

change_stream::change_stream(const private_git_dir& git, bool with_diff,
                             std::size_t paths)
  : paths_(paths) {
  std::vector<std::string> args{
    "diff-tree",    "--stdin",       "--always",           "-r",
    "-z",           "--numstat",     "--find-renames=50%", "-l1000",
    "--full-index", "--no-ext-diff", "--no-textconv",      "--no-color"};
  if (with_diff)
    args.insert(args.end(), {"-p", "-U3"});
  spec_ = git.command(std::move(args));
  spec_.timeout_s = max_silence_s;
}

events::error change_stream::walk(std::span<const request* const> requests,
                                  const sink& take) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (auto err = send(requests, i))
      return err;
    auto change = receive(requests[i]->commit);
    if (!change) {
      // The next one starts a new git, which is sent what was on its way.
      auto rest = after_end(*requests[i]);
      if (!rest)
        return rest.error();
      change = std::move(*rest);
      sent_ = i + 1;
    }
    if (!take(std::move(*change)))
      break;
  }
  git_.reset();
  return {};
}

/// Starts git where there is none and keeps the window full.
events::error change_stream::send(std::span<const request* const> requests,
                                  std::size_t next) {
  if (!git_) {
    auto started = pipe_process::start(spec_);
    if (!started)
      return started.error();
    git_ = std::move(*started);
    pushed_.reset();
  }
  const auto until = std::min(requests.size(), next + window);
  // Refilled by halves: each write is a system call.
  if (sent_ == until || (sent_ > next + window / 2 && until < requests.size()))
    return {};
  std::string text;
  for (; sent_ < until; ++sent_)
    text += text_of(*requests[sent_]);
  // A git that died is noticed where its answer is missed.
  if (auto err = git_->write(text); err && events::code_of(err) == ec::timeout)
    return err;
  if (sent_ == requests.size())
    git_->close_input();
  return {};
}

std::optional<std::string> change_stream::token() {
  if (pushed_) {
    auto out = std::move(pushed_);
    pushed_.reset();
    return out;
  }
  auto read = git_->read_until('\0');
  if (!read) {
    failed_ = read.error();
    return std::nullopt;
  }
  return std::move(*read);
}

std::optional<commit_change> change_stream::receive(const std::string& commit) {
  failed_ = {};
  too_many_ = false;
  auto head = token();
  if (!head)
    return std::nullopt;
  const auto from = std::min(head->find_first_not_of('\n'), head->size());
  commit_change out;
  const auto id = std::string_view{*head}.substr(from);
  if (!is_object_id(id)) {
    failed_ = not_understood(commit);
    return std::nullopt;
  }
  if (id != commit) {
    // Git passes over a commit that it does not have.
    pushed_ = std::move(head);
    out.missing_objects.push_back(commit);
    return out;
  }
  if (!receive_files(commit, out))
    return std::nullopt;
  return out;
}

bool change_stream::receive_files(const std::string& commit,
                                  commit_change& out) {
  for (auto field = token(); field; field = token()) {
    if (*field == commit)
      return true;
    if (field->empty())
      return receive_patch(commit, out);
    too_many_ = out.files.size() >= paths_;
    if (too_many_)
      return false;
    auto file = parse_numstat(*field, out.text_repaired);
    if (!file) {
      failed_ = not_understood(commit);
      return false;
    }
    if (file->path.empty()) {
      auto name = token() ? token() : std::nullopt;
      if (!name)
        return false;
      file->path = repair_utf8(*name, out.text_repaired);
    }
    out.additions += file->additions;
    out.deletions += file->deletions;
    out.files.push_back(std::move(*file));
  }
  return false;
}

/// A patch may hold NUL itself, but no line of it starts with a commit's id.
bool change_stream::receive_patch(const std::string& commit,
                                  commit_change& out) {
  const auto end = '\n' + commit;
  for (auto part = token(); part; part = token()) {
    const bool last = part->ends_with(end);
    if (last)
      part->resize(part->size() - commit.size());
    if (out.diff.empty())
      out.diff = std::move(*part);
    else
      out.diff += *part;
    if (last)
      return true;
    out.diff += '\0';
    if (out.diff.size() > spec_.max_answer) {
      failed_ = make_error(ec::refused, "the diff is too long");
      return false;
    }
  }
  return false;
}

/// Why a change that git choked on says nothing; empty where git merely failed.
std::string change_stream::why_given_up(const process_result& ended) const {
  if (too_many_)
    return "it changes more than " + std::to_string(paths_) + " paths";
  const auto code = failed_ ? events::code_of(failed_) : ec::none;
  if (code == ec::refused)
    return "its diff has more than " + std::to_string(spec_.max_answer)
           + " bytes";
  if (code == ec::timeout)
    return "git compares its commits for more than "
           + std::to_string(static_cast<int>(max_silence_s)) + " s";
  if (ended.err.find("ut of memory") != std::string::npos
      || ended.err.find("malloc failed") != std::string::npos
      || ended.err.find("unable to mmap") != std::string::npos)
    return "git needs more than " + std::to_string(spec_.memory_mb)
           + " MB to compare its commits";
  for (const auto* odd : {"empty filename in tree entry",
                          "malformed mode in tree entry", "too-short tree"})
    if (ended.err.find(odd) != std::string::npos)
      return "one of its trees is none that git reads: " + std::string{odd};
  return {};
}

/// What is known of a change whose answer did not come; git is gone then.
expected<commit_change> change_stream::after_end(const request& at) {
  const auto code = failed_ ? events::code_of(failed_) : ec::none;
  const auto result = git_->finish();
  git_.reset();
  if (code == ec::malformed || code == ec::cancelled)
    return failed_;
  commit_change out;
  out.unreadable = why_given_up(result);
  if (!out.unreadable.empty())
    return out;
  if (result.exit_code == 0)
    out.missing_objects.push_back(at.commit);
  else if (result.exit_code > 0)
    out.missing_objects = object_ids_in(result.err);
  if (out.missing_objects.empty())
    return git_failed("cannot compare " + at.commit + " with " + at.base,
                      result);
  return out;
}

} // namespace fc::actors::services
