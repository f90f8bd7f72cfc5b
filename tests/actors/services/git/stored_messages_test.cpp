#include "actors/services/git/history/history.hpp"
#include "tests/support/corpus/rows.hpp"
#include "tests/support/files.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

namespace fc::actors::services {

namespace {

namespace fs = std::filesystem;

fs::path stored_rows() {
  const char* named = std::getenv("FC_SHARED_DATA");
  return (named != nullptr
            ? fs::path{named}
            : support::source_dir().parent_path() / "shared/data")
         / "prs";
}

/// Whether the merge script of an Apache project ended the message: then no
/// number stands in the subject.
bool by_script(const events::scraped& x) {
  const auto line = "Closes #" + std::to_string(x.number) + " from ";
  return x.body.starts_with(line)
         || x.body.find('\n' + line) != std::string::npos;
}

/// The commit that the row was read from: its number went out of the message
/// where the row was written.
log_commit as_committed(const events::scraped& x) {
  log_commit out{x.merge, {x.base}, 0, {}};
  out.committed = std::chrono::floor<std::chrono::seconds>(x.merged_at)
                    .time_since_epoch()
                    .count();
  const auto number = "#" + std::to_string(x.number);
  if (x.merge_kind == "merge") {
    out.parents.emplace_back(40, '3');
    out.message = "Merge pull request " + number + " from user/branch\n\n";
  }
  out.message += x.title;
  if (x.merge_kind == "squash" && !by_script(x))
    out.message += " (" + number + ')';
  out.message += "\n\n" + x.body + '\n';
  return out;
}

std::string shown(const events::scraped& x, const std::string& what) {
  return "  " + x.repo.str() + " #" + std::to_string(x.number) + " ("
         + x.merge_kind + ", " + x.merge.substr(0, 12) + "): " + what + "; \""
         + x.title + "\"\n";
}

} // namespace

TEST(stored_messages, EachGivesItsOwnNumber) {
  const auto folder = stored_rows();
  if (!fs::is_directory(folder))
    GTEST_SKIP() << "no stored pull requests in " << folder
                 << "; set FC_SHARED_DATA to a folder with prs/";
  const auto rows = support::read_rows(folder);
  ASSERT_TRUE(rows) << events::describe(rows.error());
  std::string misses;
  std::size_t lost = 0;
  std::size_t other_number = 0;
  std::size_t other_kind = 0;
  std::size_t other_title = 0;
  std::size_t scripts = 0;
  std::size_t doubtful = 0;
  for (const auto& [x, bytes] : *rows) {
    scripts += by_script(x) ? 1 : 0;
    const auto found = as_pull_request(as_committed(x));
    if (!found) {
      ++lost;
      misses += shown(x, "lost");
      continue;
    }
    if (found->number != x.number) {
      ++other_number;
      misses += shown(x, "taken for #" + std::to_string(found->number));
    } else if (found->kind != x.merge_kind) {
      ++other_kind;
      misses += shown(x, "taken for a " + found->kind);
    } else if (found->title != x.title && !x.title.empty()) {
      ++other_title;
      misses += shown(x, "its title became \"" + found->title + '"');
    }
    doubtful += found->doubtful ? 1 : 0;
  }
  std::cout << misses << "  " << rows->size() << " pull requests, " << scripts
            << " by a script: " << lost << " lost, " << other_number
            << " with another number, " << other_kind << " of another kind, "
            << other_title << " with another title; " << doubtful
            << " read like mentions\n";
  EXPECT_EQ(lost, 0u);
  EXPECT_EQ(other_number, 0u);
  EXPECT_EQ(other_kind, 0u);
  EXPECT_EQ(other_title, 0u);
}

} // namespace fc::actors::services
