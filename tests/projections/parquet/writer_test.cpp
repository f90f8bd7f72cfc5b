#include "events/common/new_file.hpp"
#include "projections/parquet/encoding.hpp"
#include "projections/parquet/folder_lock.hpp"
#include "projections/parquet/parquet_writer.hpp"
#include "tests/projections/parquet/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <limits>

namespace fc::projections::parquet {

namespace {

using events::code_of;
using events::describe;
using events::ec;
using events::common::new_file;
using events::common::read_text;
using events::common::write_text;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<column> two{{"name", column_type::utf8, false},
                              {"count", column_type::int64, true}};

const std::vector<cells> some{{std::string{"a"}, std::int64_t{1}},
                              {std::string{"b"}, std::monostate{}}};

/// Makes writes past `bytes` of a file fail as on a full disk, while it lives.
class small_disk {
public:
  explicit small_disk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit now{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~small_disk() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    ::signal(SIGXFSZ, handler_);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

private:
  rlimit old_{};
  void (*handler_)(int) = nullptr;
};

TEST(parquet_writer, TellsInTheFooterWhatItWrote) {
  const scratch_folder folder;
  writer_options options;
  options.metadata = {{"who", "we"}};
  auto out = parquet_writer::create(folder / "x.parquet", two, options);
  ASSERT_TRUE(out);
  ASSERT_FALSE(out->append(some[0]));
  out->put_metadata("when", "now");
  ASSERT_FALSE(out->finish());
  const auto info = read_info(folder / "x.parquet");
  ASSERT_TRUE(info) << describe(info.error());
  EXPECT_EQ(info->rows, 1);
  EXPECT_EQ(info->row_groups, 1U);
  EXPECT_THAT(info->columns, ElementsAre("name", "count"));
  EXPECT_EQ(info->created_by, "fc-data");
  EXPECT_THAT(info->metadata, ElementsAre(testing::Pair("when", "now"),
                                          testing::Pair("who", "we")));
}

TEST(parquet_writer, GivesEqualBytesForEqualRows) {
  const scratch_folder folder;
  write_rows(folder / "a", two, some);
  write_rows(folder / "b", two, some);
  EXPECT_EQ(slurp(folder / "a"), slurp(folder / "b"));
  EXPECT_TRUE(slurp(folder / "a").starts_with("PAR1"));
  EXPECT_TRUE(slurp(folder / "a").ends_with("PAR1"));
}

TEST(parquet_writer, ClosesRowGroupsByRowsAndByBytes) {
  const scratch_folder folder;
  writer_options options;
  options.group_rows = 3;
  std::vector<cells> rows(10, some[0]);
  write_rows(folder / "rows", two, rows, options);
  EXPECT_EQ(read_info(folder / "rows")->row_groups, 4U);
  options = {};
  options.group_bytes = 2'500;
  rows.assign(10, {std::string(1'000, 'x'), std::int64_t{0}});
  write_rows(folder / "bytes", two, rows, options);
  EXPECT_EQ(read_info(folder / "bytes")->row_groups, 4U);
  EXPECT_EQ(read_info(folder / "bytes")->rows, 10);
}

TEST(parquet_writer, ShowsNothingBeforeItIsFinished) {
  const scratch_folder folder;
  {
    auto out = parquet_writer::create(folder / "x.parquet", two);
    ASSERT_TRUE(out);
    ASSERT_FALSE(out->append(some[0]));
    EXPECT_FALSE(std::filesystem::exists(folder / "x.parquet"));
  }
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(parquet_writer, KeepsTheOldFileWhenTheDiskIsFull) {
  const scratch_folder folder;
  const auto path = folder / "x.parquet";
  write_rows(path, two, some);
  const auto before = slurp(path);
  {
    writer_options options;
    options.group_rows = 1;
    auto out = parquet_writer::create(path, two, options);
    ASSERT_TRUE(out);
    events::error err;
    {
      const small_disk disk{64};
      for (int i = 0; i < 100 && !err; ++i)
        err = out->append(some[0]);
    }
    EXPECT_EQ(code_of(err), ec::storage_failure);
    EXPECT_THAT(describe(err), HasSubstr(path));
    EXPECT_THAT(describe(err), HasSubstr("File too large"));
    // The writer does not go on as if nothing had been.
    EXPECT_EQ(code_of(out->append(some[0])), ec::storage_failure);
    EXPECT_EQ(code_of(out->finish()), ec::storage_failure);
  }
  EXPECT_EQ(slurp(path), before);
  EXPECT_THAT(folder.names(), ElementsAre("x.parquet"));
}

TEST(parquet_writer, NamesPathAndCauseWhereItCannotWrite) {
  const scratch_folder folder;
  const auto path = folder / "missing/x.parquet";
  const auto out = parquet_writer::create(path, two);
  ASSERT_FALSE(out);
  EXPECT_EQ(code_of(out.error()), ec::storage_failure);
  EXPECT_THAT(describe(out.error()), HasSubstr(path));
  EXPECT_THAT(describe(out.error()), HasSubstr("No such file or directory"));
}

TEST(parquet_writer, LeavesNothingWhenItsPlaceIsAFolder) {
  const scratch_folder folder;
  std::filesystem::create_directory(folder / "x.parquet");
  auto out = parquet_writer::create(folder / "x.parquet", two);
  ASSERT_TRUE(out);
  EXPECT_EQ(code_of(out->finish()), ec::storage_failure);
  EXPECT_THAT(folder.names(), ElementsAre("x.parquet"));
}

TEST(parquet_writer, FinishesOnce) {
  const scratch_folder folder;
  auto out = parquet_writer::create(folder / "x", two);
  ASSERT_TRUE(out);
  ASSERT_FALSE(out->finish());
  EXPECT_EQ(code_of(out->finish()), ec::internal);
  EXPECT_EQ(code_of(out->append(some[0])), ec::internal);
}

TEST(parquet_writer, RefusesUnusableColumns) {
  const scratch_folder folder;
  const auto refused = [&](std::vector<column> columns) {
    const auto out = parquet_writer::create(folder / "x", std::move(columns));
    return !out && code_of(out.error()) == ec::invalid_argument;
  };
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({{"", column_type::utf8}}));
  EXPECT_TRUE(refused({{"\xFF", column_type::utf8}}));
  EXPECT_TRUE(refused({{"a", column_type::utf8}, {"a", column_type::int32}}));
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST(parquet_writer, RefusesABadRowAndGoesOn) {
  const scratch_folder folder;
  auto out = parquet_writer::create(folder / "x", two);
  ASSERT_TRUE(out);
  const auto refused = [&](const cells& x, const std::string& why) {
    const auto err = out->append(x);
    EXPECT_EQ(code_of(err), ec::invalid_argument);
    EXPECT_THAT(describe(err), HasSubstr(why));
    EXPECT_THAT(describe(err), HasSubstr(folder / "x"));
  };
  refused({}, "0 cells for 2 columns");
  refused({std::string{"a"}}, "1 cells");
  refused({std::monostate{}, std::int64_t{1}}, "name must not be null");
  refused({std::string{"\xC0\x80"}, std::int64_t{1}}, "not UTF-8");
  refused({std::string{"a"}, 1.5}, "count holds another type");
  refused({std::string{"a"}, std::int32_t{1}}, "another type");
  ASSERT_FALSE(out->append(some[1]));
  ASSERT_FALSE(out->finish());
  EXPECT_EQ(read_info(folder / "x")->rows, 1);
}

TEST(parquet_writer, RefusesMetadataThatIsNotText) {
  const scratch_folder folder;
  auto out = parquet_writer::create(folder / "x", two);
  ASSERT_TRUE(out);
  out->put_metadata("key", "\xFF");
  EXPECT_EQ(code_of(out->finish()), ec::invalid_argument);
}

TEST(read_info, SaysThatThereIsNoFile) {
  const scratch_folder folder;
  EXPECT_EQ(code_of(read_info(folder / "x").error()), ec::not_found);
}

TEST(read_info, FindsEveryTruncation) {
  const scratch_folder folder;
  write_rows(folder / "x", two, some);
  const auto whole = slurp(folder / "x");
  for (std::size_t n = 0; n < whole.size(); ++n) {
    spill(folder / "cut", whole.substr(0, n));
    const auto info = read_info(folder / "cut");
    ASSERT_FALSE(info) << n << " of " << whole.size() << " bytes were enough";
    EXPECT_EQ(code_of(info.error()), ec::corrupt);
    EXPECT_THAT(describe(info.error()), HasSubstr(folder / "cut"));
  }
}

TEST(read_info, SurvivesEveryFlippedByte) {
  const scratch_folder folder;
  write_rows(folder / "x", two, some);
  const auto whole = slurp(folder / "x");
  for (std::size_t n = 0; n < whole.size(); ++n)
    for (const char flip : {'\x01', '\x80', '\xFF'}) {
      auto text = whole;
      text[n] = static_cast<char>(text[n] ^ flip);
      spill(folder / "flipped", text);
      const auto info = read_info(folder / "flipped");
      EXPECT_TRUE(info || code_of(info.error()) == ec::corrupt);
    }
}

TEST(utf8, IsToldFromOtherBytes) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("grüße 速い 🚀"));
  EXPECT_TRUE(is_utf8("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"));
  EXPECT_TRUE(is_utf8(std::string{"\0", 1}));
  for (const auto* bad :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE9t\xE9",
        "a\xE2\x82"})
    EXPECT_FALSE(is_utf8(bad));
}

TEST(levels, AreRunsWithTheirSizeInFront) {
  EXPECT_THAT(encode_levels(events::bytes{1, 1, 1, 0}),
              ElementsAre(4, 0, 0, 0, 6, 1, 2, 0));
  EXPECT_THAT(encode_levels(events::bytes(100, 2)),
              ElementsAre(3, 0, 0, 0, 0xC8, 1, 2));
  EXPECT_THAT(encode_levels({}), ElementsAre(0, 0, 0, 0));
}

TEST(bounds, LeaveOutNaNAndLongTexts) {
  bounds_collector seen;
  seen.add(std::numeric_limits<double>::quiet_NaN());
  seen.add(1.0);
  auto x = seen.take();
  EXPECT_EQ(x.nans, 1);
  EXPECT_FALSE(x.min);
  seen.add(0.0);
  seen.add_null();
  x = seen.take();
  EXPECT_EQ(x.min, std::string("\0\0\0\0\0\0\0\x80", 8)); // -0
  EXPECT_EQ(x.max, std::string(8, '\0'));
  EXPECT_EQ(x.values, 2);
  EXPECT_EQ(x.nulls, 1);
  EXPECT_EQ(x.nans, 0);
  seen.add(std::string(65, 'x'));
  seen.add(std::string{"a"});
  EXPECT_FALSE(seen.take().min);
  seen.add(std::string{"a"});
  seen.add(std::string{"\xC3\xA9"});
  EXPECT_EQ(seen.take().max, "\xC3\xA9"); // bytes are compared as unsigned
}

TEST(new_file, IsMovedWithItsDuty) {
  const scratch_folder folder;
  {
    auto a = new_file::create(folder / "a");
    auto b = new_file::create(folder / "b");
    ASSERT_TRUE(a && b);
    *a = std::move(*b);
  }
  EXPECT_THAT(folder.names(), IsEmpty());
  EXPECT_FALSE(write_text(folder / "t", "text"));
  EXPECT_EQ(*read_text(folder / "t"), "text");
  EXPECT_EQ(code_of(read_text(folder / "u").error()), ec::not_found);
}

TEST(folder_lock, IsHeldOnce) {
  const scratch_folder folder;
  {
    const auto first = folder_lock::take(folder.path().string());
    ASSERT_TRUE(first);
    const auto second = folder_lock::take(folder.path().string());
    ASSERT_FALSE(second);
    EXPECT_EQ(code_of(second.error()), ec::already_in_use);
  }
  EXPECT_TRUE(folder_lock::take(folder.path().string()));
  EXPECT_EQ(code_of(folder_lock::take(folder / "no").error()),
            ec::storage_failure);
}

} // namespace

} // namespace fc::projections::parquet
