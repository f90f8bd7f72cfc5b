#include "events/common/address.hpp"

#include "actors/services/git/origin.hpp"
#include "actors/services/github/rest.hpp"
#include "events/ids.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <vector>

// input ::= the text, read as an address and as all that has a name
namespace fc::fuzz {
namespace {

using namespace events;
using namespace events::common;

void check_split(std::string_view url) {
  const auto split = split_credentials(url);
  if (!split)
    return check_error(split.error(), {ec::invalid_argument});
  check(split->url.size() <= url.size(), "an address is not made longer");
  check(split->has_credentials() || split->url == url
          || split->url.size() < url.size(),
        "an address without credentials stays as it is");
}

/// What is encoded is split off and decoded.
void check_encoded(std::string_view secret) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  const auto most = secret.substr(0, 100);
  std::string url = "https://user:";
  for (const char c : most) {
    url += '%';
    url += digits[static_cast<unsigned char>(c) >> 4U];
    url += digits[static_cast<unsigned char>(c) & 15U];
  }
  url += "@example.org/a/b.git";
  const bool control = std::ranges::any_of(
    most, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  const auto split = split_credentials(url);
  check(static_cast<bool>(split) == !control,
        "a password is taken unless it has a control character");
  if (!split)
    return;
  check(split->url == "https://example.org/a/b.git" && split->user == "user"
          && split->password == most,
        "a password is split off as it was encoded");
  check(without_credentials(url) == split->url, "both ways cut out the same");
}

void check_hidden(std::string_view text) {
  without_credentials(text);
  const auto arguments = std::string{text.substr(0, text.find('\0'))};
  std::string name = "fc-data";
  std::string argument = arguments;
  std::vector<char*> all{name.data(), argument.data(), nullptr};
  hide_credentials(2, all.data());
  check(argument.size() == arguments.size(), "an argument keeps its length");
  without_password(std::string{text}, text);
  without_secrets_of(std::string{text}, text);
}

void check_names(std::string_view text) {
  if (const auto repo = repo_name::parse(text)) {
    check(repo->str() == text, "a repository's name is one text");
    check(repo->file_name().find('/') == std::string::npos
            && repo->owner() != ".." && repo->name() != "..",
          "a repository's name is fit for a file");
  }
  if (const auto id = pull_request_id::parse(text)) {
    const auto again = pull_request_of(stream_of(*id));
    check(again && *again == *id, "a pull request has one stream");
  }
  if (const auto at = parse_time(text)) {
    const auto again = parse_time(to_iso8601(*at));
    check(again && *again == *at, "a time is written as it is read");
  }
  if (const auto id = digest::from_hex(text)) {
    const auto again = digest::from_hex(id->hex());
    check(again && *again == *id, "a digest is written as it is read");
  }
  if (const auto name = actors::services::name_of_url(text)) {
    const auto again = repo_name::parse(name->str());
    check(again && *again == *name, "an origin has a repository's name");
  }
  const auto next = actors::services::next_page(text);
  check(text.find(next) != std::string_view::npos, "a link is quoted as it is");
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  const std::string text{reinterpret_cast<const char*>(data), size};
  check_split(text);
  check_encoded(text);
  check_hidden(text);
  check_names(text);
  if (const auto failed = fc::events::common::check_database_address(text))
    check_error(failed, {fc::events::ec::invalid_argument});
  return 0;
}
