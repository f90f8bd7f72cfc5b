#include "events/common/address.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <vector>

namespace fc::events::common {

namespace {

constexpr std::string_view scheme_mark = "://";

/// How far an address is read: texts are long, and hold many marks.
constexpr std::size_t max_address = 1024;
constexpr std::size_t max_name = 60;

/// What our own messages tell people to write.
constexpr std::string_view no_secret = "user:password@";

/// Part of a text.
struct span {
  std::size_t from = 0, to = 0;
};

bool is_scheme(char c) noexcept {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+'
         || c == '-' || c == '.';
}

/// Ends an address in running text.
bool ends_address(char c) noexcept {
  return static_cast<unsigned char>(c) <= ' ' || c == '"' || c == '<'
         || c == '>' || c == '`' || c == 0x7F;
}

/// Name and password with the at sign, of an address whose mark is at `mark`.
/// Passwords with a raw slash or at sign are taken whole.
std::optional<span> credentials_at(std::string_view text, std::size_t mark) {
  const auto from = mark + scheme_mark.size();
  auto end = from;
  while (end < text.size() && end - from < max_address
         && !ends_address(text[end]))
    ++end;
  const auto all = text.substr(from, end - from);
  if (all.starts_with('['))
    return std::nullopt; // A host of IPv6 has colons of its own.
  const auto host = std::min(all.find_first_of("/?#"), all.size());
  auto at = all.substr(0, host).rfind('@');
  // `user:pa/ss@host`: what looks like a port is none.
  if (at == std::string_view::npos) {
    const auto colon = all.substr(0, host).find(':');
    const auto later = all.rfind('@');
    const auto port = colon == std::string_view::npos
                        ? ""
                        : all.substr(colon + 1, host - colon - 1);
    const bool is_port = std::ranges::all_of(
      port, [](unsigned char c) { return std::isdigit(c) != 0; });
    if (later != std::string_view::npos && colon != std::string_view::npos
        && !is_port)
      at = later;
  }
  if (at == std::string_view::npos)
    return std::nullopt;
  return span{from, from + at + 1};
}

/// Whatever the case of letters in `text`.
bool ends_in(std::string_view text, std::string_view end) {
  return text.size() >= end.size()
         && std::ranges::equal(text.substr(text.size() - end.size()), end, {},
                               [](unsigned char c) { return std::tolower(c); });
}

/// Values of parameters that open doors, e.g. of `?private_token=`.
std::vector<span> parameters_in(std::string_view text) {
  static constexpr std::array<std::string_view, 10> words{
    "token=", "password=", "passwd=", "pwd=",        "secret=",
    "key=",   "sig=",      "auth=",   "credential=", "signature="};
  std::vector<span> found;
  for (std::size_t at = 0; (at = text.find('=', at)) != std::string_view::npos;
       ++at) {
    auto name = text.substr(0, at + 1);
    if (name.size() > max_name)
      name.remove_prefix(name.size() - max_name);
    const auto mark = name.find_last_of("?&; \n\t\"'");
    if (mark == std::string_view::npos
        || (name[mark] != '?' && name[mark] != '&')
        || std::ranges::none_of(
          words, [&](std::string_view each) { return ends_in(name, each); }))
      continue;
    auto end = at + 1;
    while (end < text.size() && !ends_address(text[end]) && text[end] != '&'
           && text[end] != '#' && text[end] != '\'')
      ++end;
    found.push_back({at + 1, end});
  }
  return found;
}

std::vector<span> credentials_in(std::string_view text) {
  std::vector<span> found;
  for (std::size_t at = 0;
       (at = text.find(scheme_mark, at)) != std::string_view::npos;
       at += scheme_mark.size())
    if (at > 0 && is_scheme(text[at - 1])
        && (found.empty() || found.back().to <= at))
      if (const auto one = credentials_at(text, at);
          one && text.substr(one->from, one->to - one->from) != no_secret)
        found.push_back(*one);
  return found;
}

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// What is no escape stays.
std::string decoded(std::string_view x) {
  std::string result;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const int high = x[i] == '%' && i + 2 < x.size() ? hex_value(x[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(x[i + 2]) : -1;
    result += low >= 0 ? static_cast<char>(high * 16 + low) : x[i];
    i += low >= 0 ? 2 : 0;
  }
  return result;
}

bool has_control(std::string_view x) {
  return std::ranges::any_of(
    x, [](unsigned char c) { return c < ' ' || c == 0x7F; });
}

error no_address(const char* why) {
  return make_error(ec::invalid_argument, why);
}

/// Between the first colon and the at sign; empty where there is none.
std::string_view password_of(std::string_view credentials) {
  const auto colon = credentials.find(':');
  return colon == std::string_view::npos ? std::string_view{}
                                         : credentials.substr(colon + 1);
}

std::string_view user_part(std::string_view address, std::string_view& rest) {
  rest = address.substr(address.find(scheme_mark) + scheme_mark.size());
  const auto slash = std::min(rest.find_first_of("/?"), rest.size());
  const auto at = rest.substr(0, slash).find('@');
  if (at == std::string_view::npos)
    return {};
  const auto user = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return user;
}

/// A password in what is no address: `https:/user:word@host`,
/// `//user:word@host`, and `user:word@host:path`, for which ssh has no place.
bool is_broken_address(std::string_view text) {
  static constexpr std::array<std::string_view, 5> schemes{"https", "http",
                                                           "ssh", "git", "ftp"};
  bool named = false;
  for (const auto each : schemes)
    if (!named && text.starts_with(each)
        && (text.substr(each.size()).starts_with(':')
            || text.substr(each.size()).starts_with("//"))) {
      named = true;
      text.remove_prefix(each.size() + 1);
    }
  if (named || text.starts_with("//"))
    text.remove_prefix(std::min(text.find_first_not_of('/'), text.size()));
  const auto at = text.find('@');
  return at != std::string_view::npos && text.find('/') > at
         && (named || text.find(':') < at);
}

/// `password=…` of an address as keywords.
std::string_view keyword_password(std::string_view address) {
  const auto at = address.find("password");
  const auto is = at == std::string_view::npos ? at : address.find('=', at);
  if (is == std::string_view::npos)
    return {};
  const auto from = address.find_first_not_of(" '", is + 1);
  if (from == std::string_view::npos)
    return {};
  const char end = address[from - 1] == '\'' ? '\'' : ' ';
  return address.substr(from, address.find(end, from) - from);
}

} // namespace

expected<split_address> split_credentials(std::string_view url) {
  const auto mark = url.find(scheme_mark);
  if (mark == std::string_view::npos) {
    if (is_broken_address(url))
      return no_address("the address of a --source has a password but no "
                        "scheme; write https://user:password@host/path");
    return split_address{std::string{url}, {}, {}};
  }
  // What ends an address in a text would cut a password in two.
  const auto odd = std::ranges::find_if(url, ends_address);
  if (odd != url.end() && !url.starts_with("file:")
      && std::find(odd, url.end(), '@') != url.end())
    return no_address("the address of a --source has a space, a quote or a "
                      "bracket before an @; write it as %20, %22, %3C or %3E");
  const auto found = credentials_at(url, mark);
  if (!found)
    return split_address{std::string{url}, {}, {}};
  const auto both = url.substr(found->from, found->to - 1 - found->from);
  const auto user = both.substr(0, both.find(':'));
  split_address result{{}, decoded(user), decoded(password_of(both))};
  if (has_control(result.user) || has_control(result.password))
    return no_address("name or password in an address has a control character");
  result.url = url.substr(0, found->from);
  if (url.substr(0, mark).find("ssh") != std::string_view::npos) {
    if (!result.password.empty())
      return no_address("ssh takes no password from an address; use a key of "
                        "ssh's own, or https");
    result.url += std::string{user} + "@";
    result.user.clear();
  }
  result.url += url.substr(found->to);
  return result;
}

std::string without_credentials(std::string_view text) {
  std::string result{text};
  const auto parameters = parameters_in(result);
  for (auto it = parameters.rbegin(); it != parameters.rend(); ++it)
    result.replace(it->from, it->to - it->from, "***");
  const auto all = credentials_in(result);
  for (auto it = all.rbegin(); it != all.rend(); ++it)
    result.erase(it->from, it->to - it->from);
  return result;
}

void hide_credentials(int argc, char** argv) noexcept {
  for (int i = 1; i < argc; ++i) {
    const std::string_view text{argv[i]};
    const auto hide = [&](const span& x) {
      std::fill(argv[i] + x.from, argv[i] + x.to, '*');
    };
    for (const auto& each : parameters_in(text))
      hide(each);
    for (const auto& each : credentials_in(text))
      hide(each);
  }
}

error check_database_address(std::string_view address) {
  const auto no = [] {
    return make_error(
      ec::invalid_argument,
      "database: SUPABASE_DB_URL is not an address: write "
      "postgresql://user:password@host:port/database, with @ / : % of the "
      "password as %40 %2F %3A %25");
  };
  if (has_control(address))
    return no();
  if (address.find(scheme_mark) == std::string_view::npos)
    return address.find('=') == std::string_view::npos ? no() : error{};
  if (!address.starts_with("postgresql://")
      && !address.starts_with("postgres://"))
    return no();
  std::string_view rest;
  const auto user = user_part(address, rest);
  if (rest.find('@') != std::string_view::npos
      || password_of(user).find(':') != std::string_view::npos)
    return no();
  for (auto at = address.find('%'); at != std::string_view::npos;
       at = address.find('%', at + 1))
    if (at + 2 >= address.size() || hex_value(address[at + 1]) < 0
        || hex_value(address[at + 2]) < 0
        || (address[at + 1] == '0' && address[at + 2] == '0'))
      return no();
  return {};
}

namespace {

void replace_secrets(std::string& text,
                     std::initializer_list<std::string> secrets) {
  // Shorter ones are parts of words, and no secret.
  constexpr std::size_t shortest = 6;
  constexpr std::string_view mark = "***";
  for (const auto& each : secrets)
    for (std::size_t at = 0; each.size() >= shortest
                             && (at = text.find(each, at)) != std::string::npos;
         at += mark.size())
      text.replace(at, each.size(), mark);
}

} // namespace

std::string without_secrets_of(std::string text, std::string_view url) {
  const auto mark = url.find(scheme_mark);
  const auto found
    = mark == std::string_view::npos ? std::nullopt : credentials_at(url, mark);
  if (!found)
    return text;
  const auto both = url.substr(found->from, found->to - 1 - found->from);
  const auto word = password_of(both);
  // A token may stand alone, or as the name in front of an empty word.
  const auto secret = word.empty() ? both.substr(0, both.find(':')) : word;
  replace_secrets(text, {std::string{both}, std::string{secret}, decoded(both),
                         decoded(secret)});
  return text;
}

std::string without_password(std::string message, std::string_view address) {
  std::string_view rest;
  const auto raw = address.find(scheme_mark) == std::string_view::npos
                     ? keyword_password(address)
                     : password_of(user_part(address, rest));
  replace_secrets(message,
                  {std::string{address}, std::string{raw}, decoded(raw)});
  return message;
}

} // namespace fc::events::common
