#pragma once

#include "projections/table_target.hpp"

#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace fc::projections::conformance {

/// A row as texts (`to_text`), null as nothing; rows in the order read.
using text_row = std::vector<std::optional<std::string>>;
using text_tables = std::map<std::string, std::vector<text_row>>;

/// What every target must hold after a log: each projection's newest row per
/// key, kept in memory.
text_tables reference(const events::log::log_reader& log);

/// A target of its own for a test; gone with it.
class test_target {
public:
  virtual ~test_target() = default;

  /// The same target for another log.
  virtual std::unique_ptr<table_target> open(const events::log::log_reader& log)
    = 0;

  /// All tables as somebody else reads them; the test fails where it cannot.
  virtual text_tables read() = 0;

  /// Puts something there that fcreplay did not make.
  virtual void put_foreign() = 0;
  /// What of it is there now.
  virtual std::string foreign() = 0;
  /// What is there beside the tables; empty where all is tidy.
  virtual std::string litter() = 0;

  /// Whether it follows without making everything anew.
  virtual bool follows() const = 0;
};

/// A kind of target.
struct target_kind {
  std::string name;
  std::string (*absent)(); ///< Why it cannot be tested here; empty if it can.
  std::unique_ptr<test_target> (*make)();

  friend std::ostream& operator<<(std::ostream& to, const target_kind& x) {
    return to << x.name;
  }
};

const std::vector<target_kind>& all_targets();

} // namespace fc::projections::conformance
