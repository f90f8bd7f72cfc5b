#include "actors/discover/repositories/code_search.hpp"

#include "actors/services/python/json.hpp"

#include <cmath>
#include <map>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using nlohmann::json;

namespace {

/// Sizes of files in bytes, both ends included.
struct size_range {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

/// What one slice has.
struct slice {
  std::uint64_t counted = 0;
  bool incomplete = false; ///< GitHub gave up before it had searched all.
  std::vector<json> items;

  bool whole() const noexcept {
    return !incomplete && items.size() >= counted;
  }
};

std::string text_of(const size_range& x) {
  return std::to_string(x.low) + ".." + std::to_string(x.high);
}

/// Most files are small: the middle by ratio, not by difference.
std::uint64_t middle_of(const size_range& x) {
  const auto middle = static_cast<std::uint64_t>(std::sqrt(
    static_cast<double>(x.low + 1) * static_cast<double>(x.high + 1)));
  return std::clamp<std::uint64_t>(middle, x.low, x.high - 1);
}

class search_source : public repository_source {
public:
  search_source(services::github_rest& github, code_search_settings settings)
    : github_(github), settings_(std::move(settings)) {}

  std::string name() const override {
    return "code-search";
  }

  expected<repository_listing> list(const services::stop_flag& stop) override {
    // Small sizes first: a stack.
    std::vector<size_range> open{{0, settings_.largest}};
    while (!open.empty()) {
      const auto range = open.back();
      open.pop_back();
      if (used_.calls >= settings_.max_calls) {
        cut("after " + std::to_string(used_.calls) + " calls sizes from "
            + std::to_string(range.low) + " on were left out");
        break;
      }
      auto found = best_of(range, stop);
      if (!found)
        return found.error();
      if (!found->whole() && range.low < range.high) {
        const auto middle = middle_of(range);
        open.push_back({middle + 1, range.high});
        open.push_back({range.low, middle});
        continue;
      }
      if (!found->whole())
        cut("of files of " + std::to_string(range.low) + " bytes "
            + std::to_string(found->items.size()) + " of "
            + std::to_string(found->counted) + " were listed");
      take(found->items);
    }
    return finish();
  }

private:
  /// The slice, asked again while it is incomplete and not too large.
  expected<slice>
  best_of(const size_range& range, const services::stop_flag& stop) {
    slice best;
    for (std::uint32_t tried = 0; tried <= settings_.repeats; ++tried) {
      auto found = read(range, stop);
      if (!found)
        return found.error();
      const bool better
        = tried == 0 || found->items.size() >= best.items.size();
      if (better)
        best = std::move(*found);
      if (best.whole() || best.counted > settings_.cap)
        break;
    }
    return best;
  }

  expected<slice>
  read(const size_range& range, const services::stop_flag& stop) {
    slice result;
    for (std::uint32_t page = 1;; ++page) {
      services::rest_question question;
      question.url = "/search/code?q=" + settings_.term
                     + "+size:" + text_of(range)
                     + "&per_page=" + std::to_string(settings_.page)
                     + "&page=" + std::to_string(page);
      question.resource = "code_search";
      question.cached = false;
      auto answer = github_.get(question, used_, stop);
      if (!answer)
        return answer.error();
      auto body = services::parse_json_object(answer->response.body,
                                              "GitHub's code search");
      if (!body)
        return body.error();
      const auto counted = body->find("total_count");
      if (counted == body->end() || !counted->is_number_unsigned()
          || !body->contains("items"))
        return make_error(ec::malformed,
                          "GitHub's code search answers without total_count "
                          "or items");
      result.counted = counted->get<std::uint64_t>();
      result.incomplete
        = result.incomplete || services::json_flag(*body, "incomplete_results");
      if (result.counted > settings_.cap && range.low < range.high)
        return result; // to be split: no further page is of use
      auto items = services::json_objects(*body, "items");
      const auto count = items.size();
      result.items.insert(result.items.end(),
                          std::make_move_iterator(items.begin()),
                          std::make_move_iterator(items.end()));
      if (count == 0 || result.items.size() >= result.counted
          || page * settings_.page >= settings_.cap)
        return result;
    }
  }

  void take(const std::vector<json>& items) {
    for (const auto& item : items) {
      const auto repository = item.find("repository");
      const auto name = repository != item.end() && repository->is_object()
                          ? services::json_text(*repository, "full_name")
                          : std::string{};
      const auto repo = events::repo_name::parse(name);
      if (!repo) {
        listing_.passed_over.push_back({"'" + name + "'", "is not owner/name"});
        continue;
      }
      if (services::json_flag(*repository, "fork"))
        passed_over_[*repo] = "a fork";
      else if (name == "airspeed-velocity/asv")
        passed_over_[*repo] = "ASV itself";
      else
        found_.try_emplace(*repo, found_.size());
    }
  }

  void cut(std::string why) {
    listing_.cut += (listing_.cut.empty() ? "" : "; ") + std::move(why);
  }

  repository_listing finish() {
    listing_.found.resize(found_.size());
    for (const auto& [repo, index] : found_)
      listing_.found[index] = {repo, name()};
    for (const auto& [repo, why] : passed_over_)
      listing_.passed_over.push_back({repo.str(), why});
    listing_.calls = used_.calls;
    return std::move(listing_);
  }

  services::github_rest& github_;
  code_search_settings settings_;
  services::github_usage used_;
  repository_listing listing_;
  std::map<events::repo_name, std::size_t> found_; ///< And its place.
  std::map<events::repo_name, std::string> passed_over_;
};

} // namespace

std::unique_ptr<repository_source>
code_search(services::github_rest& github, code_search_settings settings) {
  return std::make_unique<search_source>(github, std::move(settings));
}

} // namespace fc::actors
