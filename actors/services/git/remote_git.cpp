#include "actors/services/git/remote_git.hpp"

#include "actors/services/git/private_git_dir.hpp"
#include "actors/services/git/text.hpp"
#include "events/common/shown.hpp"

#include <algorithm>

namespace fc::actors::services {

using events::ec;
using events::make_error;
using events::common::split_credentials;

namespace {

/// For a server chooses what git has to unpack. Honest clones need a fifth.
constexpr std::uint64_t max_memory_mb = 4096;

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
  const auto text
    = what + ": " + events::common::without_credentials(last_line(x.err));
  if (says(x.err, {"not our ref", "Server does not allow request for"}))
    return make_error(ec::missing_object, text);
  if (says(x.err, {"does not appear to be a git repository", "not found",
                   "does not exist"}))
    return make_error(ec::not_found, text + "; is the address right?");
  if (says(x.err, {"Authentication failed", "could not read Username",
                   "Permission denied", "not allowed"}))
    return make_error(ec::refused, text);
  return make_error(ec::unavailable, text);
}

/// `https://host:1` of an address.
std::string door_of(const std::string& url) {
  const auto host = url.find("://") + 3;
  return url.substr(0, std::min(url.find_first_of("/?#", host), url.size()));
}

/// For this host alone: where it redirects to is not trusted with them.
void add_helper(process_spec& to, const split_address& door) {
  to.env["GIT_CONFIG_COUNT"] = "1";
  to.env["GIT_CONFIG_KEY_0"] = "credential." + door_of(door.url) + ".helper";
  to.env["GIT_CONFIG_VALUE_0"]
    = "!fc_answer() { test \"$1\" = get || return 0; "
      "printf 'username=%s\\npassword=%s\\n' \"$FC_GIT_NAME\" "
      "\"$FC_GIT_WORD\"; }; fc_answer";
  to.env["FC_GIT_NAME"] = door.user;
  to.env["FC_GIT_WORD"] = door.password;
}

} // namespace

process_spec network_git(std::vector<std::string> args, double timeout_s,
                         const split_address& door) {
  process_spec spec;
  spec.argv = {"git",       "-c", "safe.directory=*",        "-c",
               "gc.auto=0", "-c", "core.hooksPath=/dev/null"};
  spec.argv.insert(spec.argv.end(), args.begin(), args.end());
  spec.env = git_environment();
  spec.env["GIT_ALLOW_PROTOCOL"] = "file:git:http:https:ssh";
  spec.env["GIT_SSH_COMMAND"] = "ssh -o BatchMode=yes";
  spec.directory = "/";
  spec.timeout_s = timeout_s;
  spec.memory_mb = max_memory_mb;
  if (door.has_credentials())
    add_helper(spec, door);
  return spec;
}

std::string shown(const std::string& url) {
  return events::common::shown(events::common::without_credentials(url));
}

events::error ask_remote(const std::string& what, const process_spec& git,
                         const stop_flag& stop) {
  auto result = run(git, stop);
  if (!result)
    return result.error();
  return result->ok() ? events::error{} : remote_failed(what, *result);
}

expected<bool> is_clone_of(const std::string& folder, const std::string& url,
                           const stop_flag& stop) {
  const auto origin = run(
    network_git({"--git-dir=" + folder, "config", "--get", "remote.origin.url"},
                60),
    stop);
  if (!origin)
    return origin.error();
  const auto known = split_credentials(trimmed(origin->out));
  if (!known || known->url != trimmed(url))
    return false;
  if (!known->has_credentials())
    return true;
  // Clones were made with the password in their configuration.
  const auto cleaned = run(
    network_git(
      {"--git-dir=" + folder, "config", "remote.origin.url", known->url}, 60),
    stop);
  if (!cleaned)
    return cleaned.error();
  return true;
}

} // namespace fc::actors::services
