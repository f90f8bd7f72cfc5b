#include "actors/discover/asv_config.hpp"

#include "actors/discover/json5.hpp"
#include "events/common/bounded_json.hpp"

#include "nlohmann/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace fc::actors {

using events::ec;
using events::make_error;
using nlohmann::json;

namespace {

/// Settings that are named one by one; further ones are counted.
constexpr std::size_t max_ignored = 40;
constexpr std::size_t max_variables = 100;
constexpr std::size_t max_name_bytes = 80;
constexpr std::size_t max_value_bytes = 4096;

struct known_key {
  std::string_view name;
  /// Why it is not honoured; empty: it is, or it concerns ASV's own files,
  /// pages and caches alone. The table in docs/measurement.md has them all.
  std::string_view ignored = {};
};

constexpr std::string_view by_pip
  = "both sides are built from source by pip alike";
constexpr std::string_view one_environment
  = "one environment is measured: that of the interpreter given";

constexpr std::array known_keys{
  known_key{"version"},
  known_key{"project"},
  known_key{"project_url"},
  known_key{"repo"},
  known_key{"repo_subdir"},
  known_key{"branches"},
  known_key{"dvcs"},
  known_key{"show_commit_url"},
  known_key{"benchmark_dir"},
  known_key{"matrix"},
  known_key{"default_benchmark_timeout"},
  known_key{"benchmark_timeout"},
  known_key{"env_dir"},
  known_key{"results_dir"},
  known_key{"html_dir"},
  known_key{"hash_length"},
  known_key{"build_cache_size"},
  known_key{"wheel_cache_size"},
  known_key{"regressions_first_commits"},
  known_key{"regressions_thresholds"},
  known_key{"install_command", by_pip},
  known_key{"build_command", by_pip},
  known_key{"uninstall_command", by_pip},
  known_key{"install_timeout", "the policy bounds the build"},
  known_key{"pythons", one_environment},
  known_key{"environment_type", one_environment},
  known_key{"include", one_environment},
  known_key{"exclude", one_environment},
  known_key{"conda_channels", "conda is not used"},
  known_key{"conda_environment_file", "conda is not used"},
  known_key{"plugins", "plugins of ASV are not loaded"},
};

/// Variables that would reach around the sandbox's own settings: they steer the
/// loader or the interpreter, or are set for every trial.
bool is_reserved(std::string_view name) {
  static constexpr std::array names{"PATH",
                                    "HOME",
                                    "TMPDIR",
                                    "PYTHONHASHSEED",
                                    "PYTHONPATH",
                                    "PYTHONHOME",
                                    "PYTHONSTARTUP",
                                    "PYTHONUSERBASE",
                                    "PYTHONPLATLIBDIR",
                                    "PYTHONEXECUTABLE",
                                    "PYTHONSAFEPATH",
                                    "GCONV_PATH",
                                    "GLIBC_TUNABLES",
                                    "ASV"};
  return std::ranges::find(names, name) != names.end()
         || name.starts_with("LD_") || name.starts_with("ASV_")
         || name.starts_with("FC_");
}

bool is_variable(std::string_view name) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
           || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= max_name_bytes
         && std::ranges::all_of(name, good)
         && (name.front() < '0' || name.front() > '9');
}

std::string shortened(std::string_view text, std::size_t max = max_name_bytes) {
  if (text.size() <= max)
    return std::string{text};
  auto end = max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;
  return std::string{text.substr(0, end)} + "…";
}

/// A version as text; JSON null and true mean any.
std::string version_of(const json& x) {
  return x.is_string()   ? x.get<std::string>()
         : x.is_number() ? x.dump()
                         : std::string{};
}

std::vector<std::string> versions_of(const json& x) {
  std::vector<std::string> out;
  if (!x.is_array())
    return {version_of(x)};
  for (const auto& one : x)
    out.push_back(version_of(one));
  return out;
}

/// Reads one configuration whose JSON is sound.
class reader {
public:
  explicit reader(const json& root) : root_(root) {}

  events::expected<asv_config> read() {
    if (const auto* at = find("benchmark_dir")) {
      if (!at->is_string())
        return make_error(ec::malformed, "benchmark_dir is no text");
      out_.benchmark_dir = at->get<std::string>();
    }
    if (const auto* at = find("pythons"))
      for (auto& one : versions_of(*at))
        if (!one.empty())
          out_.pythons.push_back(std::move(one));
    if (const auto* at = find("project"); at != nullptr && at->is_string())
      settings().project = at->get<std::string>();
    if (const auto* at = find("repo_subdir")) {
      if (!at->is_string())
        return make_error(ec::malformed, "repo_subdir is no text");
      settings().repo_subdir = at->get<std::string>();
    }
    read_timeout();
    if (const auto* at = find("matrix"); at != nullptr && at->is_object())
      read_matrix(*at);
    read_ignored();
    return std::move(out_);
  }

private:
  const json* find(const char* key) const {
    const auto at = root_.find(key);
    return at == root_.end() ? nullptr : &*at;
  }

