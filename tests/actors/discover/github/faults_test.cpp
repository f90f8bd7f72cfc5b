#include "tests/actors/discover/github/small_world.hpp"

namespace fc::github_peer {
namespace {

/// Faults of a kind, each once at each thing that is asked for.
class faults : public github_discovery {
protected:
  void expect_overcome(const std::vector<std::string>& kinds) {
    start(size(1, 45));
    options.audit_share = 1;
    for (const auto& kind : kinds)
      for (const auto* match :
           {"Cards", "SearchMerged", "IssueTexts", "/pulls/"})
        peer->post("/__sim/fault", {{"kind", kind}, {"match", match}});
    expect_read();
    expect_truth();
    const auto ledger = peer->get("/__sim/ledger");
    for (const auto& kind : kinds)
      EXPECT_GE(ledger.at("faults").value(kind, 0), 1) << kind << ledger;
    EXPECT_EQ(ledger.at("too_early"), 0) << ledger;
    EXPECT_EQ(ledger.at("refused_over_budget"), 0) << ledger;
    // Four absurd resets would have been four hours.
    EXPECT_LT(ledger.at("advanced_seconds").get<double>(), 1800) << ledger;
  }
};

TEST_F(faults, OfSecondaryLimitsAreOvercome) {
  expect_overcome({"secondary_seconds", "secondary_date", "secondary_bare",
                   "secondary_limited_by"});
}

TEST_F(faults, OfOtherLimitsAreOvercome) {
  expect_overcome(
    {"too_many", "rate_limited", "rate_limit", "primary", "absurd_reset"});
}

TEST_F(faults, OfTheNetworkAreOvercome) {
  expect_overcome({"bad_gateway", "html", "closed", "cut"});
}

TEST_F(faults, OfHeavyAnswersAreOvercome) {
  expect_overcome({"timeout", "gateway_timeout", "resource_limits", "touched"});
}

// Regression: an issue without title or comments threw through everybody.
TEST_F(faults, OfIssuesThatAreNotWholeAreReadAsEmpty) {
  start(size(1, 45));
  options.meddle
    = [](const services::http_request& request, services::http_response& x) {
        if (request.body.find("IssueTexts") == std::string::npos)
          return;
        auto body = json::parse(x.body);
        for (auto& each : body["data"]["nodes"]) {
          each["title"] = nullptr;
          each["comments"] = nullptr;
        }
        x.body = body.dump();
      };
  expect_read();
}

class lasting_fault : public github_discovery {};

TEST_F(lasting_fault, IsSaidAndLosesNothingThatIsStored) {
  start(size(1, 45));
  peer->post(
    "/__sim/fault",
    {{"kind", "bad_gateway"}, {"match", "SearchMerged"}, {"times", 1000}});
  EXPECT_EQ(events::code_of(expect_failure()), events::ec::unavailable);
  EXPECT_TRUE(certificates(options.repos.front()).empty());
  peer.reset();
  options.repos.clear();
  start(size(1, 45)); // another day
  expect_read();
  expect_truth();
}

TEST_F(lasting_fault, IsToldToTheLogWhereItIsALimit) {
  start(size(1, 45));
  peer->post("/__sim/fault",
             {{"kind", "secondary_date"}, {"match", "SearchMerged"}});
  expect_read();
  const auto records = *log->read_stream(events::service_stream("github"));
  ASSERT_EQ(records.size(), 1u);
  const auto met = *events::event_in<events::limit_met>(records.front());
  EXPECT_EQ(met.kind, "secondary");
  EXPECT_EQ(met.status, 403u);
  EXPECT_EQ(met.resource, "graphql");
  EXPECT_EQ(met.token, services::name_of_secret("test-token"));
  EXPECT_THAT(met.request, testing::HasSubstr("SearchMerged"));
  EXPECT_THAT(met.excerpt, testing::HasSubstr("secondary rate limit"));
  EXPECT_THAT(met.headers,
              testing::Contains(testing::StartsWith("retry-after: ")));
  // A restart waits as well: the server counts who does not.
  const auto access = access_to(*peer, options, time);
  access->client->restore(met);
  const auto standing = access->client->limiter().standings();
  EXPECT_TRUE(std::ranges::any_of(standing, [&](const auto& each) {
    return each.resource == "graphql" && each.paused_until == met.until;
  }));
}

} // namespace
} // namespace fc::github_peer
