#include "tools/shell/files.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace fc::shell {

using events::ec;
using events::make_error;

events::expected<std::string>
read_file(const std::filesystem::path& path, std::string_view what) {
  constexpr std::size_t most = 64U << 20U;
  constexpr std::size_t step = 64U << 10U;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::string text;
  ssize_t got = fd < 0 ? -1 : 1;
  while (got > 0 && text.size() <= most) {
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
  const auto failed = [&](const std::string& cause) {
    return make_error(ec::not_found, "cannot read the " + std::string{what}
                                       + " " + path.string() + ": " + cause);
  };
  if (got < 0)
    return failed(why);
  if (text.size() > most)
    return failed("it is larger than 64 MiB");
  return text;
}

} // namespace fc::shell
