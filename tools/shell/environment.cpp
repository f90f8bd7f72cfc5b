#include "tools/shell/environment.hpp"

#include "tools/shell/program.hpp"

#include <algorithm>
#include <numeric>
#include <unistd.h>
#include <utility>

namespace fc::shell {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view fc_data = "fc-data";
constexpr std::string_view fcreplay = "fcreplay";
constexpr std::string_view tests = "tests";

/// The one list of them; a test compares it with what the programs read.
constexpr known_variable known[] = {
  {"FC_BIGQUERY_API", "--bigquery-api", fc_data},
  {"FC_BIGQUERY_MAX_BYTES", "--bigquery-max-bytes", fc_data},
  {"FC_BIGQUERY_PROJECT", "--bigquery-project", fc_data},
  {"FC_BIGQUERY_TOKEN", "", fc_data},
  {"FC_BIN", "", tests},
  {"FC_BUILD", "", tests},
  {"FC_CHROMIUM", "", tests},
  {"FC_DATA", "--data", fc_data},
  {"FC_DATA_DIR", "", tests},
  {"FC_FALLBACK_MODEL", "--fallback-model", fc_data},
  {"FC_FALLBACK_MODEL_API", "--fallback-model-api", fc_data},
  {"FC_FALLBACK_MODEL_CAP_FIELD", "--fallback-model-cap-field", fc_data},
  {"FC_FALLBACK_MODEL_IN_FLIGHT", "--fallback-model-in-flight", fc_data},
  {"FC_FALLBACK_MODEL_KEY", "", fc_data},
  {"FC_FALLBACK_MODEL_PRICE_IN", "--fallback-model-price-in", fc_data},
  {"FC_FALLBACK_MODEL_PRICE_OUT", "--fallback-model-price-out", fc_data},
  {"FC_FALLBACK_MODEL_SCHEMA", "--fallback-model-schema", fc_data},
  {"FC_FALLBACK_MODEL_TEMPERATURE", "--fallback-model-temperature", fc_data},
  {"FC_FALLBACK_MODEL_TIMEOUT", "--fallback-model-timeout", fc_data},
  {"FC_FALLBACK_MODEL_URL", "--fallback-model-url", fc_data},
  {"FC_FALLBACK_MODEL_VERSION", "--fallback-model-version", fc_data},
  {"FC_FALLBACK_ON", "--fallback-on", fc_data},
  {"FC_GITHUB_API", "--github-api", fc_data},
  {"FC_GITHUB_APP", "--github-app", fc_data},
  {"FC_GITHUB_APP_KEY", "--github-app-key", fc_data},
  {"FC_GITHUB_GIT", "--github-git", fc_data},
  {"FC_GITHUB_INSTALLATION", "--github-installation", fc_data},
  {"FC_INDEX", "--index", fc_data},
  {"FC_JUDGE", "--judge", fc_data},
  {"FC_JUDGE_BUDGET", "--judge-budget", fc_data},
  {"FC_JUDGE_TOKEN_BUDGET", "--judge-token-budget", fc_data},
  {"FC_KILLS", "", tests},
  {"FC_LOG", "--log", fcreplay},
  {"FC_LOG_LEVEL", "--log-level", fc_data},
  {"FC_MODEL", "--model", fc_data},
  {"FC_MODEL_API", "--model-api", fc_data},
  {"FC_MODEL_BYTES_PER_TOKEN", "--model-bytes-per-token", fc_data},
  {"FC_MODEL_CAP_FIELD", "--model-cap-field", fc_data},
  {"FC_MODEL_CONTEXT", "--model-context", fc_data},
  {"FC_MODEL_IN_FLIGHT", "--model-in-flight", fc_data},
  {"FC_MODEL_KEY", "", fc_data},
  {"FC_MODEL_MAX_OUTPUT", "--model-max-output", fc_data},
  {"FC_MODEL_PRICE_IN", "--model-price-in", fc_data},
  {"FC_MODEL_PRICE_OUT", "--model-price-out", fc_data},
  {"FC_MODEL_SCHEMA", "--model-schema", fc_data},
  {"FC_MODEL_TEMPERATURE", "--model-temperature", fc_data},
  {"FC_MODEL_TIMEOUT", "--model-timeout", fc_data},
  {"FC_MODEL_URL", "--model-url", fc_data},
  {"FC_MODEL_VERSION", "--model-version", fc_data},
  {"FC_POLICY", "--policy", fc_data},
  {"FC_PRESET", "", tests},
  {"FC_PYTHON", "--python", fc_data},
  {"FC_REQUIRE_PEERS", "", tests},
  {"FC_ROOT", "", tests},
  {"FC_SAMPLE", "", tests},
  {"FC_SEED", "", tests},
  {"FC_SEEDS", "", tests},
  {"FC_SHARED_DATA", "", tests},
  {"FC_TEST_CLONES", "", tests},
  {"FC_TEST_SECRET", "", tests},
  {"FC_WORK", "--work", fc_data},
  {"FC_WRITE_GOLDEN", "", tests},
};

/// Settings of the older Python pipeline that have a counterpart.
struct counterpart {
  std::string_view name;
  std::string_view instead;
};

constexpr counterpart counterparts[] = {
  {"DATASMITH_CLASSIFY_LLM_WORKERS", "FC_MODEL_IN_FLIGHT"},
  {"DATASMITH_CLASSIFY_PATCH_TOKENS", "FC_MODEL_CONTEXT"},
  {"DATASMITH_PUBLISH_ENVIRONMENTS", "a policy file (--policy)"},
  {"DATASMITH_SCRAPE_COMMITS_CONCURRENCY", "--github-at-once"},
  {"DSPY_API_BASE", "FC_MODEL_URL"},
  {"DSPY_API_KEY", "FC_MODEL_KEY"},
  {"DSPY_MAX_TOKENS", "FC_MODEL_MAX_OUTPUT"},
  {"DSPY_MODEL", "FC_MODEL and FC_MODEL_URL"},
  {"DSPY_MODEL_NAME", "FC_MODEL and FC_MODEL_URL"},
  {"DSPY_TEMPERATURE", "FC_MODEL_TEMPERATURE"},
  {"DSPY_URL", "FC_MODEL_URL"},
  {"SUPABASE_KEY", "SUPABASE_DB_URL, the address of the database itself"},
  {"SUPABASE_URL", "SUPABASE_DB_URL, the address of the database itself"},
};

/// Letters to be changed, left out or added to make one word of the other.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

/// Longer names are nobody's typing error, and the table is walked for each.
constexpr std::size_t max_name_bytes = 80;

std::string nearest(std::string_view name) {
  name = name.substr(0, max_name_bytes);
  const known_variable* best = nullptr;
  std::size_t least = 0;
  for (const auto& each : known) {
    if (each.reader == tests)
      continue;
    const auto far = distance(name, each.name);
    if (best == nullptr || far < least) {
      best = &each;
      least = far;
    }
  }
  return std::string{best->name};
}

bool is_known(std::string_view name) {
  return std::ranges::find(known, name, &known_variable::name)
         != std::end(known);
}

std::string counterpart_of(std::string_view name) {
  const auto* const found
    = std::ranges::find(counterparts, name, &counterpart::name);
  if (found != std::end(counterparts))
    return "use " + std::string{found->instead};
  return name.starts_with("DSPY_")
           ? "the judge's model is set by FC_MODEL_…, see fc-data --help"
           : "options and the policy file set such things, see fc-data --help";
}

} // namespace

