#include "actors/services/git/git_repository.hpp"
#include "actors/services/git/private_git_dir.hpp"
#include "actors/services/git/text.hpp"

#include <algorithm>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

namespace fs = std::filesystem;

/// The settings of everything here; nobody is there to answer a question.
process_spec network_git(std::vector<std::string> args, double timeout_s) {
  process_spec spec;
  spec.argv = {"git",       "-c", "safe.directory=*",        "-c",
               "gc.auto=0", "-c", "core.hooksPath=/dev/null"};
  spec.argv.insert(spec.argv.end(), args.begin(), args.end());
  spec.env = git_environment();
  spec.env["GIT_ALLOW_PROTOCOL"] = "file:git:http:https:ssh";
  spec.env["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes";
  spec.directory = "/";
  spec.timeout_s = timeout_s;
  return spec;
}

bool says(const std::string& text, std::initializer_list<const char*> phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [&](const char* phrase) {
    return text.find(phrase) != std::string::npos;
  });
}

/// What went wrong with a remote, from git's words: a network that fails is
/// worth a retry, a wrong name or a closed door is not.
events::error remote_failed(const std::string& what, const process_result& x) {
  if (x.stopped || x.timed_out)
    return git_failed(what, x);
  const auto text = what + ": " + last_line(x.err);
  if (says(x.err, {"does not appear to be a git repository", "not found",
                   "does not exist"}))
    return make_error(ec::not_found, text + "; is the address right?");
  if (says(x.err, {"Authentication failed", "could not read Username",
                   "Permission denied", "not allowed"}))
    return make_error(ec::refused, text);
  return make_error(ec::unavailable, text);
}

/// Without a name and password before the host: errors are shown and kept.
std::string shown(const std::string& url) {
  const auto host = url.find("://");
  if (host == std::string::npos)
    return url;
  const auto end = url.find('/', host + 3);
  const auto at = url.substr(0, end).rfind('@');
  return at == std::string::npos || at < host
           ? url
           : url.substr(0, host + 3) + url.substr(at + 1);
}

events::error ask_remote(const std::string& what, std::vector<std::string> args,
                         double timeout_s, const stop_flag& stop) {
  auto result = run(network_git(std::move(args), timeout_s), stop);
  if (!result)
    return result.error();
  return result->ok() ? events::error{} : remote_failed(what, *result);
}

/// Under another name until it is whole: a clone that was cut off is no clone.
events::error clone_anew(const std::string& url, const fs::path& into,
                         double timeout_s, const stop_flag& stop) {
  std::error_code failed;
  auto part = into;
  part += ".part";
  fs::remove_all(part, failed);
  if (!failed && part.has_parent_path())
    fs::create_directories(part.parent_path(), failed);
  if (failed)
    return make_error(ec::invalid_argument, "cannot clone to " + into.string()
                                              + ": " + failed.message());
  auto err = ask_remote(
    "cannot clone " + shown(url),
    {"clone", "--bare", "--quiet", "--", url, part.string()}, timeout_s, stop);
  if (!err) {
    fs::rename(part, into, failed);
    if (failed)
      err = make_error(ec::unavailable, "cannot move the clone to "
                                          + into.string() + ": "
                                          + failed.message());
  }
  if (err)
    fs::remove_all(part, failed);
  return err;
}

/// Refuses to mix two repositories in one folder.
events::error update(const std::string& url, const fs::path& into,
                     double timeout_s, const stop_flag& stop) {
  const auto folder = "--git-dir=" + into.string();
  auto origin = run(
    network_git({folder, "config", "--get", "remote.origin.url"}, 60), stop);
  if (!origin)
    return origin.error();
  if (trimmed(origin->out) != trimmed(url))
    return make_error(ec::invalid_argument,
                      into.string() + " does not hold a clone of " + shown(url)
                        + " but of '" + shown(std::string{trimmed(origin->out)})
                        + "'; name another folder");
  std::vector<std::string> args{folder,    "fetch",   "--quiet",
                                "--prune", "--force", "--no-write-fetch-head"};
  std::error_code ignored;
  if (fs::exists(into / "shallow", ignored))
    args.emplace_back("--unshallow");
  args.insert(args.end(), {"origin", "+refs/heads/*:refs/heads/*",
                           "+refs/tags/*:refs/tags/*"});
  return ask_remote("cannot update " + into.string() + " from " + shown(url),
                    std::move(args), timeout_s, stop);
}

} // namespace

events::error
clone_repository(const std::string& url, const std::filesystem::path& into,
                 double timeout_s, const stop_flag& stop) {
  if (trimmed(url).empty() || url.starts_with('-'))
    return make_error(ec::invalid_argument,
                      "'" + shown(url) + "' is no address of a repository");
  std::error_code failed;
  const auto absolute = fs::absolute(into, failed);
  const auto from
    = fs::is_directory(url, failed) ? fs::absolute(url).string() : url;
  if (!fs::exists(absolute, failed)
      || (fs::is_directory(absolute, failed) && fs::is_empty(absolute, failed)))
    return clone_anew(from, absolute, timeout_s, stop);
  return update(from, absolute, timeout_s, stop);
}

} // namespace fc::actors::services
