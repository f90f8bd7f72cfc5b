#include "tests/conventions/layer_rules.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace fc::conventions {

namespace {

struct include {
  std::size_t line;
  std::string path;
};

/// In the direction of the arrows: each may include those before it.
constexpr std::array<std::string_view, 6> layers{
  "schemas", "events", "projections", "actors", "tools", "tests"};

std::optional<std::size_t> layer_of(std::string_view path) {
  for (std::size_t i = 0; i < layers.size(); ++i)
    if (path.starts_with(std::string{layers[i]} + "/"))
      return i;
  return std::nullopt;
}

std::string_view without_leading_space(std::string_view text) {
  const auto at = text.find_first_not_of(" \t");
  return at == std::string_view::npos ? "" : text.substr(at);
}

/// The path of an `#include`, or nothing.
std::optional<std::string> included(std::string_view line) {
  line = without_leading_space(line);
  if (!line.starts_with('#'))
    return std::nullopt;
  line = without_leading_space(line.substr(1));
  if (!line.starts_with("include"))
    return std::nullopt;
  line = without_leading_space(line.substr(7));
  if (line.empty() || (line.front() != '"' && line.front() != '<'))
    return std::nullopt;
  const auto end = line.find(line.front() == '<' ? '>' : '"', 1);
  if (end == std::string_view::npos)
    return std::nullopt;
  return std::string{line.substr(1, end - 1)};
}

std::vector<include> includes_of(const source_file& file) {
  std::vector<include> all;
  if (!file.is_source() && !file.is_header())
    return all;
  for (std::size_t i = 0; i < file.lines.size(); ++i)
    if (auto path = included(file.lines[i]))
      all.push_back({i + 1, std::move(*path)});
  return all;
}

/// The file of the tree that an include names; nullptr for libraries and
/// generated headers.
const source_file* resolve(const source_tree& tree, const source_file& from,
                           const std::string& path) {
  for (const auto& name : {path, from.folder() + "/" + path})
    if (const auto found = tree.files.find(name); found != tree.files.end())
      return &found->second;
  return nullptr;
}

template <class F>
void for_each_include(const source_tree& tree, F&& f) {
  for (const auto& [path, file] : tree.files)
    for (const auto& each : includes_of(file))
      f(file, each);
}

/// Where the headers of a library may be included.
struct library {
  std::string_view name;
  bool (*is_header)(std::string_view path);
  bool (*allowed)(const source_file& file, std::string_view header);
  std::string_view where;
};

bool caf_allowed(const source_file& file, std::string_view header) {
  return file.below("actors") || file.below("tools")
         || header == "caf/error.hpp" || header == "caf/expected.hpp"
         || header == "caf/deep_to_string.hpp"
         || (header == "caf/make_message.hpp"
             && file.path == "events/error.hpp");
}

constexpr std::array libraries{
  library{"RocksDB",
          [](std::string_view x) { return x.starts_with("rocksdb/"); },
          [](const source_file& file, std::string_view) {
            return file.path == "events/log/rocksdb_database.cpp";
          },
          "events/log/rocksdb_database.cpp"},
  library{"libpqxx", [](std::string_view x) { return x.starts_with("pqxx/"); },
          [](const source_file& file, std::string_view) {
            return file.below("projections/postgres");
          },
          "projections/postgres/"},
  library{"SQLite", [](std::string_view x) { return x.starts_with("sqlite3"); },
          [](const source_file& file, std::string_view) {
            return file.below("projections/sqlite");
          },
          "projections/sqlite/"},
  library{"libcurl", [](std::string_view x) { return x.starts_with("curl/"); },
          [](const source_file& file, std::string_view) {
            return file.below("actors/services/http");
          },
          "actors/services/http/"},
  library{"Thrift", [](std::string_view x) { return x.starts_with("thrift/"); },
          [](const source_file& file, std::string_view) {
            return file.below("projections/parquet");
          },
          "projections/parquet/"},
  library{"FlatBuffers",
          [](std::string_view x) {
            return x.starts_with("flatbuffers/") || x.ends_with("_generated.h");
          },
          [](const source_file& file, std::string_view) {
            return file.below("events");
          },
          "events/"},
  library{"CAF", [](std::string_view x) { return x.starts_with("caf/"); },
          caf_allowed,
          "actors/ and tools/, elsewhere only error.hpp, expected.hpp, "
          "deep_to_string.hpp, and make_message.hpp in events/error.hpp"},
  library{
    "spdlog", [](std::string_view x) { return x.starts_with("spdlog/"); },
    [](const source_file& file, std::string_view) { return file.is_source(); },
    "sources, not headers"},
};

/// Walks own includes once; a file seen again while it is open is a cycle.
class include_graph {
public:
  explicit include_graph(const source_tree& tree) : tree_(tree) {}