std::span<const known_variable> known_variables() noexcept {
  return known;
}

std::string to_string(const ignored_setting& x) {
  return x.name + " is not read; " + x.instead;
}

std::vector<ignored_setting>
ignored_settings(const char* const* environment, const fs::path& folder) {
  std::vector<ignored_setting> all;
  for (; environment != nullptr && *environment != nullptr; ++environment) {
    const std::string_view line{*environment};
    const auto sign = line.find('=');
    if (sign == std::string_view::npos || sign + 1 == line.size())
      continue;
    const auto name = line.substr(0, sign);
    if (name.starts_with("FC_") && !is_known(name))
      all.push_back(
        {std::string{name}, "the nearest name that is: " + nearest(name)});
    else if (name.starts_with("DSPY_") || name.starts_with("DATASMITH_"))
      all.push_back({std::string{name}, counterpart_of(name),
                     name.find("MODEL") != std::string_view::npos});
    else if (name == "SUPABASE_URL" || name == "SUPABASE_KEY")
      all.push_back({std::string{name}, counterpart_of(name)});
  }
  std::ranges::sort(all, {}, &ignored_setting::name);
  std::error_code code;
  if (fs::exists(folder / "tokens.env", code))
    all.push_back({"tokens.env",
                   "export what it holds: GH_TOKENS for GitHub, FC_MODEL_… for "
                   "the judge's model, SUPABASE_DB_URL for the database"});
  return all;
}

std::vector<ignored_setting> ignored_settings() {
  std::error_code code;
  return ignored_settings(environ, fs::current_path(code));
}

void warn_ignored(const std::string& program,
                  const std::vector<ignored_setting>& all) {
  for (const auto& each : all)
    complain(program, to_string(each));
}

} // namespace fc::shell
