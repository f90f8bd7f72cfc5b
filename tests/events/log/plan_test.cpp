#include "events/log/plan.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace fc::events::log {

namespace {

/// A log that has written all that it was given to plan from.
class written_log final : public written_records {
public:
  position written() const override {
    return 0;
  }
  expected<stored_id> id_at(const stream_name&, sequence) const override {
    return stored_id{};
  }
};

/// The plan for one event in a stream that is at `version`.
expected<append_plan_ptr> plan_one(sequence version) {
  planner x{{7, {}}, {{"s", version}}};
  append_request request;
  request.stream = "s";
  request.expected = version;
  request.events.push_back(make_event(samples::scraped()));
  append_batch batch;
  batch.requests.push_back(&request);
  const origin by{"run", "node"};
  return x.plan(batch, {by, timestamp{}}, written_log{});
}

} // namespace

TEST(plan, GoesOnBehindTheEnd) {
  const auto plan = plan_one(3);
  ASSERT_TRUE(plan);
  EXPECT_EQ((*plan)->before, 7u);
  EXPECT_EQ((*plan)->last, 8u);
  ASSERT_EQ((*plan)->entries.size(), 1u);
  EXPECT_EQ((*plan)->entries.front().seq, 4u);
}

TEST(plan, AStreamNeverBeginsAnew) {
  EXPECT_DEATH((void)plan_one(std::numeric_limits<sequence>::max()),
               "plan\\.cpp:[0-9]+: this must hold and does not: x\\.seq != 0");
}

} // namespace fc::events::log
