#include "tools/replay/audit/plot.hpp"

#include "events/policy/speedup/pairs.hpp"
#include "events/policy/statistics.hpp"
#include "tools/replay/audit/html.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numbers>

namespace fc::replay {

namespace {

using events::policy::speedup::log_ratios;

constexpr double plot_width = 460;
constexpr double side_margin = 14;
constexpr double strip_height = 28;
constexpr double row_height = 66;
constexpr double axis_height = 22;
constexpr std::size_t max_ticks = 8;

/// One strip. All numbers are natural logarithms of ratios.
struct strip {
  std::string name;
  const char* style;
  log_ratios pairs;
  std::optional<double> limit; ///< Of the gate.
  std::optional<std::pair<double, double>> interval;
};

/// The part of the axis that is shown.
struct axis {
  double low = 0;
  double high = 0;

  double x(double value) const {
    const double part = (value - low) / (high - low);
    return side_margin + part * (plot_width - 2 * side_margin);
  }
};

std::string number(double x) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.1f", x);
  return buffer.data();
}

std::optional<double> log_of(double ratio) {
  const double x = std::log(ratio);
  return std::isfinite(x) ? std::optional{x} : std::nullopt;
}

std::vector<strip> strips_of(const sampled_benchmark& x) {
  using namespace events::policy::speedup;
  std::vector<strip> all{
    {"screen, base / patched", "screen", screen_ratios(*x.trial), {}, {}},
    {"confirmation, base / patched",
     "confirm",
     confirm_ratios(*x.trial),
     {},
     {}},
    {"base / base built again (A/A)", "twin", aa_ratios(*x.trial), {}, {}}};
  if (x.rules != nullptr) {
    all[0].limit = log_of(x.rules->gate.screen_ratio);
    all[1].limit = log_of(x.rules->gate.min_ratio);
  }
  if (x.as_candidate != nullptr) {
    const auto low = log_of(x.as_candidate->low);
    const auto high = log_of(x.as_candidate->high);
    if (low && high)
      all[1].interval = {*low, *high};
  }
  std::erase_if(all, [](const strip& s) { return s.pairs.values.empty(); });
  return all;
}

/// Everything that is drawn, 1 included, and some air.
axis axis_of(const std::vector<strip>& all) {
  axis result;
  const auto see = [&](double x) {
    result.low = std::min(result.low, x);
    result.high = std::max(result.high, x);
  };
  for (const auto& each : all) {
    for (const double value : each.pairs.values)
      see(value);
    see(each.limit.value_or(0));
    if (each.interval) {
      see(each.interval->first);
      see(each.interval->second);
    }
  }
  const double air = std::max((result.high - result.low) * 0.04, 0.005);
  result.low -= air;
  result.high += air;
  return result;
}

/// Round ratios for the axis: even steps where it is short, else 1, 2, 5, 10 or
/// powers of ten.
std::vector<double> ticks_of(const axis& x) {
  const double low = std::exp(x.low);
  const double high = std::exp(x.high);
  std::vector<double> result;
  if (high / low < 4) {
    double step = 0.005;
    for (const double next : {0.01, 0.02, 0.05, 0.1, 0.2, 0.5})
      if ((high - low) / step > static_cast<double>(max_ticks - 1))
        step = next;
    for (double i = std::ceil(low / step); i * step <= high; ++i)
      result.push_back(i * step);
    return result;
  }
  const double decades = (x.high - x.low) / std::numbers::ln10;
  const auto every = std::max(1, static_cast<int>(std::ceil(decades / 7)));
  const auto first = static_cast<int>(std::floor(x.low / std::numbers::ln10));
  const auto last = static_cast<int>(std::ceil(x.high / std::numbers::ln10));
  for (int power = first; power <= last; ++power)
    for (const double digit : {1.0, 2.0, 5.0}) {
      if (power % every != 0 || (digit > 1 && decades > 2.3))
        continue;
      const double value = std::log(digit) + power * std::numbers::ln10;
      if (value >= x.low && value <= x.high)
        result.push_back(std::exp(value));
    }
  return result;
}

std::string tick_label(double ratio) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.3gx", ratio);
  return buffer.data();
}

/// Which end of a label stands at a tick, so that it stays inside.
const char* anchor_at(double x) {
  constexpr double room = 30;
  return x < room ? "start" : x > plot_width - room ? "end" : "middle";
}

