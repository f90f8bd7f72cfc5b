#pragma once

#include "actors/core/run.hpp"
#include "tools/shell/columns.hpp"

#include <functional>
#include <future>
#include <ostream>
#include <string>
#include <vector>

namespace fc::tools {

/// Shows a run. What came of a pull request is a result; what is being worked
/// on is progress: live lines on a terminal, one per stage, plain ones
/// elsewhere.
class terminal_reporter : public actors::run_reporter {
public:
  using size_function = std::function<shell::terminal_size()>;

  /// @param size Of the terminal that `progress` is, asked at each drawing, as
  /// it may change; none: `progress` is no terminal that can be redrawn.
  terminal_reporter(std::ostream& results, std::ostream& progress,
                    size_function size);

  void show(const actors::run_progress& at) override;
  void say(const std::string& line) override;
  void finished(const actors::run_result& result) override;

  /// Ready when the run ended.
  std::future<actors::run_result> result();

private:
  void erase_live();
  void draw(const actors::run_progress& at);

  std::ostream& results_;
  std::ostream& progress_;
  size_function size_;
  std::vector<std::size_t> drawn_; ///< Columns of the live lines.
  std::string last_plain_;
  std::promise<actors::run_result> result_;
  bool ended_ = false;
};

} // namespace fc::tools
