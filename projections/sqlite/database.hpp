#pragma once

#include "events/error.hpp"
#include "projections/cell.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace fc::projections::sqlite {

/// What a file is opened for.
enum class access : std::uint8_t { read, write, create };

class database;

/// A prepared statement; must not outlive its database.
class statement {
public:
  /// Binds a value to the parameter at `index`, counted from 1.
  void bind(int index, const cell& x);

  /// @returns true if there is a row to read, false at the end.
  events::expected<bool> step();

  /// Makes it ready to be bound and stepped again.
  void reset();

  /// Of a row.
  int columns() const;
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  /// Valid until the next step.
  std::string_view text(int column) const;

private:
  friend class database;
  struct finalizer {
    void operator()(sqlite3_stmt* x) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, finalizer> handle_;
  const database* owner_ = nullptr;
};

/// A SQLite file. Failures name the file, what was tried, and SQLite's words.
class database {
public:
  /// @param patience How long a lock of another program is waited for.
  /// @returns `ec::not_found`, `ec::invalid_argument` for a file that is no
  /// database, `ec::storage_failure`.
  static events::expected<std::unique_ptr<database>>
  open(const std::string& file, access mode,
       std::chrono::milliseconds patience);

  /// Runs statements that give no rows.
  events::error run(const std::string& sql) const;
  events::expected<statement> prepare(const std::string& sql) const;
  /// The first column of the first row; 0 where there is none.
  events::expected<std::int64_t> number(const std::string& sql) const;

  const std::string& file() const noexcept {
    return file_;
  }

  /// The newest failure as an error that says what was `doing`.
  events::error failure(std::string_view doing) const;

private:
  struct closer {
    void operator()(sqlite3* x) const noexcept;
  };
  std::unique_ptr<sqlite3, closer> handle_;
  std::string file_;
};

} // namespace fc::projections::sqlite
