#pragma once

#include "actors/services/github/client.hpp"
#include "events/pull_request.hpp"

#include <string>

namespace fc::actors {

/// A diff as GitHub serves it.
struct served_diff {
  std::string text;
  std::string note; ///< How it was put together, where it was.
};

/// Reads the diff of a pull request. Where GitHub refuses it for its size, it
/// is put together from the list of files (3,000 at most), and the note says
/// what is missing.
events::expected<served_diff>
read_served_diff(services::github_client& github, const events::repo_name& repo,
                 std::uint32_t number, services::github_usage& used,
                 const services::stop_flag& stop);

/// Compares our diff with GitHub's, but for the lines that name objects: their
/// length is of no meaning.
events::diff_audited
compare_diffs(const std::string& ours, const std::string& served);

/// Whether a pull request belongs to the share that is audited: the same ones
/// at each run. @param share In [0, 1].
bool is_audited(const std::string& node_id, double share);

} // namespace fc::actors
