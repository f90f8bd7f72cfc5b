/// Milliseconds for the audit of one pull request: text, JSON and HTML, from a
/// log of many, beside reading its stream alone; and as a whole process.
///   audit_bench --log FOLDER [--fcreplay PROGRAM] [--prs N]
/// `make_corpus_bench` makes such a log. Pull requests with trials are taken,
/// for theirs are the longest streams.

#include "events/catalog.hpp"
#include "tools/replay/audit/audit.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

namespace {

using namespace fc;
using log_reader = events::log::log_reader;

constexpr int process_runs = 15;

template <class F>
double milliseconds(F&& f) {
  const auto start = std::chrono::steady_clock::now();
  f();
  return std::chrono::duration<double, std::milli>(
           std::chrono::steady_clock::now() - start)
    .count();
}

struct column {
  const char* name;
  std::vector<double> ms;
};

void print(column x) {
  std::ranges::sort(x.ms);
  if (x.ms.empty())
    return;
  std::printf("%-44s median %8.3f ms, 95 %% below %8.3f ms, largest %8.3f ms\n",
              x.name, x.ms[x.ms.size() / 2], x.ms[x.ms.size() * 95 / 100],
              x.ms.back());
}

/// Some pull requests that were measured, from all over the log.
std::vector<events::pull_request_id>
some_measured(const log_reader& log, std::size_t count) {
  std::vector<events::pull_request_id> result;
  std::mt19937_64 random{1};
  while (result.size() < count) {
    const auto from = 1 + random() % log.last();
    std::size_t looked = 0;
    const auto found = [&](const events::record& at) {
      if (at.tag == events::trialled::tag) {
        result.push_back(*events::pull_request_of(at.stream));
        return false;
      }
      return ++looked < 20'000;
    };
    if (log.scan(from, found))
      break;
  }
  return result;
}

std::size_t in_process(const log_reader& log,
                       const std::vector<events::pull_request_id>& ids) {
  column stream{"the stream alone, read", {}};
  column decoded{"the stream and all policies, read and decoded", {}};
  column text{"audit as text, reading included", {}};
  column json{"audit as JSON, reading included", {}};
  column html{"audit as HTML, reading included", {}};
  std::size_t bytes = 0;
  for (const auto& id : ids) {
    stream.ms.push_back(milliseconds(
      [&] { bytes += log.read_stream(events::stream_of(id))->size(); }));
    decoded.ms.push_back(milliseconds(
      [&] { bytes += replay::load_audit(log, id)->records.size(); }));
    const auto page = [&](column& to, auto&& make) {
      to.ms.push_back(milliseconds(
        [&] { bytes += make(*replay::load_audit(log, id)).size(); }));
    };
    page(text, [](const auto& x) { return replay::audit_text(x, false); });
    page(json, replay::audit_json);
    page(html, replay::audit_html);
  }
  for (const auto& each : {stream, decoded, text, json, html})
    print(each);
  return bytes;
}

void as_process(const std::string& program, const std::string& log,
                const std::vector<events::pull_request_id>& ids) {
  column whole{"fcreplay --audit --html, whole process", {}};
  column begins{"fcreplay --catalogue, whole process, no log", {}};
  for (int i = 0; i < process_runs; ++i) {
    const auto& id = ids[static_cast<std::size_t>(i) % ids.size()];
    const auto line = "'" + program + "' --log '" + log + "' --audit '"
                      + id.str() + "' --html /dev/null >/dev/null";
    whole.ms.push_back(milliseconds([&] {
      if (std::system(line.c_str()) != 0)
        std::printf("failed: %s\n", line.c_str());
    }));
    const auto none = "'" + program + "' --catalogue >/dev/null";
    begins.ms.push_back(
      milliseconds([&] { (void)!std::system(none.c_str()); }));
  }
  print(whole);
  print(begins);
}

} // namespace

int main(int argc, char** argv) {
  std::string folder;
  std::string program;
  std::size_t count = 200;
  CLI::App app{"Times the audit of one pull request", "audit_bench"};
  app.add_option("--log", folder, "Folder of the log")->required();
  app.add_option("--fcreplay", program, "Program to time as a whole");
  app.add_option("--prs", count, "Pull requests")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const auto open = [&] {
    return events::log::open_rocksdb_reader(folder);
  };
  auto log = open();
  if (!log) {
    std::fprintf(stderr, "audit_bench: %s\n",
                 events::describe(log.error()).c_str());
    return EXIT_FAILURE;
  }
  const auto ids = some_measured(**log, count);
  if (ids.empty()) {
    std::fprintf(stderr, "audit_bench: no trial in %s\n", folder.c_str());
    return EXIT_FAILURE;
  }
  std::printf("%zu pull requests of a log of %llu records\n", ids.size(),
              static_cast<unsigned long long>((*log)->last()));
  in_process(**log, ids);
  column opening{"opening the log for reading", {}};
  for (int i = 0; i < process_runs; ++i)
    opening.ms.push_back(milliseconds([&] { log = open(); }));
  print(opening);
  if (!program.empty())
    as_process(program, folder, ids);
  return EXIT_SUCCESS;
}
