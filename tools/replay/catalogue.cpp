#include "events/common/bounded_file.hpp"
#include "events/policy/rules.hpp"
#include "projections/event_json.hpp"
#include "tools/replay/commands.hpp"
#include "tools/shell/program.hpp"

#include <iostream>
#include <set>
#include <sstream>

namespace fc::replay {

namespace {

using namespace events;

template <class T>
using of = std::type_identity<T>;

// Names of what fields hold, as the catalogue prints them.
constexpr std::string_view type_of(of<std::string>) {
  return "text";
}
constexpr std::string_view type_of(of<bool>) {
  return "flag";
}
constexpr std::string_view type_of(of<std::uint32_t>) {
  return "integer, 32 bits";
}
constexpr std::string_view type_of(of<std::uint64_t>) {
  return "integer, 64 bits";
}
constexpr std::string_view type_of(of<double>) {
  return "number";
}
constexpr std::string_view type_of(of<timestamp>) {
  return "time, UTC";
}
constexpr std::string_view type_of(of<digest>) {
  return "SHA-256";
}
constexpr std::string_view type_of(of<blob_ref>) {
  return "blob";
}
constexpr std::string_view type_of(of<repo_name>) {
  return "repository";
}
template <described T>
constexpr std::string_view type_of(of<T>) {
  return struct_name<T>();
}

template <class T>
std::string type_name(of<T>) {
  return std::string{type_of(of<T>{})};
}

template <class T>
std::string type_name(of<std::vector<T>>) {
  return "list of " + type_name(of<T>{});
}

template <class T>
void print_fields(std::ostream& to) {
  to << "\n| field | holds |\n| --- | --- |\n";
  for_each_field<T>([&]<class M>(const field<T, M>& x) {
    to << "| `" << x.name << "` | " << type_name(of<M>{}) << " |\n";
  });
}

template <class... Ts>
void print_index(std::ostream& to, list<Ts...>) {
  to << "\n| tag | version | event |\n| --- | --- | --- |\n";
  ((to << "| " << Ts::tag << " | " << int{Ts::version} << " | [" << Ts::name
       << "](#" << Ts::name << ") |\n"),
   ...);
}

template <class... Ts>
void print_events(std::ostream& to, list<Ts...>) {
  const auto one = [&]<class T>(of<T>) {
    to << "\n## " << T::name << "\n\nTag " << T::tag << ", version "
       << int{T::version} << ".\n";
    print_fields<T>(to);
  };
  (one(of<Ts>{}), ...);
}

using part_names = std::set<std::string_view>;

template <class T>
void print_parts(std::ostream& to, part_names& printed, of<T>);

/// What a field holds is printed if it is a struct, once, and its parts below.
template <class T>
void print_part(std::ostream& to, part_names& printed, of<T> part) {
  if constexpr (described<T>)
    if (printed.insert(type_of(part)).second) {
      to << "\n### " << type_of(part) << '\n';
      print_fields<T>(to);
      print_parts(to, printed, part);
    }
}

template <class T>
void print_part(std::ostream& to, part_names& printed, of<std::vector<T>>) {
  print_part(to, printed, of<T>{});
}

template <class T>
void print_parts(std::ostream& to, part_names& printed, of<T>) {
  for_each_field<T>(
    [&]<class M>(const field<T, M>&) { print_part(to, printed, of<M>{}); });
}

template <class... Ts>
void print_parts(std::ostream& to, list<Ts...>) {
  part_names printed;
  (print_parts(to, printed, of<Ts>{}), ...);
}

std::string markdown() {
  std::ostringstream to;
  to << "# Events\n\nWritten by `fcreplay --catalogue`; do not edit. What an "
        "event means is documented at its\nstruct in `events/`. A tag is never "
        "used again; a version names the shape of the payload.\n";
  print_index(to, all_events{});
  print_events(to, all_events{});
  to << "\n## Parts of events\n";
  print_parts(to, all_events{});
  return to.str();
}

void print_rules(std::ostream& to, std::string_view title,
                 std::span<const policy::rules::rule* const> rows) {
  to << "\n## " << title
     << "\n\n| rule | meaning | what to do |\n| --- | --- | --- |\n";
  for (const auto* each : rows)
    to << "| `" << each->id << "` | " << each->meaning << " | " << each->remedy
       << " |\n";
}

std::string rules_markdown() {
  std::ostringstream to;
  to
    << "# Rules\n\nWritten by `fcreplay --rules`; do not edit. A rule is named "
       "by the verdict that it decides, in the log,\nin tables and in "
       "`fcreplay --audit`. Keys such as `gate.delta` are those of the policy "
       "file; try a change\nwith `fcreplay --what-if` before it is adopted.\n";
  print_rules(to, "Before a trial", policy::rules::before_trial);
  print_rules(to, "From the trial on", policy::rules::from_trial);
  print_rules(to, "Repositories", policy::rules::of_repositories);
  return to.str();
}

/// The first line that differs, for a message.
std::string
first_difference(const std::string& expected, const std::string& found) {
  std::istringstream a{expected};
  std::istringstream b{found};
  std::string x;
  std::string y;
  for (int line = 1;; ++line) {
    const bool more = static_cast<bool>(std::getline(a, x));
    const bool same = static_cast<bool>(std::getline(b, y)) == more;
    if (!same || x != y || !more)
      return "line " + std::to_string(line);
  }
}

} // namespace

command_result catalogue(const options& x) {
  const std::string command
    = x.rules ? "fcreplay --rules" : "fcreplay --catalogue";
  const auto now = x.rules ? rules_markdown() : markdown();
  if (x.check.empty()) {
    std::cout << now;
    return true;
  }
  const auto found = events::common::read_file(x.check, "the catalogue");
  if (!found)
    return make_error(ec::not_found, shell::words_of(found.error())
                                       + "; write it with " + command);
  if (*found == now)
    return true;
  return make_error(ec::conflict, "catalogue " + x.check
                                    + " is out of date from "
                                    + first_difference(now, *found)
                                    + " on; write it again with " + command);
}

} // namespace fc::replay
