#include "tests/projections/folder/fixture.hpp"
#include "tests/support/full_disk.hpp"

#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>
#include <unistd.h>

namespace fc::projections::folder {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

namespace fs = std::filesystem;

namespace {

std::string slurp(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

struct folders : table_folder {
  void expect_refused(const std::string& what) {
    const auto err = failed_rebuild();
    EXPECT_EQ(code_of(err), ec::invalid_argument);
    EXPECT_THAT(describe(err), HasSubstr(what));
    EXPECT_EQ(describe(err).find('\n'), std::string::npos);
  }

  /// A folder as a killed rebuild leaves it.
  std::string leftover(const std::string& name) const {
    auto result = around / name;
    fs::create_directory(result);
    write_file(result + "/manifest.json",
               to_text(manifest{"jsonl", {}, {}, {}}));
    write_file(result + "/rows.sqlite", "half");
    write_file(result + "/packages.jsonl.part-1-1", "half");
    return result;
  }
};

TEST_F(folders, OnAFullDiskStayAsTheyWere) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild_all();
  const auto before = files_of(path);
  stories::write_in_turn(*log, {stories::judged_no(), stories::wears_off()});
  for (const rlim_t size : {0U, 100U, 8192U, 65536U}) {
    const support::full_disk none{size};
    const auto err = failed_rebuild();
    EXPECT_EQ(code_of(err), ec::storage_failure) << size;
    EXPECT_THAT(describe(err), HasSubstr(path + " is as it was"));
    EXPECT_THAT(names_around(), ElementsAre("tables")) << size;
  }
  EXPECT_EQ(files_of(path), before);
  rebuild_all();
  EXPECT_NE(files_of(path), before);
}

TEST_F(folders, KilledLeaveTheOldSetAndNextRemovesTheRest) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild_all();
  const auto before = files_of(path);
  stories::write_in_turn(*log, stories::all());
  std::size_t cut_short = 0;
  for (int i = 0; i < 30; ++i) {
    const auto child = ::fork();
    if (child == 0)
      ::_exit(target()->rebuild() ? 0 : 1);
    std::this_thread::sleep_for(std::chrono::milliseconds{i});
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto now = files_of(path);
    if (now != before)
      break; // It was through.
    cut_short += names_around().size() > 1 ? 1 : 0;
  }
  EXPECT_GT(cut_short, 0U);
  rebuild_all();
  EXPECT_THAT(names_around(), ElementsAre("tables"));
}

TEST_F(folders, LeftByKilledProgramsAreRemoved) {
  leftover("tables.part-0123");
  fs::create_directory(around / "tables.part-empty");
  fs::create_directory(around / "tables.part-begun");
  write_file(around / "tables.part-begun/manifest.json.part-7-1", "{");
  rebuild_all();
  EXPECT_THAT(names_around(), ElementsAre("tables"));
}

TEST_F(folders, OfOthersBesideAreLeftAlone) {
  const auto held = new_folder::create(path, "jsonl");
  ASSERT_TRUE(held);
  const auto mixed = leftover("tables.part-mixed");
  write_file(mixed + "/notes.txt", "precious");
  fs::create_directory(around / "tables.part-theirs");
  write_file(around / "tables.part-theirs/manifest.json", "{}");
  write_file(around / "tables.part-file", "precious");
  leftover("other.part-0123");
  rebuild_all();
  EXPECT_TRUE(fs::exists(*held / "manifest.json"));
  EXPECT_EQ(read_file(mixed + "/notes.txt"), "precious");
  EXPECT_EQ(read_file(around / "tables.part-theirs/manifest.json"), "{}");
  EXPECT_EQ(read_file(around / "tables.part-file"), "precious");
  EXPECT_TRUE(fs::exists(around / "other.part-0123/rows.sqlite"));
}

TEST_F(folders, WithForeignFilesAreRefused) {
  rebuild_all();
  write_file(path + "/notes.txt", "precious");
  expect_refused("has 'notes.txt', which is not of fcreplay");
  fs::remove(path + "/notes.txt");
  fs::create_directory(path + "/pr_events.jsonl.part-sub");
  expect_refused("pr_events.jsonl.part-sub");
  fs::remove(path + "/pr_events.jsonl.part-sub");
  fs::remove(path + "/packages.jsonl");
  fs::create_symlink("/etc/hostname", path + "/packages.jsonl");
  expect_refused("packages.jsonl");
  fs::remove(path + "/packages.jsonl");
  rebuild_all();
}

TEST_F(folders, OfOtherKindsAndNoFoldersAreRefused) {
  rebuild_all();
  files = format::parquet;
  expect_refused("has tables as jsonl");
  path = around / "file";
  write_file(path, "precious");
  expect_refused("is not a folder");
  EXPECT_EQ(read_file(path), "precious");
  path = "";
  expect_refused("cannot be found");
  path = "/";
  expect_refused("no manifest");
  path = around / "absent/tables";
  EXPECT_EQ(code_of(failed_rebuild()), ec::not_found);
  path = "/proc/tables";
  EXPECT_EQ(code_of(failed_rebuild()), ec::storage_failure);
}

TEST_F(folders, ManifestsOfOthersAreRefused) {
  fs::create_directory(path);
  for (const auto* text :
       {"", "[]", "{\"format\": \"other\"}", "{\"format\": \"fc-data tables\"}",
        "{\"format\": \"fc-data tables\", \"kind\": 7}"}) {
    write_file(path + "/manifest.json", text);
    expect_refused("no manifest of fcreplay");
    EXPECT_EQ(read_file(path + "/manifest.json"), text);
  }
}

TEST_F(folders, ThatAreEmptyAreTakenWithTheirRights) {
  fs::create_directory(path);
  fs::permissions(path, fs::perms::owner_all);
  path += "/";
  rebuild_all();
  rebuild_all();
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_all);
  EXPECT_THAT(names_around(), ElementsAre("tables"));
}

