#include "events/log/format_version.hpp"

#include "events/log/fault.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace fc::events::log {

namespace {

error no_log(const std::string& path) {
  return make_error(ec::invalid_argument,
                    path
                      + ": holds files but no log; name an empty or a new "
                        "folder");
}

error newer(const std::string& path, const std::string& what) {
  return make_error(ec::too_new, path + ": the log has " + what
                                   + " and was written by a newer program; "
                                     "upgrade this one");
}

/// Nobody else leaves one, and it is written last: the families were there.
bool has_watermark(const std::string& path) {
  const auto mark = watermark_file::read(path);
  return mark && *mark;
}

error unlisted(const std::string& path) {
  return make_error(ec::corrupt,
                    path + ": the list of the log's files (MANIFEST) is damaged"
                      + way_out);
}

/// The format that the log names, if any.
expected<std::optional<unsigned>>
format_of(const database& db, const std::string& path) {
  auto value = db.get(family::meta, "format");
  if (!value)
    return value.error();
  if (!*value)
    return std::optional<unsigned>{};
  const auto text = as_text(**value);
  unsigned format = 0;
  const auto [end, code]
    = std::from_chars(text.data(), text.data() + text.size(), format);
  if (code != std::errc{} || end != text.data() + text.size() || format == 0)
    return make_error(ec::corrupt,
                      path + ": the log's format marker is damaged" + way_out);
  return std::optional<unsigned>{format};
}

error check_format(const std::optional<unsigned>& format,
                   const std::string& path) {
  if (!format)
    return no_log(path);
  if (*format > log_format)
    return newer(path, "format " + std::to_string(*format));
  return {};
}

bool is_known(const std::string& name) {
  constexpr std::array all{family::log, family::streams, family::blobs,
                           family::meta};
  return name == "default" || std::ranges::any_of(all, [&](family x) {
           return to_string(x) == name;
         });
}

} // namespace

error check_folder_state(const std::string& path, folder_state found) {
  if (found == folder_state::headless)
    return make_error(ec::corrupt, path
                                     + ": the file that names all others, "
                                       "CURRENT, is missing"
                                     + way_out);
  if (found != folder_state::database)
    return no_log(path);
  auto names = database::family_names(path);
  if (!names)
    return code_of(names.error()) == ec::corrupt
             ? make_error(ec::corrupt, text_of(names.error()) + way_out)
             : names.error();
  for (const auto needed : {family::log, family::streams, family::meta})
    if (std::ranges::find(*names, to_string(needed)) == names->end())
      return has_watermark(path) ? unlisted(path) : no_log(path);
  const auto unknown = std::ranges::find_if_not(*names, is_known);
  if (unknown != names->end())
    return newer(path, "a column family '" + *unknown + "'");
  // Beside a writer this look may fail; opening the log then says why.
  auto frozen = database::open_frozen(path, family::meta);
  if (!frozen)
    return {};
  auto format = format_of(*frozen, path);
  if (!format)
    return format.error();
  return *format ? check_format(*format, path) : error{};
}

put_row chunked_format_version() {
  return {family::meta, "format", as_bytes("2")};
}

error check_format_version(const database& db, const std::string& path) {
  auto format = format_of(db, path);
  if (!format)
    return format.error();
  return check_format(*format, path);
}

error write_format_version(database& db, const std::string& path, position last,
                           timestamp now) {
  auto format = format_of(db, path);
  if (!format)
    return format.error();
  if (*format || last != 0)
    return check_format(*format, path);
  const auto created = to_iso8601(now);
  const std::array rows{
    put_row{family::meta, "format", as_bytes("1")},
    put_row{family::meta, "created_by", as_bytes("fc-data")},
    put_row{family::meta, "created_at", as_bytes(created)},
  };
  return db.write(rows);
}

} // namespace fc::events::log
