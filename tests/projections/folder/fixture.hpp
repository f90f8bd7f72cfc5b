#pragma once

#include "projections/folder/manifest.hpp"
#include "projections/folder/new_folder.hpp"
#include "projections/folder/target.hpp"
#include "tests/projections/stories.hpp"
#include "tests/support/files.hpp"

#include <gmock/gmock.h>

#include <map>

namespace fc::projections::folder {

using events::code_of;
using events::describe;
using events::ec;
using support::read_file;
using support::write_file;

/// A memory log and a folder that is not there yet, in one of its own.
struct table_folder : testing::Test {
  std::unique_ptr<events::log::event_log> log = events::log::make_memory_log();
  support::temp_dir around;
  std::string path = around / "tables";
  format files = format::jsonl;

  std::unique_ptr<table_target> target() const {
    return open_target(*log, path, files);
  }

  rebuild_result rebuild_all() const {
    auto done = target()->rebuild();
    EXPECT_TRUE(done) << describe(done.error());
    return done ? *done : rebuild_result{};
  }

  events::error failed_rebuild() const {
    auto done = target()->rebuild();
    EXPECT_FALSE(done);
    return done ? events::error{} : done.error();
  }

  /// Files of a folder with their bytes.
  static std::map<std::string, std::string>
  files_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> result;
    for (const auto& each : std::filesystem::directory_iterator{folder})
      result[each.path().filename().string()] = read_file(each.path());
    return result;
  }

  std::vector<std::string> names_around() const {
    std::vector<std::string> result;
    for (const auto& each : std::filesystem::directory_iterator{around.path()})
      result.push_back(each.path().filename().string());
    return result;
  }
};

} // namespace fc::projections::folder
