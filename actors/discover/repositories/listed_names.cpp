#include "actors/discover/repositories/listed_names.hpp"

#include "actors/services/python/json.hpp"
#include "events/common/address.hpp"
#include "events/common/bounded_file.hpp"
#include "events/common/bounded_json.hpp"
#include "events/common/shown.hpp"
#include "events/common/text.hpp"
#include "events/common/utf8.hpp"

#include <algorithm>

namespace fc::actors {

using events::ec;
using events::expected;
using events::make_error;
using events::repo_name;

namespace {

using events::common::trimmed;

/// The start of what a user wrote, for an error.
std::string quoted(std::string_view x) {
  constexpr std::size_t max = 80;
  const auto text = events::common::without_credentials(x);
  return "'" + events::common::shown(events::common::utf8_prefix(text, max))
         + (text.size() > max ? "…'" : "'");
}

/// Path of an address of GitHub, or all of a text that is none. A name or token
/// before the host is nobody's business.
std::string_view path_of(std::string_view x) {
  for (const std::string_view scheme :
       {"https://", "http://", "git://", "ssh://"})
    if (x.starts_with(scheme)) {
      x.remove_prefix(scheme.size());
      const auto host = x.substr(0, x.find('/'));
      if (const auto at = host.rfind('@'); at != std::string_view::npos)
        x.remove_prefix(at + 1);
    }
  if (x.starts_with("git@"))
    x.remove_prefix(4);
  if (x.starts_with("www."))
    x.remove_prefix(4);
  for (const std::string_view host : {"github.com/", "github.com:"})
    if (x.starts_with(host))
      x.remove_prefix(host.size());
  return x;
}

class names_source : public repository_source {
public:
  explicit names_source(std::string text) : text_(std::move(text)) {}

  std::string name() const override {
    return "names";
  }

  expected<repository_listing> list(const services::stop_flag&) override {
    repository_listing result;
    std::string_view rest = text_;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(','), rest.size());
      const auto one = trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (one.empty())
        continue;
      auto repo = parse_repository(one);
      if (!repo)
        return repo.error();
      result.found.push_back({std::move(*repo), name()});
    }
    if (result.found.empty())
      return make_error(ec::invalid_argument, "no repository is named");
    return result;
  }

private:
  std::string text_;
};

/// A file read line by line.
class line_source : public repository_source {
public:
  line_source(std::string kind, std::filesystem::path path)
    : kind_(std::move(kind)), path_(std::move(path)) {}

  std::string name() const override {
    return kind_ + ":" + path_.string();
  }

  expected<repository_listing> list(const services::stop_flag&) override {
    constexpr std::uint64_t max_bytes = 256 << 20;
    const auto all = events::common::read_file(
      path_.string(), "the list of repositories", max_bytes);
    if (!all)
      return all.error();
    repository_listing result;
    std::string_view rest{*all};
    for (std::size_t number = 1; !rest.empty(); ++number) {
      const auto end = std::min(rest.find('\n'), rest.size());
      auto text = trimmed(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (number == 1 && text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3); // a byte order mark
      if (text.empty())
        continue;
      auto repo = read(text);
      if (!repo)
        return make_error(ec::invalid_argument,
                          path_.string() + ":" + std::to_string(number) + ": "
                            + text_of(repo.error()));
      if (!repo->str().empty())
        result.found.push_back({std::move(*repo), name()});
    }
    if (result.found.empty())
      return make_error(ec::invalid_argument,
                        path_.string() + " names no repository");
    return result;
  }

protected:
  /// An empty name: the line is none on purpose.
  virtual expected<repo_name> read(std::string_view line) const = 0;

private:
  /// Without the name of the code, which is the same for all.
  static std::string text_of(const events::error& x) {
    const auto words = events::describe(x);
    return words.substr(words.find(' ') + 1);
  }

  std::string kind_;
  std::filesystem::path path_;
};

class list_source : public line_source {
public:
  explicit list_source(std::filesystem::path path)
    : line_source("list", std::move(path)) {}

protected:
  expected<repo_name> read(std::string_view line) const override {
    const auto text = trimmed(line.substr(0, line.find('#')));
    return text.empty() ? repo_name{} : parse_repository(text);
  }
};

class json_source : public line_source {
public:
  explicit json_source(std::filesystem::path path)
    : line_source("jsonl", std::move(path)) {}

protected:
  expected<repo_name> read(std::string_view line) const override {
    const auto row = events::common::read_json(line);
    if (!row.is_object())
      return make_error(ec::invalid_argument,
                        quoted(line) + " is not a JSON object");
    auto name = services::json_text(row, "repo_name");
    if (name.empty()) {
      const auto owner = services::json_text(row, "owner");
      auto repo = services::json_text(row, "repo");
      if (repo.empty())
        repo = services::json_text(row, "name");
      if (owner.empty() || repo.empty())
        return make_error(ec::invalid_argument,
                          "the object has neither repo_name nor owner and "
                          "repo");
      name = owner + "/" + repo;
    }
    return parse_repository(name);
  }
};

} // namespace

expected<repo_name> parse_repository(std::string_view text) {
  auto path = path_of(trimmed(text));
  while (path.ends_with('/'))
    path.remove_suffix(1);
  if (path.ends_with(".git"))
    path.remove_suffix(4);
  auto repo = repo_name::parse(path);
  if (!repo)
    return make_error(ec::invalid_argument,
                      quoted(text)
                        + " is neither owner/name nor an address of GitHub");
  return repo;
}

std::unique_ptr<repository_source> given_names(std::string text) {
  return std::make_unique<names_source>(std::move(text));
}

std::unique_ptr<repository_source> list_file(std::filesystem::path path) {
  return std::make_unique<list_source>(std::move(path));
}

std::unique_ptr<repository_source> json_lines(std::filesystem::path path) {
  return std::make_unique<json_source>(std::move(path));
}

} // namespace fc::actors
