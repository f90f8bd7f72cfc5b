#pragma once

#include <string>

/// Numbers as people read them; for explanations of the gate.
namespace fc::events::policy::speedup {

/// A time in the unit that suits it: "12.3 µs", "4.56 ms", "7.89 s".
std::string time_text(double seconds);

/// A ratio with three or four digits: "1.052", "3.51", "128".
std::string ratio_text(double ratio);

/// A probability: "0.012", "1.5e-05".
std::string probability_text(double p);

/// A share in percent: "20 %".
std::string percent_text(double share);

/// `1 pair`, `3 pairs`.
std::string count_text(std::size_t n, const std::string& one);

} // namespace fc::events::policy::speedup
