#include "actors/services/git/partial_clone.hpp"

#include "actors/services/git/private_git_dir.hpp"
#include "actors/services/git/remote_git.hpp"
#include "actors/services/git/text.hpp"

#include <algorithm>
#include <set>

namespace fc::actors::services {

using events::ec;
using events::error;
using events::make_error;

namespace {

namespace fs = std::filesystem;

/// Wants in one request; more would make it long to judge for the other side.
constexpr std::size_t max_wanted = 200'000;
/// Paths of one pair; trees that hold themselves have any number.
constexpr std::size_t max_paths = 50'000;
/// Bytes of git's answer to a question about objects.
constexpr std::uint64_t max_answer_bytes = 256u << 20;

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& each : lines)
    text += each + '\n';
  return text;
}

/// Runs git on the objects alone, where nothing can be fetched.
expected<std::string> ask(const fs::path& path, std::vector<std::string> args,
                          std::string input, const stop_flag& stop) {
  auto git = private_git_dir::open(path, stop);
  if (!git)
    return git.error();
  auto spec = (*git)->command(std::move(args));
  spec.input = std::move(input);
  spec.max_output = max_answer_bytes;
  spec.timeout_s = 3600;
  auto result = run(spec, stop);
  if (!result)
    return result.error();
  if (!result->ok())
    return git_failed("git " + spec.argv[1] + " in " + path.string(), *result);
  if (result->out.size() >= max_answer_bytes)
    return make_error(ec::refused, "git " + spec.argv[1] + " in "
                                     + path.string()
                                     + " has more to say than is read");
  return std::move(result->out);
}

