#include "actors/services/git/clone.hpp"

#include "actors/services/git/remote_git.hpp"
#include "actors/services/git/text.hpp"

#include <algorithm>

namespace fc::actors::services {

using events::ec;
using events::make_error;
using events::common::split_credentials;

namespace {

namespace fs = std::filesystem;

/// Under another name until it is whole: a clone that was cut off is no clone.
events::error clone_anew(const split_address& from, const fs::path& into,
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
    "cannot clone " + shown(from.url),
    network_git({"clone", "--bare", "--quiet", "--", from.url, part.string()},
                timeout_s, from),
    stop);
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
events::error update(const split_address& from, const fs::path& into,
                     double timeout_s, const stop_flag& stop) {
  const auto& url = from.url;
  const auto folder = "--git-dir=" + into.string();
  auto same = is_clone_of(into.string(), url, stop);
  if (!same)
    return same.error();
  if (!*same)
    return make_error(ec::invalid_argument,
                      into.string() + " does not hold a clone of " + shown(url)
                        + "; name another folder");
  std::vector<std::string> args{folder,    "fetch",   "--quiet",
                                "--prune", "--force", "--no-write-fetch-head"};
  std::error_code ignored;
  if (fs::exists(into / "shallow", ignored))
    args.emplace_back("--unshallow");
  args.insert(args.end(), {"origin", "+refs/heads/*:refs/heads/*",
                           "+refs/tags/*:refs/tags/*"});
  return ask_remote("cannot update " + into.string() + " from " + shown(url),
                    network_git(std::move(args), timeout_s, from), stop);
}

} // namespace

events::error
clone_repository(const std::string& url, const std::filesystem::path& into,
                 double timeout_s, const stop_flag& stop) {
  if (trimmed(url).empty() || url.starts_with('-'))
    return make_error(ec::invalid_argument,
                      "'" + shown(url)
                        + "' is not the address of a repository");
  std::error_code failed;
  const auto absolute = fs::absolute(into, failed);
  auto from = split_credentials(
    fs::is_directory(url, failed) ? fs::absolute(url).string() : url);
  if (!from)
    return from.error();
  if (!fs::exists(absolute, failed)
      || (fs::is_directory(absolute, failed) && fs::is_empty(absolute, failed)))
    return clone_anew(*from, absolute, timeout_s, stop);
  return update(*from, absolute, timeout_s, stop);
}

} // namespace fc::actors::services