  /// Longest chain of own includes below a file.
  std::size_t depth(const source_file& file) {
    if (const auto known = depths_.find(file.path); known != depths_.end())
      return known->second;
    open_.push_back(file.path);
    std::size_t deepest = 0;
    for (const auto& each : includes_of(file)) {
      const auto* next = resolve(tree_, file, each.path);
      if (next == nullptr)
        continue;
      if (std::ranges::find(open_, next->path) != open_.end())
        note_cycle(*next, file, each.line);
      else
        deepest = std::max(deepest, depth(*next) + 1);
    }
    open_.pop_back();
    return depths_[file.path] = deepest;
  }

  const breaches& cycles() const {
    return cycles_;
  }

private:
  void note_cycle(const source_file& start, const source_file& last,
                  std::size_t line) {
    std::string way;
    for (auto it = std::ranges::find(open_, start.path); it != open_.end();
         ++it)
      way += *it + " -> ";
    cycles_.push_back({last.path, line, "include.cycle",
                       way + start.path + " (no header may include itself)"});
  }

  const source_tree& tree_;
  std::map<std::string, std::size_t> depths_;
  std::vector<std::string> open_;
  breaches cycles_;
};

} // namespace

breaches check_layers(const source_tree& tree) {
  breaches found;
  for_each_include(tree, [&](const source_file& file, const include& what) {
    const auto own = layer_of(file.path);
    const auto* target_file = resolve(tree, file, what.path);
    const auto target
      = layer_of(target_file == nullptr ? what.path : target_file->path);
    if (own && target && *target > *own)
      found.push_back({file.path, what.line, "layers",
                       std::string{layers[*own]} + "/ must not include "
                         + what.path + " (it comes after it)"});
  });
  return found;
}

breaches check_libraries(const source_tree& tree) {
  breaches found;
  for_each_include(tree, [&](const source_file& file, const include& what) {
    if (file.below("tests"))
      return;
    for (const auto& each : libraries)
      if (each.is_header(what.path) && !each.allowed(file, what.path))
        found.push_back({file.path, what.line, "libraries",
                         what.path + ": " + std::string{each.name}
                           + " is allowed only in " + std::string{each.where}});
  });
  return found;
}

breaches check_include_depth(const source_tree& tree) {
  breaches found;
  include_graph graph{tree};
  for (const auto& [path, file] : tree.files)
    if (const auto depth = graph.depth(file);
        depth > max_include_depth && !file.below("tests"))
      found.push_back({path, 0, "include.depth",
                       "chain of " + std::to_string(depth)
                         + " own includes, limit "
                         + std::to_string(max_include_depth)});
  return found;
}

breaches check_include_cycles(const source_tree& tree) {
  include_graph graph{tree};
  for (const auto& [path, file] : tree.files)
    graph.depth(file);
  return graph.cycles();
}

breaches check_own_includes(const source_tree& tree) {
  breaches found;
  for (const auto& [path, file] : tree.files) {
    if (!file.is_source())
      continue;
    const auto all = includes_of(file);
    const auto own = static_cast<std::size_t>(
      std::ranges::count_if(all, [&](const include& each) {
        return layer_of(each.path) || resolve(tree, file, each.path);
      }));
    if (own > max_own_includes)
      found.push_back({path, all.back().line, "include.count",
                       std::to_string(own) + " own includes, limit "
                         + std::to_string(max_own_includes)});
  }
  return found;
}

} // namespace fc::conventions
