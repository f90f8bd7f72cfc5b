#include "events/policy/policy_reader.hpp"

#include "events/common/text.hpp"

#include <algorithm>
#include <set>
#include <sstream>

namespace fc::events::policy {

namespace {

using common::joined;

std::string short_number(double x) {
  std::ostringstream out;
  out.precision(12);
  out << x;
  return out.str();
}

/// A value as a user writes it, or what kind of thing it is.
std::string found(const toml::node& node) {
  if (node.is_table())
    return "a table";
  if (node.is_array())
    return "a list";
  if (const auto* text = node.as_string()) {
    constexpr std::size_t enough = 60;
    const auto& value = text->get();
    std::string quoted{"\""};
    return quoted.append(value, 0, enough)
      .append(value.size() > enough ? "...\"" : "\"");
  }
  if (const auto* value = node.as_floating_point())
    return short_number(value->get());
  std::ostringstream out;
  node.visit([&](const auto& x) {
    if constexpr (toml::is_value<decltype(x)>)
      out << x;
  });
  return out.str();
}

template <class T>
bool read_whole(const toml::node& node, T& to, const bounds& within) {
  const auto* value = node.as_integer();
  if (value == nullptr || !within.contain(static_cast<double>(value->get())))
    return false;
  to = static_cast<T>(value->get());
  return true;
}

} // namespace

bool bounds::contain(double x) const noexcept {
  return (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high);
}

std::string bounds::text() const {
  return (low_open ? "above " : "from ") + short_number(low)
         + (high_open ? " to below " : " to ") + short_number(high);
}

section::section(std::string path, std::string_view origin)
  : path_{std::move(path)}, origin_{origin} {}

error section::mistake(const toml::node& at, std::string_view key,
                       std::string_view expected) const {
  std::string text{origin_};
  text.append(":").append(std::to_string(at.source().begin.line)).append(": ");
  if (!path_.empty())
    text += path_ + ".";
  text.append(key).append(expected);
  return make_error(ec::invalid_argument, std::move(text));
}

section& section::add(std::string key, std::string expected,
                      std::function<bool(const toml::node&)> read) {
  auto checked = [this, key, expected,
                  read = std::move(read)](const toml::node& node) -> error {
    if (read(node))
      return {};
    return mistake(node, key,
                   " must be " + expected + ", found " + found(node));
  };
  fields_.push_back(
    {std::move(key), std::move(expected), std::move(checked), true});
  return *this;
}

section& section::number(std::string key, double& to, bounds within) {
  return add(std::move(key), "a number " + within.text(),
             [&to, within](const toml::node& node) {
               const auto value = node.value<double>();
               if (!node.is_number() || !value || !within.contain(*value))
                 return false;
               to = *value;
               return true;
             });
}

section& section::whole(std::string key, std::uint32_t& to, bounds within) {
  return add(std::move(key), "a whole number " + within.text(),
             [&to, within](const toml::node& node) {
               return read_whole(node, to, within);
             });
}

section& section::whole(std::string key, std::uint64_t& to, bounds within) {
  return add(std::move(key), "a whole number " + within.text(),
             [&to, within](const toml::node& node) {
               return read_whole(node, to, within);
             });
}

section& section::flag(std::string key, bool& to) {
  return add(std::move(key), "true or false", [&to](const toml::node& node) {
    if (const auto* value = node.as_boolean()) {
      to = value->get();
      return true;
    }
    return false;
  });
}

section& section::text(std::string key, std::string& to,
                       std::vector<std::string> allowed) {
  auto expected = allowed.empty() ? "a text that is not empty"
                                  : "one of " + joined(allowed);
  return add(std::move(key), std::move(expected),
             [&to, allowed = std::move(allowed)](const toml::node& node) {
               const auto* value = node.as_string();
               if (value == nullptr)
                 return false;
               to = value->get();
               return allowed.empty()
                        ? to.find_first_not_of(" \t\r\n") != std::string::npos
                        : std::find(allowed.begin(), allowed.end(), to)
                            != allowed.end();
             });
}

section& section::optional_number(std::string key, double& to, bounds within) {
  number(std::move(key), to, within);
  fields_.back().required = false;
  return *this;
}

section&
section::optional_whole(std::string key, std::uint32_t& to, bounds within) {
  whole(std::move(key), to, within);
  fields_.back().required = false;
  return *this;
}

section& section::optional_text(std::string key, std::string& to,
                                std::vector<std::string> allowed) {
  text(std::move(key), to, std::move(allowed));
  fields_.back().required = false;
  return *this;
}

section& section::texts(std::string key, std::vector<std::string>& to,
                        element_check check) {
  std::string expected = "a list of texts";
  auto read = [this, key, expected, &to,
               check = std::move(check)](const toml::node& node) -> error {
    const auto* list = node.as_array();
    if (list == nullptr)
      return mistake(node, key,
                     " must be " + expected + ", found " + found(node));
    std::set<std::string> seen;
    for (const auto& element : *list) {
      const auto* value = element.as_string();
      if (value == nullptr)
        return mistake(element, key,
                       " must be " + expected + ", found " + found(element)
                         + " in it");
      if (!seen.insert(value->get()).second)
        return mistake(element, key,
                       " must not repeat itself, found " + found(element)
                         + " twice");
      if (const auto wrong = check(value->get()))
        return mistake(element, key, ": " + found(element) + ": " + *wrong);
      to.push_back(value->get());
    }
    return {};
  };
  fields_.push_back({std::move(key), std::move(expected), std::move(read)});
  return *this;
}

section&
section::table(std::string key, std::function<error(const toml::table&)> read) {
  auto checked
    = [this, key, read = std::move(read)](const toml::node& node) -> error {
    if (const auto* value = node.as_table())
      return read(*value);
    return mistake(node, key, " must be a table, found " + found(node));
  };
  fields_.push_back({std::move(key), "a table", std::move(checked), true});
  return *this;
}

section&
section::optional_table(std::string key,
                        std::function<error(const toml::table&)> read) {
  table(std::move(key), std::move(read));
  fields_.back().required = false;
  return *this;
}

section& section::tables(std::string key,
                         std::function<error(const toml::table&)> read) {
  auto checked
    = [this, key, read = std::move(read)](const toml::node& node) -> error {
    const auto* list = node.as_array();
    if (list == nullptr || list->empty())
      return mistake(node, key,
                     " must be a list of tables, found " + found(node));
    for (const auto& element : *list) {
      const auto* value = element.as_table();
      if (value == nullptr)
        return mistake(element, key,
                       " must be a list of tables, found " + found(element)
                         + " in it");
      if (auto err = read(*value))
        return err;
    }
    return {};
  };
  fields_.push_back(
    {std::move(key), "a list of tables", std::move(checked), true});
  return *this;
}

section&
section::optional_tables(std::string key,
                         std::function<error(const toml::table&)> read) {
  tables(std::move(key), std::move(read));
  fields_.back().required = false;
  return *this;
}

std::string section::known_keys() const {
  std::vector<std::string> keys;
  for (const auto& x : fields_)
    keys.push_back(x.key);
  return joined(keys);
}

error section::read(const toml::table& from) const {
  // A misspelt key is both unknown and missing; the former tells more.
  for (const auto& [key, node] : from) {
    const auto known = std::any_of(
      fields_.begin(), fields_.end(),
      [&name = key](const field& x) { return x.key == name.str(); });
    if (!known)
      return mistake(node, key.str(),
                     " is not known; expected " + known_keys());
  }
  for (const auto& x : fields_) {
    const auto* node = from.get(x.key);
    if (node == nullptr && !x.required)
      continue;
    if (node == nullptr)
      return mistake(from, x.key, " is missing; expected " + x.expected);
    if (auto err = x.read(*node))
      return err;
  }
  return {};
}

} // namespace fc::events::policy
