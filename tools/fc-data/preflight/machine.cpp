#include "actors/build/stage_context.hpp"
#include "actors/discover/repositories/known_repositories.hpp"
#include "actors/services/sandbox/sandbox.hpp"
#include "events/policy/rules/before_trial.hpp"
#include "tools/fc-data/preflight/preflight.hpp"
#include "tools/shell/program.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <unistd.h>

namespace fc::tools {

namespace services = actors::services;
namespace fs = std::filesystem;
using shell::words_of;

namespace {

constexpr std::uint64_t least_free = 2'000'000'000;
constexpr std::size_t max_named = 10;

/// The first program of a name on PATH.
fs::path on_path(const std::string& name) {
  const char* const set = std::getenv("PATH");
  std::string_view rest = set == nullptr ? "" : set;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    const auto file = fs::path{rest.substr(0, end)} / name;
    rest.remove_prefix(std::min(end + 1, rest.size()));
    std::error_code err;
    if (::access(file.c_str(), X_OK) == 0 && fs::is_regular_file(file, err))
      return file;
  }
  return {};
}

/// Which program this is, and whether the shell would start another one.
check program() {
  std::error_code err;
  const auto self = fs::read_symlink("/proc/self/exe", err);
  std::ifstream in{self, std::ios::binary};
  events::sha256_stream digest;
  std::string part(1 << 20, '\0');
  while (in.read(part.data(), static_cast<std::streamsize>(part.size()))
         || in.gcount() > 0)
    digest.add(events::as_bytes(
      std::string_view{part.data(), static_cast<std::size_t>(in.gcount())}));
  check x{"program",
          check_state::ok,
          "fc-data " FC_VERSION ", " + self.string() + ", sha256 "
            + digest.end().hex().substr(0, 12),
          {}};
  const auto other = on_path("fc-data");
  if (!other.empty() && !fs::equivalent(other, self, err)) {
    x.state = check_state::noted;
    x.says += "; PATH would start another one: " + other.string();
  }
  return x;
}

/// The nearest folder above a path that is there.
fs::path existing(fs::path x) {
  std::error_code err;
  x = fs::absolute(x, err);
  while (!fs::exists(x, err) && x.has_relative_path())
    x = x.parent_path();
  return x;
}

check work_folder(const options& settings) {
  std::error_code err;
  const auto folder = existing(settings.work);
  const auto probe
    = folder / (".fc-data-preflight-" + std::to_string(::getpid()));
  bool fine = fs::is_directory(folder, err);
  if (fine) {
    std::ofstream{probe} << "x";
    fine = fs::file_size(probe, err) == 1 && !err;
    fs::remove(probe, err);
  }
  const bool there = fs::exists(settings.work, err);
  return {"work folder",
          state_of(fine, true),
          fs::absolute(settings.work, err).string()
            + (fine ? there ? ", can be written" : ", will be made"
                    : ": cannot be written"),
          {}};
}

check disk(const options& settings) {
  std::error_code err;
  const auto room = fs::space(existing(settings.work), err);
  const bool fine = !err && room.available >= least_free;
  return {"disk",
          state_of(fine, true),
          err ? err.message()
              : std::to_string(room.available / 1'000'000'000)
                  + " GB free where the work folder is"
                  + (fine ? "" : "; at least 2 GB are needed"),
          {}};
}

check git() {
  services::process_spec spec;
  spec.argv = {"git", "--version"};
  spec.env = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
  spec.timeout_s = 10;
  const auto ran = services::run(spec, nullptr);
  const bool fine = ran && ran->ok();
  auto says = fine ? ran->out : std::string{"git cannot be started"};
  while (says.ends_with('\n'))
    says.pop_back();
  return {"git", state_of(fine, true), says, {}};
}

/// Interpreter, sandbox and package index: each needs the one before.
std::vector<check> building(const options& settings) {
  const auto python = services::find_interpreter(settings.interpreter);
  if (!python)
    return {{"interpreter", check_state::failed, words_of(python.error()), {}},
            {"sandbox", check_state::skipped, "no interpreter", {}},
            {"package index", check_state::skipped, "no interpreter", {}}};
  std::vector<check> all{
    {"interpreter",
     check_state::ok,
     python->path.string() + " " + python->version
       + (python->pip.empty() ? ", without pip" : ", pip " + python->pip),
     {}}};
  auto sandbox = services::sandbox::open(python->path);
  if (!sandbox) {
    all.push_back(
      {"sandbox", check_state::failed, words_of(sandbox.error()), {}});
  } else {
    const bool isolated = (*sandbox)->isolation() == "bubblewrap";
    all.push_back({"sandbox",
                   isolated ? check_state::ok : check_state::noted,
                   isolated ? "bubblewrap: none of the user's files, no "
                              "network"
                            : "no bubblewrap here: limits only; do not run "
                              "strangers' code",
                   {}});
  }
  services::package_index index{settings.index == "auto" ? "" : settings.index,
                                settings.pip_index_url, *python};
  const auto& found = index.answer();
  all.push_back(
    {"package index",
     found.url.empty() ? check_state::noted : check_state::ok,
     found.shown + (found.reason.empty() ? "" : ": " + found.reason),
     {}});
  return all;
}

/// "a/b (stars), c/d (user) and 5 more"
std::string
excluded_text(const std::vector<const projections::repository_view*>& all) {
  std::string text = std::to_string(all.size()) + (all.empty() ? "" : ": ");
  for (std::size_t i = 0; i < all.size() && i < max_named; ++i) {
    const auto& rule = all[i]->excluded->rule;
    text += (i == 0 ? "" : ", ") + all[i]->repo.str() + " ("
            + (rule.empty() ? events::policy::rules::no_suite : rule) + ")";
  }
  if (all.size() > max_named)
    text += " and " + std::to_string(all.size() - max_named) + " more";
  return text;
}

} // namespace

std::vector<check> check_machine(const options& settings) {
  std::vector<check> all{program(), work_folder(settings), disk(settings),
                         git()};
  std::ranges::move(building(settings), std::back_inserter(all));
  return all;
}

std::vector<check> check_log(const options& settings) {
  const auto path = settings.work / "log";
  std::error_code err;
  if (!fs::exists(path, err))
    return {{"log", check_state::ok, "none yet: a new one will be made", {}}};
  // To open it is the one way to know that nobody else writes it.
  auto log = events::log::open_rocksdb_log({path.string(), false});
  if (!log)
    return {{"log", check_state::failed, words_of(log.error()), {}}};
  std::vector<check> all{{"log",
                          check_state::ok,
                          std::to_string((*log)->last())
                            + " records, sound at its end, free to be written",
                          {}}};
  const auto known = actors::known_repositories::read(**log);
  if (!known) {
    all.push_back(
      {"repositories", check_state::failed, words_of(known.error()), {}});
    return all;
  }
  all.push_back(
    {"excluded", check_state::noted, excluded_text(known->excluded()), {}});
  return all;
}

} // namespace fc::tools
