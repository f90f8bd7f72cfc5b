#pragma once

#include "tests/support/files.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>

/// Asks a browser of others (tests/peers/pages) what it sees in a page.
namespace fc::replay {

/// Why there is no browser to ask, or nothing. Where peers are required the
/// test goes on, and fails.
inline std::string browser_missing() {
  const char* required = std::getenv("FC_REQUIRE_PEERS");
  if (required != nullptr && std::string{required} == "1")
    return {};
  if (!std::filesystem::exists(FC_PAGE_PEERS "/node_modules"))
    return "the peers are not installed; run: npm ci --prefix " FC_PAGE_PEERS;
  if (std::getenv("FC_CHROMIUM") == nullptr
      && std::system("command -v chromium chromium-browser >/dev/null") != 0)
    return "no chromium in PATH; install the Debian package chromium";
  return {};
}

/// The answer of `look.mjs`; the test fails where there is none.
/// @param how Light or dark, and the width.
inline nlohmann::json look(const std::string& page, const std::string& how) {
  const auto answer = page + ".seen";
  const int status
    = std::system(("node '" FC_PAGE_PEERS "/look.mjs' '" + page + "' " + how
                   + " > '" + answer + "' 2> '" + answer + ".err'")
                    .c_str());
  EXPECT_EQ(status, 0) << support::read_file(answer + ".err");
  auto result
    = nlohmann::json::parse(support::read_file(answer), nullptr, false);
  EXPECT_FALSE(result.is_discarded()) << "no JSON from look.mjs";
  return result;
}

} // namespace fc::replay
