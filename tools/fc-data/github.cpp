#include "tools/fc-data/github.hpp"

#include "actors/discover/github/page_size.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <random>
#include <sstream>

namespace fc::tools {

using events::error;
using events::expected;

namespace {

double jitter() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return std::uniform_real_distribution<double>{0, 1}(engine);
}

/// The page size of the newest certificate that has one.
expected<std::uint32_t> page_size_in(const events::log::log_reader& log,
                                     const events::repo_name& repo) {
  auto records = log.read_stream(events::stream_of(repo));
  if (!records)
    return records.error();
  std::uint32_t size = 0;
  for (const auto& at : *records) {
    if (at.tag != events::window_reconciled::tag)
      continue;
    auto x = events::event_in<events::window_reconciled>(at);
    if (!x)
      return x.error();
    if (x->page_size > 0)
      size = x->page_size;
  }
  return size > 0 ? size : actors::page_size::most;
}

/// A node id as a folder's name.
std::string folder_of(const actors::repository_card& card) {
  std::string name;
  for (const char c : card.facts.node_id)
    name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'
                || c == '-'
              ? c
              : '.';
  return name + ".git";
}

} // namespace

void add_github_options(CLI::App& app, github_options& x) {
  app.add_option("--github-api", x.service.api, "Address of GitHub's API")
    ->envname("FC_GITHUB_API")
    ->capture_default_str();
  app
    .add_option("--github-git", x.git_url,
                "Address of a repository's git, {name} for owner/name")
    ->envname("FC_GITHUB_GIT")
    ->capture_default_str();
  app
    .add_option("--audit-share", x.audit_share,
                "Share of diffs compared with GitHub's")
    ->check(CLI::Range(0.0, 1.0))
    ->capture_default_str();
  app
    .add_option("--repositories-at-once", x.at_once,
                "Repositories read at the same time")
    ->check(CLI::Range(1u, 64u))
    ->capture_default_str();
}

void finish_github_options(github_options& x) {
  for (const char* name : {"GH_TOKENS", "GH_TOKEN"}) {
    const char* value = std::getenv(name);
    std::stringstream in{value == nullptr ? "" : value};
    for (std::string token; std::getline(in, token, ',');) {
      CLI::detail::trim(token);
      if (!token.empty())
        x.tokens.push_back(token);
    }
    if (!x.tokens.empty())
      return;
  }
}

std::shared_ptr<actors::github_access>
open_github(const github_options& x,
            std::shared_ptr<actors::services::token_source> tokens) {
  auto access = std::make_shared<actors::github_access>();
  access->client = std::make_shared<actors::services::github_client>(
    x.service, actors::services::make_http_client(), std::move(tokens),
    actors::services::system_clock(), jitter);
  access->places = std::make_shared<actors::services::turns>(x.at_once);
  access->git_url = x.git_url;
  access->audit_share = x.audit_share;
  return access;
}

error restore_limits(actors::services::github_client& client,
                     const events::log::log_reader& log) {
  auto records = log.read_stream(events::service_stream("github"));
  if (!records)
    return records.error();
  for (const auto& at : *records) {
    if (at.tag != events::limit_met::tag)
      continue;
    auto x = events::event_in<events::limit_met>(at);
    if (!x)
      return x.error();
    client.restore(*x);
  }
  return {};
}

expected<actors::scrape_job>
github_job(const std::shared_ptr<const actors::github_access>& access,
           const admitted_card& of, const std::filesystem::path& clones,
           const events::log::log_reader& log) {
  auto size = page_size_in(log, of.stored_as);
  if (!size)
    return size.error();
  actors::scrape_job job;
  job.path = clones / folder_of(of.card);
  job.source = actors::github_window(access, of.card, job.path, *size);
  job.window.repo = of.stored_as;
  job.window.source = "https://github.com/" + of.card.facts.repo.str();
  return job;
}

} // namespace fc::tools