/// Takes the text up to a delimiter away from the front.
std::string_view cut(std::string_view& text, char delimiter) {
  const auto end = std::min(text.find(delimiter), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

/// `:old_mode new_mode old_id new_id status`; submodules are no files.
std::optional<raw_change> parse_raw(std::string_view head) {
  if (!head.starts_with(':'))
    return std::nullopt;
  head.remove_prefix(1);
  const auto old_mode = cut(head, ' ');
  const auto new_mode = cut(head, ' ');
  const auto old_id = cut(head, ' ');
  const auto new_id = cut(head, ' ');
  if (head.empty())
    return std::nullopt;
  const auto is_file = [](std::string_view mode) {
    return mode != "000000" && mode != "160000";
  };
  raw_change x;
  x.status = head.front();
  if (is_file(old_mode))
    x.old_id = old_id;
  if (is_file(new_mode))
    x.new_id = new_id;
  return x;
}

/// A folder would be copied whole; as an address it is spoken to.
expected<split_address> door_to(const std::string& url) {
  std::error_code failed;
  return events::common::split_credentials(
    fs::is_directory(url, failed) ? "file://" + fs::absolute(url).string()
                                  : url);
}

} // namespace

expected<partial_clone>
partial_clone::bring(const std::string& url, const fs::path& into,
                     double timeout_s, const stop_flag& stop) {
  std::error_code failed;
  partial_clone out{fs::absolute(into, failed)};
  out.stop_ = stop;
  out.timeout_s_ = timeout_s;
  ++out.operations_;
  auto door = door_to(url);
  if (!door)
    return door.error();
  out.door_ = std::move(*door);
  const auto& from = out.door_.url;
  if (fs::exists(out.path_, failed)) {
    auto same = is_clone_of(out.path_.string(), from, stop);
    if (!same)
      return same.error();
    // The same repository under another name: who names the folder knows.
    if (!*same)
      if (auto err
          = ask_remote("cannot set the address of " + into.string(),
                       network_git({"--git-dir=" + out.path_.string(), "remote",
                                    "set-url", "origin", from},
                                   60),
                       stop))
        return err;
    if (auto err = ask_remote(
          "cannot update " + into.string() + " from " + shown(from),
          network_git({"--git-dir=" + out.path_.string(), "fetch", "--quiet",
                       "--force", "--prune", "--no-write-fetch-head", "origin",
                       "+refs/heads/*:refs/heads/*"},
                      timeout_s, out.door_),
          stop))
      return err;
    return out;
  }
  auto part = out.path_;
  part += ".part";
  fs::remove_all(part, failed);
  fs::create_directories(part.parent_path(), failed);
  if (failed)
    return make_error(ec::invalid_argument, "cannot clone to " + into.string()
                                              + ": " + failed.message());
  auto err
    = ask_remote("cannot clone " + shown(from),
                 network_git({"clone", "--bare", "--quiet",
                              "--filter=blob:none", "--", from, part.string()},
                             timeout_s, out.door_),
                 stop);
  if (!err) {
    fs::rename(part, out.path_, failed);
    if (!failed)
      return out;
    err
      = make_error(ec::unavailable, "cannot move the clone to " + into.string()
                                      + ": " + failed.message());
  }
  fs::remove_all(part, failed);
  return err;
}

partial_clone partial_clone::at(const fs::path& path, const stop_flag& stop) {
  partial_clone out{path};
  out.stop_ = stop;
  return out;
}

bool partial_clone::is_one(const fs::path& path) {
  auto spec = network_git(
    {"--git-dir=" + path.string(), "config", "--get", "remote.origin.promisor"},
    60);
  const auto asked = run(spec, nullptr);
  return asked && asked->ok() && trimmed(asked->out) == "true";
}

expected<std::vector<std::string>>
partial_clone::absent(const std::vector<std::string>& ids) const {
  const std::set<std::string> each(ids.begin(), ids.end());
  std::string input;
  for (const auto& id : each)
    input += id + '\n';
  std::vector<std::string> out;
  if (each.empty())
    return out;
  auto answer = ask(path_, {"cat-file", "--batch-check=%(objectname)"},
                    std::move(input), stop_);
  if (!answer)
    return answer.error();
  constexpr std::string_view missing = " missing";
  for (std::string_view rest{*answer}; !rest.empty();)
    if (const auto line = cut(rest, '\n'); line.ends_with(missing))
      out.emplace_back(line.substr(0, line.size() - missing.size()));
  return out;
}

error partial_clone::fetch(const std::vector<std::string>& ids,
                           bool whole_history, const stop_flag& stop) {
  for (std::size_t at = 0; at < ids.size(); at += max_wanted) {
    const auto end = std::min(ids.size(), at + max_wanted);
    std::vector<std::string> args{"--git-dir=" + path_.string()};
    // What is here says nothing of single files; do not tell of it.
    if (!whole_history)
      args.insert(args.end(), {"-c", "fetch.negotiationAlgorithm=noop"});
    args.insert(args.end(), {"fetch", "--quiet", "--no-tags",
                             "--no-write-fetch-head", "--recurse-submodules=no",
                             "--filter=blob:none", "--stdin", "origin"});
    auto spec = network_git(std::move(args), timeout_s_, door_);
    spec.input = joined({ids.begin() + static_cast<std::ptrdiff_t>(at),
                         ids.begin() + static_cast<std::ptrdiff_t>(end)});
    ++operations_;
    if (auto err = ask_remote("cannot fetch " + std::to_string(end - at)
                                + " objects to " + path_.string(),
                              spec, stop))
      return err;
  }
  return {};
}

error partial_clone::fetch_files(const std::vector<std::string>& ids,
                                 const stop_flag& stop) {
  return fetch(ids, false, stop);
}

error partial_clone::fetch_commits(const std::vector<std::string>& ids,
                                   const stop_flag& stop) {
  return fetch(ids, true, stop);
}

namespace {

using change_requests = std::vector<git_repository::change_request>;

/// One `git diff-tree --stdin --raw` of some pairs, read as it answers.
/// answer ::= commit NUL { :head NUL path NUL }
class raw_stream {
public:
  raw_stream(const fs::path& path, const change_requests& pairs,
             std::vector<std::vector<raw_change>>& out)
    : path_(path), pairs_(pairs), out_(out) {}

  /// Answers pairs from `from` on.
  /// @returns how many are done: git is left where a pair has too many paths.
  expected<std::size_t> run(const private_git_dir& git, std::size_t from) {
    // As many as fit a pipe: git may answer without end before it reads on.
    constexpr std::size_t max_pairs = 256;
    const auto end = std::min(pairs_.size(), from + max_pairs);
    auto started = pipe_process::start(
      git.command({"diff-tree", "--stdin", "--always", "-r", "-z", "--raw",
                   "--no-abbrev", "--no-renames"}));
    if (!started)
      return started.error();
    auto& process = **started;
    std::string input;
    for (auto i = from; i < end; ++i)
      input += pairs_[i].commit + ' ' + pairs_[i].base + '\n';
    if (auto err = process.write(input))
      return ended(process, err);
    process.close_input();
    auto done = read(process, from, end);
    return done ? done : ended(process, done.error());
  }

private:
  expected<std::size_t>
  read(pipe_process& process, std::size_t from, std::size_t end) {
    auto next = from; // the pair whose header comes next
    for (;;) {
      auto part = process.read_until('\0');
      if (!part)
        return part.error();
      if (!*part)
        break;
      if (auto change = parse_raw(**part); change && next > from) {
        auto name = process.read_until('\0');
        if (!name)
          return name.error();
        auto& changes = out_[next - 1];
        if (changes.size() >= max_paths)
          return next;
        bool repaired = false;
        change->path = repair_utf8(name->value_or(""), repaired);
        changes.push_back(std::move(*change));
      } else if (next < end && **part == pairs_[next].commit) {
        ++next;
      } else {
        return make_error(ec::malformed, "git diff-tree in " + path_.string()
                                           + " answers out of order at "
                                           + (*part)->substr(0, 60));
      }
    }
    if (next == end)
      return end;
    return make_error(ec::unavailable, "git diff-tree in " + path_.string()
                                         + " left requests unanswered");
  }

  events::error ended(pipe_process& process, const error& why) const {
    const auto code = events::code_of(why);
    const auto result = process.finish();
    if (code == ec::cancelled || code == ec::malformed || code == ec::refused)
      return why;
    return result.exit_code > 0
             ? git_failed("git diff-tree in " + path_.string(), result)
             : why;
  }

  const fs::path& path_;
  const change_requests& pairs_;
  std::vector<std::vector<raw_change>>& out_;
};

} // namespace

expected<std::vector<std::vector<raw_change>>>
partial_clone::raw_changes(const change_requests& pairs) const {
  std::vector<std::vector<raw_change>> out(pairs.size());
  if (pairs.empty())
    return out;
  auto git = private_git_dir::open(path_, stop_);
  if (!git)
    return git.error();
  raw_stream stream{path_, pairs, out};
  for (std::size_t done = 0; done < pairs.size();) {
    auto until = stream.run(**git, done);
    if (!until)
      return until.error();
    done = *until;
  }
  return out;
}

expected<std::vector<std::string>>
partial_clone::absent_files(const std::vector<std::string>& commits) const {
  std::vector<std::string> trees;
  for (const auto& each : commits)
    trees.push_back(each + "^{tree}");
  std::vector<std::string> out;
  auto answer
    = ask(path_, {"rev-list", "--objects", "--missing=print", "--stdin"},
          joined(trees), stop_);
  if (!answer)
    return answer.error();
  for (std::string_view rest{*answer}; !rest.empty();)
    if (const auto line = cut(rest, '\n'); line.starts_with('?'))
      out.emplace_back(line.substr(1));
  return out;
}

expected<std::optional<std::string>>
partial_clone::merge_base(const std::string& a, const std::string& b) const {
  auto git = private_git_dir::open(path_, stop_);
  if (!git)
    return git.error();
  auto result = run((*git)->command({"merge-base", a, b}), stop_);
  if (!result)
    return result.error();
  if (result->exit_code == 1 && result->err.empty())
    return std::optional<std::string>{};
  if (!result->ok())
    return git_failed("git merge-base " + a + " " + b, *result);
  return std::optional{std::string{trimmed(result->out)}};
}

} // namespace fc::actors::services
