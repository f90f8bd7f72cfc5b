#include "actors/services/git/object_reader.hpp"

#include "actors/services/git/text.hpp"

#include <algorithm>
#include <charconv>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

std::string to_hex(std::string_view raw) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(raw.size() * 2);
  for (const char c : raw) {
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::string_view next_part(std::string_view& text, char separator) {
  const auto at = std::min(text.find(separator), text.size());
  const auto part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

events::error absent(std::string_view id) {
  return make_error(ec::missing_object,
                    "object " + std::string{id}
                      + " is absent; fetch the repository again");
}

/// The first line's `<id> <type> <size>`; no size for anything else.
std::optional<std::size_t> read_header(std::string_view line, git_object& out) {
  out.id = next_part(line, ' ');
  out.type = next_part(line, ' ');
  std::size_t size = 0;
  const auto* end = line.data() + line.size();
  const auto [at, code] = std::from_chars(line.data(), end, size);
  if (!is_object_id(out.id) || code != std::errc{} || at != end)
    return std::nullopt;
  return size;
}

/// Of a line that ends in `<seconds> <zone>`; 0 where it does not.
std::int64_t seconds_in(std::string_view line) {
  line = line.substr(0, std::min(line.rfind(' '), line.size()));
  line.remove_prefix(std::min(line.rfind(' ') + 1, line.size()));
  std::int64_t out = 0;
  std::from_chars(line.data(), line.data() + line.size(), out);
  return out;
}

} // namespace

expected<std::vector<tree_entry>>
parse_tree(std::string_view content, std::size_t id_size) {
  std::vector<tree_entry> out;
  while (!content.empty()) {
    const auto mode = next_part(content, ' ');
    const auto name = next_part(content, '\0');
    if (mode.empty() || name.empty() || content.size() < id_size)
      return make_error(ec::corrupt, "a tree object cannot be understood; "
                                     "fetch the repository again");
    out.push_back({std::string{name}, to_hex(content.substr(0, id_size)),
                   mode == "40000" || mode == "040000", mode == "160000"});
    content.remove_prefix(id_size);
  }
  return out;
}

object_reader::object_reader(process_spec spec) : spec_(std::move(spec)) {
  // nop
}

expected<std::optional<git_object>> object_reader::read(std::string_view name) {
  if (name.empty()
      || name.find_first_of(std::string_view{"\n\r\0", 3})
           != std::string_view::npos)
    return std::optional<git_object>{};
  const bool fresh = !git_;
  auto out = ask(name);
  // It may have gone with the thread that started it: try once more.
  if (!out && !fresh && events::code_of(out.error()) == ec::unavailable)
    return ask(name);
  return out;
}

expected<std::optional<git_object>> object_reader::ask(std::string_view name) {
  if (!git_) {
    auto started = pipe_process::start(spec_);
    if (!started)
      return started.error();
    git_ = std::move(*started);
  }
  if (auto err = git_->write(std::string{name} + '\n'))
    return ended(name, err);
  auto out = answer(name);
  if (!out)
    return ended(name, out.error());
  return out;
}

expected<std::optional<git_object>>
object_reader::answer(std::string_view name) {
  auto line = git_->read_until('\n');
  if (!line)
    return line.error();
  if (!*line)
    return make_error(ec::unavailable, "git cat-file ended");
  git_object out;
  const auto size = read_header(**line, out);
  if (!size && (*line)->ends_with(" ambiguous"))
    return make_error(ec::invalid_argument, std::string{name}
                                              + " names more than one object; "
                                              + "give more digits");
  if (!size)
    return std::optional<git_object>{};
  if (spec_.max_answer > 0 && *size >= spec_.max_answer)
    return make_error(ec::refused,
                      std::string{name} + " has " + std::to_string(*size)
                        + " bytes, more than the "
                        + std::to_string(spec_.max_answer) + " that are read");
  auto content = git_->read_exactly(*size + 1);
  if (!content)
    return content.error();
  out.content = std::move(*content);
  out.content.pop_back();
  return std::optional{std::move(out)};
}

/// What the end of the process means; an answer that was read is no end.
events::error
object_reader::ended(std::string_view name, const events::error& why) {
  if (events::code_of(why) == ec::invalid_argument)
    return why;
  const auto result = git_->finish();
  git_.reset();
  const auto code = events::code_of(why);
  if (result.exit_code <= 0 || code == ec::refused || code == ec::cancelled)
    return why;
  return git_failed("cannot read " + std::string{name}, result);
}

expected<commit_object> object_reader::commit(std::string_view id) {
  auto found = read(std::string{id} + "^{commit}");
  if (!found)
    return found.error();
  if (!*found)
    return make_error(ec::not_found,
                      "there is no commit " + std::string{id}
                        + " in this repository; is the clone complete?");
  commit_object out;
  out.log.id = (*found)->id;
  std::string_view text = (*found)->content;
  for (auto line = next_part(text, '\n'); !line.empty();
       line = next_part(text, '\n')) {
    if (line.starts_with("tree "))
      out.tree = line.substr(5);
    else if (line.starts_with("parent "))
      out.log.parents.emplace_back(line.substr(7));
    else if (line.starts_with("committer "))
      out.log.committed = seconds_in(line);
  }
  out.log.message = text;
  return out;
}

expected<std::vector<tree_entry>> object_reader::tree(std::string_view id) {
  auto found = read(id);
  if (!found)
    return found.error();
  if (!*found)
    return absent(id);
  return parse_tree((*found)->content, id.size() / 2);
}

expected<std::optional<tree_entry>>
object_reader::entry(std::string_view commit_id, std::string_view path) {
  auto head = commit(commit_id);
  if (!head)
    return head.error();
  tree_entry at{"", head->tree, true, false};
  while (!path.empty()) {
    const auto part = next_part(path, '/');
    if (part.empty() || part == ".")
      continue;
    if (!at.folder)
      return std::optional<tree_entry>{};
    auto entries = tree(at.id);
    if (!entries)
      return entries.error();
    const auto hit
      = std::find_if(entries->begin(), entries->end(),
                     [&](const auto& e) { return e.name == part; });
    if (hit == entries->end())
      return std::optional<tree_entry>{};
    at = std::move(*hit);
  }
  return std::optional{std::move(at)};
}

} // namespace fc::actors::services
