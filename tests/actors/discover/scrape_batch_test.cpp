#include "actors/discover/scrape_batch.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace fc::actors {

// A pull request of too many paths ended the run, or was judged unread.
TEST(scrape_batch, WhatCannotBeReadIsDroppedWithItsCause) {
  discovered_pull found;
  found.facts = samples::scraped();
  found.facts.missing_objects.clear();
  found.facts.title = "Faster sums";
  found.facts.files.clear();
  found.facts.changed_files = 0;
  found.facts.note = not_read;
  found.facts.note += "it changes more than 3 paths";
  events::policy::symbolic_rules rules;
  rules.positive = {"faster"};
  rules.max_files = 3;
  rules.max_lines = 100'000;
  const events::policy::symbolic_gate gate{rules};
  const auto first = begin_stream(std::move(found), gate, {}, "");
  EXPECT_FALSE(first.passed);
  EXPECT_FALSE(first.incomplete);
  ASSERT_EQ(first.request.events.size(), 2u);
  EXPECT_EQ(first.request.events.back().tag, events::dropped::tag);
}

} // namespace fc::actors
