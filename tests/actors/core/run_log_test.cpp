#include "actors/core/run_log.hpp"
#include "events/catalog.hpp"

#include <gtest/gtest.h>

namespace fc::actors {
namespace {

using events::ec;

events::policy::policy policy_of(const std::string& text) {
  events::policy::policy x;
  x.text = text;
  x.id = events::sha256(events::as_bytes(text));
  return x;
}

class run_log : public testing::Test {
protected:
  events::policy::policy newest() const {
    const auto records = log->read_stream(events::policy_stream);
    const auto x = events::event_in<events::policy_adopted>(records->back());
    return policy_of(x->text);
  }

  std::size_t adopted() const {
    return log->read_stream(events::policy_stream)->size();
  }

  void finish(const std::string& run) {
    const auto stream = events::run_stream(run);
    const auto results
      = log->append({{stream,
                      *log->stream_version(stream),
                      {events::make_event(events::run_finished{})}}},
                    {}, {run, {}});
    ASSERT_TRUE(results && !results->front().failure);
  }

  std::unique_ptr<events::log::event_log> log = events::log::make_memory_log();
  run_configuration configuration{
    R"({"source":"a"})", events::timestamp{std::chrono::days{1}},
    events::timestamp{std::chrono::days{2}}, false};
};

TEST_F(run_log, AdoptsAPolicyOnce) {
  ASSERT_FALSE(adopt_policy(*log, policy_of("a"), "a.toml"));
  ASSERT_FALSE(adopt_policy(*log, policy_of("a"), "copy.toml"));
  ASSERT_EQ(adopted(), 1u);
  const auto x = events::event_in<events::policy_adopted>(
    log->read_stream(events::policy_stream)->front());
  ASSERT_TRUE(x);
  EXPECT_EQ(x->text, "a");
  EXPECT_EQ(x->id, policy_of("a").id);
  EXPECT_EQ(x->path, "a.toml");
}

TEST_F(run_log, AdoptsAgainWhatIsNoLongerTheNewest) {
  for (const auto* text : {"a", "b", "a"})
    ASSERT_FALSE(adopt_policy(*log, policy_of(text), "x"));
  EXPECT_EQ(adopted(), 3u);
  EXPECT_EQ(newest().text, "a");
}

TEST_F(run_log, BeginsARun) {
  const auto run = begin_run(*log, configuration);
  ASSERT_TRUE(run) << events::describe(run.error());
  EXPECT_FALSE(run->continued);
  EXPECT_FALSE(run->id.empty());
  const auto records = log->read_stream(events::run_stream(run->id));
  ASSERT_EQ(records->size(), 1u);
  EXPECT_EQ(records->front().run, run->id);
  const auto x = events::event_in<events::run_started>(records->front());
  ASSERT_TRUE(x);
  EXPECT_EQ(x->run, run->id);
  EXPECT_EQ(x->configuration, configuration.text);
  EXPECT_EQ(x->start, configuration.start);
  EXPECT_EQ(x->end, configuration.end);
  EXPECT_FALSE(x->control);
}

TEST_F(run_log, ContinuesAnUnfinishedRunOfTheSameConfiguration) {
  const auto first = begin_run(*log, configuration);
  const auto second = begin_run(*log, configuration);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(second->continued);
  EXPECT_EQ(second->id, first->id);
  EXPECT_EQ(log->last(), 1u) << "nothing is written";
}

TEST_F(run_log, BeginsAnewAfterTheEndOrForAnotherConfiguration) {
  const auto first = begin_run(*log, configuration);
  auto other = configuration;
  other.text = R"({"source":"b"})";
  const auto second = begin_run(*log, other);
  ASSERT_TRUE(first && second);
  EXPECT_FALSE(second->continued);
  finish(first->id);
  const auto third = begin_run(*log, configuration);
  ASSERT_TRUE(third);
  EXPECT_FALSE(third->continued);
  EXPECT_NE(third->id, first->id);
  EXPECT_TRUE(begin_run(*log, other)->continued);
}

TEST_F(run_log, RefusesToMixControlAndRealRuns) {
  auto control = configuration;
  control.control = true;
  const auto real = begin_run(*log, configuration);
  ASSERT_TRUE(real);
  finish(real->id);
  const auto refused = begin_run(*log, control);
  ASSERT_FALSE(refused);
  EXPECT_EQ(events::code_of(refused.error()), ec::invalid_argument);
  EXPECT_NE(events::describe(refused.error()).find("--work"),
            std::string::npos);
  EXPECT_EQ(log->last(), 2u) << "nothing is written";

  const auto other = events::log::make_memory_log();
  ASSERT_TRUE(begin_run(*other, control));
  EXPECT_FALSE(begin_run(*other, configuration));
}

TEST_F(run_log, FindsItsRunAmongMany) {
  // More runs than one page of stream names holds, on both sides of its own.
  std::vector<events::log::append_request> others;
  for (int i = 0; i < 1200; ++i) {
    const auto name = (i % 2 == 0 ? "!" : "~") + std::to_string(i);
    events::run_started x;
    x.run = name;
    others.push_back({events::run_stream(name), 0, {events::make_event(x)}});
  }
  ASSERT_TRUE(log->append(others, {}, {}));
  const auto first = begin_run(*log, configuration);
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->continued);
  const auto again = begin_run(*log, configuration);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->continued);
  EXPECT_EQ(again->id, first->id);
}

} // namespace
} // namespace fc::actors
