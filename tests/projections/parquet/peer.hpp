#pragma once

#include "events/ids.hpp"
#include "projections/parquet/parquet_writer.hpp"
#include "tests/projections/parquet/files.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdlib>
#include <string>
#include <type_traits>

/// Asks readers of others (tests/peers/parquet) what is in a file.
namespace fc::projections::parquet {

/// False: skip the test, unless peers are required; then it goes on and fails.
inline bool peers_installed() {
  const char* required = std::getenv("FC_REQUIRE_PEERS");
  return std::filesystem::exists(FC_PEERS "/node_modules")
         || (required != nullptr && std::string{required} == "1");
}

inline std::string peers_missing() {
  return "the peers are not installed; run: npm ci --prefix " FC_PEERS;
}

/// The answer of `read.mjs`; the test fails where there is none.
inline nlohmann::json
ask_peer(const std::string& command, const std::string& path,
         const std::string& more = "") {
  const auto quoted = [](const std::string& x) {
    std::string result = "'";
    for (const char c : x)
      result += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return result + "'";
  };
  const auto answer = path + ".answer";
  const auto line = "node " + quoted(FC_PEERS "/read.mjs") + " " + command + " "
                    + quoted(path) + (more.empty() ? "" : " " + quoted(more))
                    + " > " + quoted(answer) + " 2> " + quoted(answer + ".err");
  const int status = std::system(line.c_str());
  EXPECT_EQ(status, 0) << slurp(answer + ".err");
  auto result = nlohmann::json::parse(slurp(answer), nullptr, false);
  EXPECT_FALSE(result.is_discarded()) << "no JSON from: " << line;
  return result;
}

inline nlohmann::json as_json(double x) {
  if (std::isnan(x))
    return {{"double", "NaN"}};
  if (std::isinf(x))
    return {{"double", x > 0 ? "Infinity" : "-Infinity"}};
  if (x == 0 && std::signbit(x))
    return {{"double", "-0"}};
  return x;
}

/// A cell as `read.mjs` prints it.
inline nlohmann::json as_json(column_type type, const cell& x) {
  return std::visit(
    [&]<class T>(const T& value) -> nlohmann::json {
      if constexpr (std::is_same_v<T, std::monostate>) {
        return nullptr;
      } else if constexpr (std::is_same_v<T, std::int64_t>) {
        return std::to_string(value);
      } else if constexpr (std::is_same_v<T, double>) {
        return as_json(value);
      } else if constexpr (std::is_same_v<T, events::timestamp>) {
        const auto micros
          = std::chrono::floor<std::chrono::microseconds>(value);
        return {{"micros", std::to_string(micros.time_since_epoch().count())}};
      } else if constexpr (std::is_same_v<T, std::vector<double>>) {
        auto list = nlohmann::json::array();
        for (const auto one : value)
          list.push_back(as_json(one));
        return list;
      } else if constexpr (std::is_same_v<T, std::string>) {
        if (type != column_type::bytes)
          return value;
        std::string hex;
        for (const char c : value) {
          constexpr const char* digits = "0123456789abcdef";
          hex += digits[static_cast<std::uint8_t>(c) >> 4U];
          hex += digits[static_cast<std::uint8_t>(c) & 15U];
        }
        return {{"bytes", hex}};
      } else {
        return value;
      }
    },
    x);
}

} // namespace fc::projections::parquet
