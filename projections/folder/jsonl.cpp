#include "events/common/new_file.hpp"
#include "projections/folder/table_file.hpp"
#include "projections/json_text.hpp"

namespace fc::projections::folder {

using events::error;
using events::expected;
using events::common::new_file;

namespace {

constexpr std::size_t buffered = std::size_t{256} << 10U;

/// Six digits of a second where there are any: cells have no more, and readers
/// know no longer ones.
std::string time_text(const cell& x) {
  constexpr std::string_view beyond = "000Z";
  auto result = to_text(x);
  if (result.find('.') != std::string::npos && result.ends_with(beyond))
    result.replace(result.size() - beyond.size(), beyond.size(), "Z");
  return result;
}

void append_value(std::string& to, const cell& x) {
  if (std::holds_alternative<std::monostate>(x))
    to += "null";
  else if (const auto* text = std::get_if<std::string>(&x))
    append_json(to, std::string_view{*text});
  else if (std::holds_alternative<events::timestamp>(x))
    to.append("\"").append(time_text(x)).append("\"");
  else
    to += to_text(x); // The text of all others is JSON.
}

class jsonl_file final : public table_file {
public:
  jsonl_file(new_file to, const table& of) : to_{std::move(to)}, of_{of} {}

  error add(const row& cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      lines_.append(i == 0 ? "{\"" : ", \"");
      lines_.append(of_.columns[i].name).append("\": ");
      append_value(lines_, cells[i]);
    }
    lines_ += "}\n";
    return lines_.size() < buffered ? error{} : flush();
  }

  error finish() override {
    if (auto err = flush())
      return err;
    return to_.commit();
  }

private:
  error flush() {
    auto err = to_.write(events::as_bytes(lines_));
    lines_.clear();
    return err;
  }

  new_file to_;
  const table& of_;
  std::string lines_;
};

} // namespace

expected<table_file_ptr>
create_jsonl(const std::string& path, const table& of) {
  auto to = new_file::create(path);
  if (!to)
    return to.error();
  return table_file_ptr{std::make_unique<jsonl_file>(std::move(*to), of)};
}

} // namespace fc::projections::folder
