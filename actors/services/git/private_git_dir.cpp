#include "actors/services/git/private_git_dir.hpp"

#include "actors/services/git/text.hpp"
#include "events/common/bounded_file.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

namespace fs = std::filesystem;

/// Seconds in which git must make some progress.
constexpr double patience = 600;

/// A few objects can ask for any amount of memory; git ends at this much.
constexpr std::uint64_t max_memory_mb = 1024;

/// Bytes of one answer: a file, a message, the diff of one pull request.
constexpr std::uint64_t max_answer_bytes = 256u << 20;

/// What would make the same commits read differently elsewhere is fixed here.
constexpr std::string_view settings = R"(	bare = true
	quotePath = false
	commitGraph = false
	splitIndex = false
	fsmonitor = false
	hooksPath = /dev/null
	attributesFile = /dev/null
	autocrlf = false
	eol = lf
	symlinks = true
	fileMode = true
	bigFileThreshold = 512m
	checkStat = minimal
[diff]
	renames = true
	renameLimit = 1000
	algorithm = myers
	noprefix = false
	mnemonicPrefix = false
	suppressBlankEmpty = false
	indentHeuristic = true
	context = 3
	external =
	submodule = short
[protocol]
	allow = never
[log]
	showSignature = false
	mailmap = false
[gc]
	auto = 0
[maintenance]
	auto = false
)";

/// What a path may mean: a folder with `.git` in it, or a git folder.
fs::path git_folder(const fs::path& path) {
  std::error_code ignored;
  const auto inner = path / ".git";
  return fs::exists(inner, ignored) ? inner : path;
}

/// Empty where there is none. A pipe in its place would never end.
events::expected<std::string> read_shallow(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored))
    return std::string{};
  if (!fs::is_regular_file(path, ignored))
    return make_error(ec::invalid_argument,
                      path.string() + " is not a file, as git's own would be");
  return events::common::read_file(path.string(), "the ends of a clone");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    if (!line.empty())
      out.push_back(line);
  return out;
}

bool write_text(const fs::path& path, const std::string& text) {
  std::ofstream out{path, std::ios::binary};
  out << text;
  return out.flush().good();
}

} // namespace

std::map<std::string, std::string> git_environment() {
  return {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
          {"LC_ALL", "C"},
          {"HOME", "/nonexistent"},
          {"GIT_CONFIG_NOSYSTEM", "1"},
          {"GIT_CONFIG_GLOBAL", "/dev/null"},
          // A clone may belong to somebody else; nothing of it is executed.
          {"GIT_CONFIG_COUNT", "1"},
          {"GIT_CONFIG_KEY_0", "safe.directory"},
          {"GIT_CONFIG_VALUE_0", "*"},
          {"GIT_ATTR_NOSYSTEM", "1"},
          {"GIT_TERMINAL_PROMPT", "0"},
          {"GIT_OPTIONAL_LOCKS", "0"},
          {"GIT_NO_REPLACE_OBJECTS", "1"},
          // Older git knows only the second: no transport is allowed.
          {"GIT_NO_LAZY_FETCH", "1"},
          {"GIT_ALLOW_PROTOCOL", "none"}};
}

events::error git_failed(std::string_view what, const process_result& result) {
  const auto text = std::string{what};
  if (result.stopped)
    return make_error(ec::cancelled, text + ": stopped");
  if (result.timed_out)
    return make_error(ec::timeout, text + ": git took longer than allowed");
  const auto ids = object_ids_in(result.err);
  if (result.exit_code > 0 && !ids.empty())
    return make_error(ec::missing_object,
                      text + ": object " + ids.front()
                        + " is absent or damaged; fetch the repository again ("
                        + last_line(result.err) + ")");
  if (result.exit_code > 0)
    return make_error(ec::corrupt, text + ": " + last_line(result.err));
  return make_error(ec::unavailable, text + ": git ended early (signal "
                                       + std::to_string(result.signal) + ") "
                                       + last_line(result.err));
}