TEST_F(folders, BehindALinkAreReplacedThere) {
  rebuild_all();
  const auto real = path;
  path = around / "link";
  fs::create_directory_symlink(real, path);
  stories::write_in_turn(*log, stories::all());
  rebuild_all();
  EXPECT_TRUE(fs::is_symlink(path));
  EXPECT_NE(slurp(real + "/pull_requests.jsonl"), "");
  EXPECT_THAT(names_around(), UnorderedElementsAre("tables", "link"));
}

TEST_F(folders, WithoutAnExchangeAreReplacedByRenames) {
  for (const auto* text : {"first", "second"}) {
    auto to = new_folder::create(path, "jsonl");
    ASSERT_TRUE(to);
    write_file(*to / "packages.jsonl", text);
    const table_entry entry{"packages", 1, "packages.jsonl", 0, {}};
    write_file(*to / "manifest.json",
               to_text(manifest{"jsonl", {}, {}, {entry}}));
    const auto err = to->commit(swap_by::two_renames);
    ASSERT_FALSE(err) << describe(err);
    EXPECT_EQ(read_file(path + "/packages.jsonl"), text);
    EXPECT_THAT(names_around(), ElementsAre("tables"));
  }
}

TEST_F(folders, ReadersSeeTheOldSetOrTheNew) {
  const auto other = events::log::make_memory_log();
  stories::write_in_turn(*log, {stories::published_one()});
  stories::write_in_turn(*other, stories::all());
  rebuild_all();
  std::atomic<bool> over{false};
  std::size_t whole = 0;
  std::size_t wrong = 0;
  std::thread reader{[&] {
    while (!over) {
      const auto before = slurp(path + "/manifest.json");
      const auto rows = slurp(path + "/pull_requests.jsonl");
      const auto after = slurp(path + "/manifest.json");
      if (before.empty() || rows.empty())
        ++wrong; // There is always a whole set.
      if (before != after)
        continue;
      const auto manifest_json = nlohmann::json::parse(after);
      for (const auto& each : manifest_json.at("tables"))
        if (each.at("name") == "pull_requests") {
          ++whole;
          wrong
            += each.at("sha256") == events::sha256(events::as_bytes(rows)).hex()
                 ? 0U
                 : 1U;
        }
    }
  }};
  for (int i = 0; i < 10; ++i) {
    const auto there = open_target(*other, path, files)->rebuild();
    EXPECT_TRUE(there) << describe(there.error());
    rebuild_all();
  }
  over = true;
  reader.join();
  EXPECT_GT(whole, 20U);
  EXPECT_EQ(wrong, 0U);
}

} // namespace fc::projections::folder
