#include "actors/services/github/tokens.hpp"

#include "events/ids.hpp"

#include <algorithm>

namespace fc::actors::services {

namespace {

class personal_tokens : public token_source {
public:
  explicit personal_tokens(std::vector<std::string> all)
    : all_(std::move(all)) {}

  std::size_t size() const override {
    return all_.size();
  }
  std::string name(std::size_t index) const override {
    return name_of_secret(all_.at(index));
  }
  events::expected<std::string>
  token(std::size_t index, const stop_flag&) override {
    return all_.at(index);
  }
  bool renew(std::size_t) override {
    return false;
  }

private:
  std::vector<std::string> all_;
};

} // namespace

std::shared_ptr<token_source>
fixed_tokens(const std::vector<std::string>& all) {
  std::vector<std::string> kept;
  for (const auto& each : all)
    if (!each.empty() && std::ranges::find(kept, each) == kept.end())
      kept.push_back(each);
  return std::make_shared<personal_tokens>(std::move(kept));
}

std::string name_of_secret(const std::string& secret) {
  return events::sha256(events::as_bytes(secret)).hex().substr(0, 12);
}

} // namespace fc::actors::services
