#pragma once

#include "actors/core/run.hpp"

#include <future>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>

namespace fc::tools {

/// Shows a run: one live line per stage on a terminal, plain lines otherwise.
class terminal_reporter : public actors::run_reporter {
public:
  /// @param live Whether `out` is a terminal that can be redrawn.
  terminal_reporter(std::ostream& out, bool live);

  void show(const actors::run_progress& at) override;
  void say(const std::string& line) override;
  void finished(const actors::run_result& result) override;

  /// Ready when the run ended.
  std::future<actors::run_result> result();

private:
  void erase_live();
  void draw(const actors::run_progress& at);

  std::ostream& out_;
  bool live_;
  std::size_t drawn_ = 0; ///< Live lines on the screen.
  std::string last_plain_;
  std::promise<actors::run_result> result_;
  bool ended_ = false;
};

} // namespace fc::tools
