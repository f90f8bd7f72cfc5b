#include "actors/discover/python_range.hpp"
#include "actors/services/python/build_log.hpp"
#include "actors/services/python/declared_package.hpp"
#include "events/common/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

// input ::= what:letter text
namespace fc::fuzz {
namespace {

using namespace actors;
using namespace actors::services;
using events::ec;

/// Answers for `fcmeta.py`.
class given_sandbox : public sandbox {
public:
  explicit given_sandbox(std::string_view out) : out_(out) {}

  std::string_view isolation() const noexcept override {
    return "none";
  }
  bool network_off() const noexcept override {
    return true;
  }
  std::string path_inside(const std::vector<mount>&,
                          std::string_view inside) const override {
    return std::string{inside};
  }
  expected<process_result> run(const sandbox_spec&, const stop_flag&) override {
    process_result x;
    x.exit_code = out_.starts_with('!') ? 1 : 0;
    x.out = out_;
    x.err = out_;
    return x;
  }

private:
  std::string out_;
};

void check_declared(std::string_view text) {
  given_sandbox box{text};
  const python_tools tools{box, {}, "/scripts"};
  const auto x = read_declared(tools, "/tree", {});
  if (!x)
    return check_error(x.error(), {ec::malformed});
  const auto missing = x->missing();
  check(missing.size() <= x->build_requires.size() + x->requirements.size(),
        "what is missing was declared");
}

void check_range(const char* file, const std::string& text) {
  const auto range = requires_python_in(file, text);
  check(range.size() <= 1000 && range.find('\n') == std::string::npos,
        "a range is a short line");
  check(text.find(range) != std::string::npos, "a range is quoted as it is");
}

void check_log(std::string_view text) {
  const auto line = significant_line(text);
  check(events::common::is_utf8(line) && line.find('\n') == std::string::npos,
        "what a build says is one line of UTF-8");
  check(line.size() <= 1500, "what a build says is short");
  asks_git(text);
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  input in{data, size};
  const auto what = in.byte();
  const std::string text{in.rest()};
  if (what == 'd')
    check_declared(text);
  else if (what == 'l')
    check_log(text);
  else
    for (const auto* file : {"pyproject.toml", "setup.cfg", "setup.py"})
      check_range(file, text);
  return 0;
}
