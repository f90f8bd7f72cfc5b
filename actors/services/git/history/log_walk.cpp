#include "actors/services/git/history/log_walk.hpp"

#include "actors/services/git/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

/// Fields end with NUL: no message can hold one.
constexpr auto format = "--format=tformat:%H%x00%P%x00%ct%x00%B";

/// nullopt at the end of the log.
expected<std::optional<log_commit>> next_commit(pipe_process& git) {
  std::array<std::string, 4> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto read = git.read_until('\0');
    if (!read)
      return read.error();
    if (!*read && i == 0)
      return std::optional<log_commit>{};
    if (!*read)
      return make_error(ec::malformed, "git log ended within a commit");
    fields[i] = std::move(**read);
  }
  auto out = parse_log_commit(std::move(fields[0]), fields[1], fields[2],
                              std::move(fields[3]));
  if (!out)
    return out.error();
  return std::optional{std::move(*out)};
}

} // namespace

expected<log_commit>
parse_log_commit(std::string id, std::string_view parents,
                 std::string_view seconds, std::string message) {
  log_commit out{std::move(id), {}, 0, std::move(message)};
  const auto* end = seconds.data() + seconds.size();
  const auto [at, code] = std::from_chars(seconds.data(), end, out.committed);
  bool good = is_object_id(out.id) && at == end && code == std::errc{};
  while (!parents.empty()) {
    const auto stop = std::min(parents.find(' '), parents.size());
    out.parents.emplace_back(parents.substr(0, stop));
    good = good && is_object_id(out.parents.back());
    parents.remove_prefix(std::min(stop + 1, parents.size()));
  }
  if (!good)
    return make_error(ec::malformed,
                      "git log's statement of commit '" + out.id
                        + "' cannot be understood; is git too old or too new?");
  return out;
}

events::error read_log(const private_git_dir& git, const std::string& head,
                       const std::function<events::error(log_commit)>& visit) {
  auto started = pipe_process::start(git.command(
    {"log", "--first-parent", "-z", "--encoding=UTF-8", "--no-color",
     "--no-notes", "--no-show-signature", format, head, "--"}));
  if (!started)
    return started.error();
  auto& log = **started;
  const auto what = "cannot read the history of " + head;
  for (;;) {
    auto next = next_commit(log);
    if (!next) {
      const auto result = log.finish();
      return result.exit_code > 0 ? git_failed(what, result) : next.error();
    }
    if (!*next)
      break;
    if (auto err = visit(std::move(**next)))
      return err;
  }
  const auto result = log.finish();
  return result.exit_code == 0 ? events::error{} : git_failed(what, result);
}

} // namespace fc::actors::services
