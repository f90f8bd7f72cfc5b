#include "events/common/bounded_file.hpp"

#include <array>
#include <filesystem>
#include <fstream>

namespace fc::events::common {

expected<std::string>
read_file(const std::string& path, std::string_view what, std::uint64_t most) {
  const auto no = [&](const std::string& why) {
    return make_error(ec::invalid_argument,
                      "cannot read " + std::string{what} + " " + path + why);
  };
  std::error_code ignored;
  std::ifstream in{path, std::ios::binary};
  if (!in)
    return no("");
  if (std::filesystem::is_directory(path, ignored))
    return no(": it is a folder");
  std::string text;
  std::array<char, 1 << 16> part{};
  while (in) {
    in.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > most)
      return no(": it has more than " + std::to_string(most) + " bytes");
  }
  if (in.bad())
    return no(": reading fails");
  return text;
}

} // namespace fc::events::common
