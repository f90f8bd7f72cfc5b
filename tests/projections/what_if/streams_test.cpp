#include "tests/projections/what_if/fixture.hpp"

namespace fc::projections::what_if {

namespace {

/// Positions by stream, as handed over.
std::map<stream_name, std::vector<position>>
handed_over(const log::log_reader& log, std::size_t max_bytes,
            streams_read& read) {
  std::map<stream_name, std::vector<position>> result;
  const auto done = for_each_stream(
    log,
    [&](const stream_name& stream,
        const std::vector<record>& records) -> error {
      EXPECT_FALSE(result.contains(stream)) << stream;
      for (const auto& at : records)
        result[stream].push_back(at.at);
      return {};
    },
    max_bytes);
  EXPECT_TRUE(done) << describe(done.error());
  read = *done;
  return result;
}

} // namespace

TEST(streams, AreWholeInAnyMemory) {
  const auto log = corpus_log(text_with({}), 300);
  streams_read roomy;
  streams_read tight;
  const auto all = handed_over(*log, std::size_t{1} << 30U, roomy);
  EXPECT_EQ(all.size(), 300U);
  EXPECT_EQ(roomy.streams, 300U);
  EXPECT_EQ(roomy.records, log->last());
  EXPECT_EQ(roomy.read_again, 0U);
  EXPECT_EQ(handed_over(*log, 10'000, tight), all);
  EXPECT_GT(tight.read_again, 0U);
  for (const auto& [stream, positions] : all)
    EXPECT_EQ(positions.size(), *log->stream_version(stream));
}

TEST(streams, OfOneRepository) {
  const auto log = corpus_log(text_with({}), 300);
  std::size_t seen = 0;
  const auto visit
    = [&](const stream_name&, const std::vector<record>&) -> error {
    ++seen;
    return {};
  };
  ASSERT_TRUE(
    for_each_stream_of(*log, *repo_name::parse("example/project-1"), visit));
  EXPECT_EQ(seen, 300U);
  seen = 0;
  ASSERT_TRUE(
    for_each_stream_of(*log, *repo_name::parse("example/project"), visit));
  EXPECT_EQ(seen, 0U);
}

TEST(streams, AnErrorEndsTheReading) {
  const auto log = corpus_log(text_with({}), 50);
  const auto done
    = for_each_stream(*log, [](const stream_name&, const std::vector<record>&) {
        return make_error(ec::corrupt, "no");
      });
  ASSERT_FALSE(done);
  EXPECT_EQ(code_of(done.error()), ec::corrupt);
}

} // namespace fc::projections::what_if
