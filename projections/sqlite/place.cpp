#include "projections/sqlite/place.hpp"

#include "projections/sqlite/dump.hpp"
#include "projections/sqlite/store.hpp"

#include <algorithm>

namespace fc::projections::sqlite {

namespace {

class file_place final : public table_place {
public:
  file_place(const events::log::log_reader& log, std::string file)
    : log_{log}, file_{std::move(file)} {}

  std::string name() const override {
    return file_;
  }

  events::expected<built> rebuild() override {
    auto done = sqlite::rebuild(log_, file_);
    if (!done)
      return done.error();
    auto tables = dump_tables(file_);
    if (!tables)
      return tables.error();
    built result{done->up_to, {}, tables->sha256, "tables"};
    for (auto& each : tables->tables)
      result.tables.push_back({std::move(each.name), each.rows});
    return result;
  }

  events::expected<moved_on> follow() override {
    // Looking at the file again for nothing would cost a lock.
    if (known_ && at_.at == log_.last())
      return moved_on{at_, 0, {}, false};
    file_options options;
    options.memory = &memory_;
    auto done = sqlite::follow(log_, file_, options);
    if (!done)
      return done.error();
    const auto before = known_ ? at_.at : 0;
    at_ = done->up_to;
    known_ = true;
    return moved_on{at_, at_.at - std::min(before, at_.at), {}, done->rebuilt};
  }

private:
  const events::log::log_reader& log_;
  std::string file_;
  replay_memory memory_;
  checkpoint at_;
  bool known_ = false;
};

} // namespace

std::unique_ptr<table_place>
place_in(const events::log::log_reader& log, std::string file) {
  return std::make_unique<file_place>(log, std::move(file));
}

} // namespace fc::projections::sqlite
