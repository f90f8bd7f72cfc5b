#include "projections/postgres/target.hpp"

#include "projections/postgres/follower.hpp"

namespace fc::projections::postgres {

using events::ec;
using events::expected;

namespace {

class database_target final : public table_target {
public:
  database_target(const events::log::log_reader& log, std::string address,
                  const rebuild_options& options)
    : log_{log}, address_{std::move(address)}, options_{options} {}

  std::string name() const override {
    return "the database";
  }

  expected<rebuild_result> rebuild() override {
    follower_.reset();
    auto done = postgres::rebuild(log_, address_, options_);
    if (!done)
      return done.error();
    rebuild_result result{done->up_to, {}, done->content, "content"};
    for (auto& each : done->tables)
      result.tables.push_back(
        {std::move(each.name), static_cast<std::uint64_t>(each.rows)});
    return result;
  }

  expected<follow_result> follow() override {
    if (!follower_) {
      auto opened = follower::open(log_, address_);
      if (!opened && events::code_of(opened.error()) == ec::not_found)
        return begin();
      if (!opened)
        return opened.error();
      follower_ = std::move(*opened);
    }
    auto done = follower_->advance();
    if (!done) {
      // What was committed is known after opening again.
      follower_.reset();
      return done.error();
    }
    return follow_result{done->up_to, done->records, done->newest, false};
  }

private:
  expected<follow_result> begin() {
    auto done = rebuild();
    if (!done)
      return done.error();
    return follow_result{done->up_to, done->up_to.at, {}, true};
  }

  const events::log::log_reader& log_;
  std::string address_;
  rebuild_options options_;
  std::unique_ptr<follower> follower_;
};

} // namespace

std::unique_ptr<table_target>
open_target(const events::log::log_reader& log, std::string address,
            const rebuild_options& options) {
  return std::make_unique<database_target>(log, std::move(address), options);
}

} // namespace fc::projections::postgres
