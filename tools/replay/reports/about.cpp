#include "tools/replay/reports/about.hpp"

namespace fc::replay {

events::expected<projections::scope>
scope_of(const events::log::log_reader& log, const options& x) {
  if (!x.repo)
    return projections::scope{};
  const auto seen = log.stream_version(events::stream_of(*x.repo));
  if (!seen)
    return seen.error();
  if (*seen == 0) {
    const auto some = log.streams("pr/" + x.repo->str() + "#", "", 1);
    if (!some)
      return some.error();
    if (some->empty())
      return events::make_error(events::ec::not_found,
                                "repository " + x.repo->str()
                                  + " is not in the log; --funnel without "
                                    "--repo lists those that are");
  }
  return projections::scope{x.repo};
}

} // namespace fc::replay