  suite_settings& settings() noexcept {
    return out_.settings;
  }

  void ignore(const std::string& key, std::string_view why) {
    ++ignored_;
    if (ignored_ <= max_ignored)
      settings().ignored.push_back(shortened(key) + ": " + std::string{why});
  }

  /// The newer name first; ASV itself knows no other.
  void read_timeout() {
    for (const auto* key : {"default_benchmark_timeout", "benchmark_timeout"}) {
      const auto* at = find(key);
      if (at == nullptr || at->is_null())
        continue;
      const double seconds = at->is_number() ? at->get<double>() : 0;
      if (!(seconds > 0) || !std::isfinite(seconds))
        ignore(key, "no number of seconds above 0");
      else if (settings().timeout_s == 0)
        settings().timeout_s = std::min(seconds, 1e9);
    }
  }

  void read_matrix(const json& matrix) {
    // The newer form has these keys and nothing else at its top.
    const bool sections = matrix.contains("req") || matrix.contains("env")
                          || matrix.contains("env_nobuild");
    if (!sections) {
      read_requirements(matrix);
      return;
    }
    for (const auto& [name, section] : matrix.items()) {
      if (name == "req")
        read_requirements(section);
      else if (name == "env")
        read_variables("matrix.env ", section, settings().build_env);
      else if (name == "env_nobuild")
        read_variables("matrix.env_nobuild ", section, settings().run_env);
      else
        ignore("matrix." + name, "neither req, env nor env_nobuild");
    }
  }

  void read_requirements(const json& needs) {
    if (!needs.is_object())
      return;
    for (const auto& [name, versions] : needs.items())
      out_.requirements[name] = versions_of(versions);
    if (!needs.empty())
      ignore("matrix.req", "requirements are what the package declares; of "
                             + std::to_string(needs.size())
                             + " in the matrix none is installed for it");
  }

  void read_variables(const std::string& section, const json& variables,
                      std::vector<std::string>& into) {
    if (!variables.is_object())
      return;
    for (const auto& [name, values] : variables.items())
      read_variable(section + name, name, values, into);
  }

  void read_variable(const std::string& key, const std::string& name,
                     const json& values, std::vector<std::string>& into) {
    const bool list = values.is_array();
    if (list && values.empty())
      return;
    const auto& first = list ? values.front() : values;
    if (!is_variable(name))
      return ignore(key, "no name of a variable");
    if (is_reserved(name))
      return ignore(key, "reserved: every trial sets it alike");
    if (list && values.size() > 1)
      ignore(key, "the first of " + std::to_string(values.size())
                    + " values is taken");
    if (first.is_null()) // ASV leaves such a variable unset
      return;
    if (!first.is_string() && !first.is_number())
      return ignore(key, "neither text nor number");
    const auto value
      = first.is_string() ? first.get<std::string>() : first.dump();
    if (value.size() > max_value_bytes || value.find('\0') != std::string::npos)
      return ignore(key, "longer than 4,096 bytes, or with a zero byte");
    if (into.size() >= max_variables)
      return ignore(key, "more than 100 variables");
    into.push_back(name + '=' + value);
  }

  void read_ignored() {
    for (const auto& [name, value] : root_.items()) {
      const auto at = std::ranges::find(known_keys, name, &known_key::name);
      if (at == known_keys.end())
        ignore(name, "no key of ASV that is known");
      else if (!at->ignored.empty() && !value.is_null())
        ignore(name, at->ignored);
    }
    std::ranges::sort(settings().ignored);
    if (ignored_ > max_ignored)
      settings().ignored.push_back(std::to_string(ignored_ - max_ignored)
                                   + " more settings are not honoured");
  }

  const json& root_;
  asv_config out_;
  std::size_t ignored_ = 0;
};

} // namespace

events::expected<asv_config> parse_asv_config(std::string_view text) {
  const auto plain = json_of_json5(text);
  if (!plain)
    return plain.error();
  const auto root = events::common::parse_json(*plain);
  if (!root)
    return root.error();
  if (!root->is_object())
    return make_error(ec::malformed, "it is no JSON object");
  return reader{*root}.read();
}

} // namespace fc::actors
