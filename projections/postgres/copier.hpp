#pragma once

#include "projections/postgres/content.hpp"

#include <pqxx/pqxx>

#include <map>
#include <memory>
#include <string>

namespace fc::projections::postgres {

/// Sends rows into the tables of a schema by COPY, on a thread of its own,
/// while others make more of them; what waits is bounded. Each row goes to its
/// table once: keys must not repeat. The transaction must have made the tables.
class copier : public row_sink {
public:
  /// @param to Used by the thread alone until `finish`.
  copier(pqxx::transaction_base& to, std::string schema);
  ~copier() override;

  void upsert(const table& into, row cells) override;
  bool healthy() const override;
  void fail(events::error why) override;

  /// Sends what waits. @returns what each table was given, or the first
  /// failure.
  events::expected<std::map<const table*, holdings>> finish();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace fc::projections::postgres
