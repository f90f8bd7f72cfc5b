#pragma once

#include "events/error.hpp"

#include <toml++/toml.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Strict reading of TOML, for `policy.cpp` only: each table states its keys,
/// all are required but those said to be optional, and nothing else is allowed.
namespace fc::events::policy {

/// Bounds of a number; an open end is not allowed itself.
struct bounds {
  double low;
  double high;
  bool low_open = false;
  bool high_open = false;

  bool contain(double x) const noexcept;
  std::string text() const;
};

/// What is wrong with an element of a list, or nothing.
using element_check
  = std::function<std::optional<std::string>(std::string_view)>;

/// One table of the file: its keys and where their values go.
class section {
public:
  /// @param path Dotted name, empty for the whole file.
  section(std::string path, std::string_view origin);

  section& number(std::string key, double& to, bounds within);
  section& whole(std::string key, std::uint32_t& to, bounds within);
  section& whole(std::string key, std::uint64_t& to, bounds within);
  section& flag(std::string key, bool& to);
  /// A text that is not empty; one of `allowed` if there are any.
  section&
  text(std::string key, std::string& to, std::vector<std::string> allowed = {});
  /// The same, which may be left out: `to` then stays as it is.
  section& optional_number(std::string key, double& to, bounds within);
  section& optional_whole(std::string key, std::uint32_t& to, bounds within);
  section& optional_text(std::string key, std::string& to,
                         std::vector<std::string> allowed);
  /// Texts without repetition; `check` sees each.
  section&
  texts(std::string key, std::vector<std::string>& to, element_check check);
  section&
  table(std::string key, std::function<error(const toml::table&)> read);
  /// One that may be left out as a whole.
  section& optional_table(std::string key,
                          std::function<error(const toml::table&)> read);
  /// A list of tables, in order.
  section&
  tables(std::string key, std::function<error(const toml::table&)> read);
  /// The same, which may be left out.
  section& optional_tables(std::string key,
                           std::function<error(const toml::table&)> read);

  /// Reads all keys; the first mistake is returned.
  error read(const toml::table& from) const;

  /// An error at a place in the file.
  error mistake(const toml::node& at, std::string_view key,
                std::string_view expected) const;

private:
  /// A key, what it expects, and a reader that says whether the value fits.
  struct field {
    std::string key;
    std::string expected;
    std::function<error(const toml::node&)> read;
    bool required = true;
  };

  section& add(std::string key, std::string expected,
               std::function<bool(const toml::node&)> read);
  std::string known_keys() const;

  std::string path_;
  std::string_view origin_;
  std::vector<field> fields_;
};

} // namespace fc::events::policy