expected<std::unique_ptr<private_git_dir>>
private_git_dir::open(const fs::path& path, const stop_flag& stop) {
  std::unique_ptr<private_git_dir> out{new private_git_dir};
  out->stop_ = stop;
  if (auto err = out->locate(path))
    return err;
  if (auto err = out->create())
    return err;
  return out;
}

events::error private_git_dir::locate(const fs::path& path) {
  std::error_code failed;
  const auto refuse = [&](const std::string& why) {
    return make_error(ec::invalid_argument,
                      path.string() + " is not a git repository: " + why
                        + "; name a clone, bare or with its files");
  };
  if (!fs::is_directory(path, failed))
    return refuse("no such folder");
  process_spec spec;
  spec.argv = {"git",
               "rev-parse",
               "--path-format=absolute",
               "--absolute-git-dir",
               "--git-path",
               "objects",
               "--git-path",
               "shallow",
               "--show-object-format",
               "--git-path",
               "modules"};
  spec.env = git_environment();
  spec.memory_mb = max_memory_mb;
  auto found = run(
    [&] {
      auto resolve = spec;
      resolve.argv = {"git", "rev-parse", "--resolve-git-dir",
                      fs::absolute(git_folder(path)).string()};
      return resolve;
    }(),
    stop_);
  if (!found)
    return found.error();
  if (found->stopped || found->timed_out)
    return git_failed("git rev-parse in " + path.string(), *found);
  if (!found->ok())
    return refuse(last_line(found->err));
  spec.env["GIT_DIR"] = std::string{trimmed(found->out)};
  auto asked = run(spec, stop_);
  if (!asked)
    return asked.error();
  if (asked->stopped || asked->timed_out)
    return git_failed("git rev-parse in " + path.string(), *asked);
  const auto answers = lines_of(asked->out);
  if (!asked->ok() || answers.size() != 5)
    return refuse(last_line(asked->err));
  source_ = answers[0];
  objects_ = answers[1];
  format_ = answers[3];
  modules_ = answers[4];
  auto ends = read_shallow(answers[2]);
  if (!ends)
    return ends.error();
  shallow_text_ = std::move(*ends);
  shallow_ = lines_of(shallow_text_);
  return {};
}

events::error private_git_dir::create() {
  std::error_code failed;
  auto name = (fs::temp_directory_path(failed) / "fc-git-XXXXXX").string();
  if (failed || ::mkdtemp(name.data()) == nullptr)
    return make_error(ec::unavailable, "cannot make a folder like " + name
                                         + " for git to run in");
  folder_ = name;
  std::string config = "[core]\n\trepositoryFormatVersion = ";
  config += format_ == "sha1" ? "0\n" : "1\n";
  config += settings;
  if (format_ != "sha1")
    config += "[extensions]\n\tobjectFormat = " + format_ + "\n";
  fs::create_directory(folder_ / "refs", failed);
  const bool written = !failed
                       && write_text(folder_ / "HEAD", "ref: refs/heads/none\n")
                       && write_text(folder_ / "config", config)
                       && (shallow_text_.empty()
                           || write_text(folder_ / "shallow", shallow_text_));
  if (!written)
    return make_error(ec::unavailable,
                      "cannot write to " + name + "; is the disk full?");
  return {};
}

private_git_dir::~private_git_dir() {
  std::error_code ignored;
  if (!folder_.empty())
    std::filesystem::remove_all(folder_, ignored);
}

process_spec private_git_dir::command(std::vector<std::string> args) const {
  process_spec spec;
  spec.argv = std::move(args);
  spec.argv.insert(spec.argv.begin(), "git");
  spec.env = git_environment();
  spec.env["GIT_DIR"] = folder_.string();
  spec.env["GIT_OBJECT_DIRECTORY"] = objects_;
  spec.directory = folder_.string();
  spec.timeout_s = patience;
  spec.memory_mb = max_memory_mb;
  spec.max_answer = max_answer_bytes;
  spec.stop = stop_;
  return spec;
}

process_spec
private_git_dir::source_command(std::vector<std::string> args) const {
  auto spec = command(std::move(args));
  spec.env["GIT_DIR"] = source_;
  spec.env.erase("GIT_OBJECT_DIRECTORY");
  spec.directory = "/";
  return spec;
}

} // namespace fc::actors::services
