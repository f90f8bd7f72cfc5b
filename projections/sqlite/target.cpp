#include "projections/sqlite/target.hpp"

#include "projections/sqlite/dump.hpp"
#include "projections/sqlite/store.hpp"

#include <algorithm>

namespace fc::projections::sqlite {

namespace {

class file_target final : public table_target {
public:
  file_target(const events::log::log_reader& log, std::string file)
    : log_{log}, file_{std::move(file)} {}

  std::string name() const override {
    return file_;
  }

  events::expected<rebuild_result> rebuild() override {
    auto done = sqlite::rebuild(log_, file_);
    if (!done)
      return done.error();
    auto tables = dump_tables(file_);
    if (!tables)
      return tables.error();
    rebuild_result result{done->up_to, {}, tables->sha256, "tables"};
    for (auto& each : tables->tables)
      result.tables.push_back({std::move(each.name), each.rows});
    return result;
  }

  events::expected<follow_result> follow() override {
    // Looking at the file again for nothing would cost a lock.
    if (known_ && at_.at == log_.last())
      return follow_result{at_, 0, {}, false};
    file_options options;
    options.memory = &memory_;
    auto done = sqlite::follow(log_, file_, options);
    if (!done)
      return done.error();
    const auto before = known_ ? at_.at : 0;
    at_ = done->up_to;
    known_ = true;
    return follow_result{
      at_, at_.at - std::min(before, at_.at), {}, done->rebuilt};
  }

private:
  const events::log::log_reader& log_;
  std::string file_;
  replay_memory memory_;
  checkpoint at_;
  bool known_ = false;
};

} // namespace

std::unique_ptr<table_target>
open_target(const events::log::log_reader& log, std::string file) {
  return std::make_unique<file_target>(log, std::move(file));
}

} // namespace fc::projections::sqlite
