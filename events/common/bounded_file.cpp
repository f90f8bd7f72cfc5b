#include "events/common/bounded_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace fc::events::common {

expected<std::string>
read_file(const std::string& path, std::string_view what, std::uint64_t max) {
  constexpr std::size_t step = 1U << 16U;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::string text;
  ssize_t got = fd < 0 ? -1 : 1;
  while (got > 0 && text.size() <= max) {
    const auto before = text.size();
    text.resize(before + step);
    do
      got = ::read(fd, text.data() + before, step);
    while (got < 0 && errno == EINTR);
    text.resize(before + static_cast<std::size_t>(got < 0 ? 0 : got));
  }
  const auto why = std::generic_category().message(errno);
  if (fd >= 0)
    ::close(fd);
  const auto no = [&](const std::string& cause) {
    return make_error(ec::invalid_argument, "cannot read " + std::string{what}
                                              + " " + path + ": " + cause);
  };
  if (got < 0)
    return no(why);
  if (text.size() > max)
    return no("it has more than " + std::to_string(max) + " bytes");
  return text;
}

} // namespace fc::events::common