std::string line(const char* style, double x, double top, double bottom) {
  return std::string{"<path class=\""} + style + "\" d=\"M" + number(x) + " "
         + number(top) + "V" + number(bottom) + "\"/>";
}

/// Dots of no length, which a line's round ends make visible.
std::string dots(const strip& x, const axis& on, double top) {
  std::string path;
  const auto count = static_cast<double>(x.pairs.values.size());
  for (std::size_t i = 0; i < x.pairs.values.size(); ++i)
    path
      += "M" + number(on.x(x.pairs.values[i])) + " "
         + number(top + strip_height * (static_cast<double>(i) + 0.5) / count)
         + "h0";
  return std::string{"<path class=\"dots "} + x.style + "\" d=\"" + path
         + "\"/>";
}

std::string drawn(const strip& x, const axis& on, double top) {
  const double bottom = top + strip_height;
  std::string svg = "<text x=\"" + number(side_margin) + "\" y=\""
                    + number(top - 8) + "\">" + x.name + "</text>"
                    + line("one", on.x(0), top - 3, bottom + 3);
  if (x.limit)
    svg += line("limit", on.x(*x.limit), top - 3, bottom + 3);
  svg += dots(x, on, top);
  svg
    += line("median", on.x(events::policy::statistics::median(x.pairs.values)),
            top - 4, bottom + 4);
  if (x.interval) {
    const auto y = number(bottom + 7);
    const auto left = on.x(x.interval->first);
    const auto right = on.x(x.interval->second);
    svg += "<path class=\"interval\" d=\"M" + number(left) + " "
           + number(bottom + 4) + "v6M" + number(left) + " " + y + "H"
           + number(right) + "m0 -3v6\"/>";
  }
  return svg;
}

std::string drawn(const axis& x, double top) {
  std::string svg = "<path class=\"axis\" d=\"M" + number(side_margin) + " "
                    + number(top) + "H" + number(plot_width - side_margin)
                    + "\"/>";
  for (const double ratio : ticks_of(x)) {
    const auto at = x.x(std::log(ratio));
    svg += line("axis", at, top, top + 4) + "<text class=\"soft\" x=\""
           + number(at) + "\" y=\"" + number(top + 15) + "\" text-anchor=\""
           + anchor_at(at) + "\">" + tick_label(ratio) + "</text>";
  }
  return svg;
}

/// A strip in words, for those who cannot see it.
std::string words_of(const strip& x) {
  const auto [low, high] = std::ranges::minmax(x.pairs.values);
  std::string text = x.name + ": " + counted(x.pairs.values.size(), "pair")
                     + ", median " + human_ratio(x.pairs.ratio()) + ", from "
                     + human_ratio(std::exp(low)) + " to "
                     + human_ratio(std::exp(high));
  if (x.interval)
    text += ", interval " + human_ratio(std::exp(x.interval->first)) + " to "
            + human_ratio(std::exp(x.interval->second));
  if (x.limit)
    text += ", limit " + human_ratio(std::exp(*x.limit));
  if (x.pairs.unusable > 0)
    text += "; " + counted(x.pairs.unusable, "pair")
            + " unusable (a time is missing, not finite or not above 0)";
  return text + ".";
}

} // namespace

std::string strip_plot(const sampled_benchmark& x, const std::string& id) {
  const auto all = strips_of(x);
  if (all.empty())
    return {};
  const auto on = axis_of(all);
  const auto rows = static_cast<double>(all.size()) * row_height;
  std::string description;
  std::string below;
  std::string body;
  double top = 22;
  for (const auto& each : all) {
    const auto words = words_of(each);
    description += (description.empty() ? "" : " ") + words;
    below += html::element("p", words);
    body += drawn(each, on, top);
    top += row_height;
  }
  return "<figure><figcaption>" + html::element("h4", x.trial->name)
         + "</figcaption><svg role=\"img\" aria-labelledby=\"" + id + "t " + id
         + "d\" viewBox=\"0 0 " + number(plot_width) + " "
         + number(rows + axis_height) + "\"><title id=\"" + id + "t\">Pairs of "
         + html::escaped(x.trial->name) + "</title><desc id=\"" + id + "d\">"
         + html::escaped(description) + "</desc>" + body + drawn(on, rows - 2)
         + "</svg><div class=\"words\">" + below + "</div></figure>\n";
}

} // namespace fc::replay
