#include "tests/tools/shell/programs.hpp"
#include "tools/shell/environment.hpp"

#include <set>

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

namespace fc::shell {

namespace {

struct named_program {
  std::string name;
  std::string file;
};

const std::vector<named_program> both{{"fc-data", FC_DATA},
                                      {"fcreplay", FC_REPLAY}};

} // namespace

struct promises : programs {
  std::vector<valued_option> options_of(const std::string& program) {
    return options_in(print(program, "--help").out);
  }
};

// -- values -------------------------------------------------------------------

TEST_F(promises, EveryOptionRefusesAnEmptyValue) {
  for (const auto& [name, file] : both) {
    const auto all = options_of(file);
    EXPECT_GT(all.size(), 10U) << name;
    for (const auto& option : all) {
      SCOPED_TRACE(name + " " + option.name);
      // One of two values: both are there.
      const std::string rest = option.type == "A" ? " 1" : "";
      expect_one_line(print(file, option.name + " ''" + rest), 2, option.name);
      expect_one_line(print(file, option.name + "= --funnel"), 2, option.name);
      expect_one_line(print(file, option.name + "= x"), 2, option.name);
    }
  }
}

TEST_F(promises, EveryNumberIsOne) {
  std::size_t asked = 0;
  for (const auto& [name, file] : both)
    for (const auto& option : options_of(file)) {
      if (!option.type.starts_with("FLOAT") && !option.type.starts_with("INT")
          && !option.type.starts_with("UINT"))
        continue;
      for (const std::string bad :
           {"nan", "NaN", "-nan", "inf", "-inf", "infinity", "1e999", "-1",
            "five", "1x", "0x", "0x10", "+5", "1,5",
            "99999999999999999999999"}) {
        SCOPED_TRACE(name + " " + option.name + " " + bad);
        if (option.type.starts_with("FLOAT") && bad.starts_with("999"))
          continue; // A number, if a large one.
        expect_one_line(print(file, option.name + " " + bad), 2, option.name);
        ++asked;
        if (option.variable.empty())
          continue;
        expect_one_line(print(file, "", option.variable + "=" + bad), 2, bad);
      }
    }
  EXPECT_GT(asked, 100U);
}

TEST_F(promises, TimesThatNanosecondsCannotHoldAreRefused) {
  const std::string window = "--source . --start-date ";
  for (const std::string bad : {"1600-01-01", "1677-09-21", "2262-04-12",
                                "9999-12-31", "0000-01-01", "-123-01-01"}) {
    SCOPED_TRACE(bad);
    expect_one_line(print(FC_DATA, window + bad + " --end-date 2024-01-01"), 2,
                    bad);
    expect_one_line(print(FC_DATA, window + "2024-01-01 --end-date " + bad), 2,
                    bad);
    expect_one_line(print(FC_REPLAY, "--funnel --until=" + bad), 2, bad);
    expect_one_line(print(FC_REPLAY, "--what-if x --since=" + bad), 2, bad);
    if (!bad.starts_with('-'))
      expect_one_line(print(FC_REPLAY, "--diff 1 " + bad), 2, bad);
  }
}

// -- output -------------------------------------------------------------------

TEST_F(promises, OutputThatIsLostIsNoGoodEnd) {
  for (const auto& [file, words] :
       std::vector<std::pair<std::string, std::string>>{
         {FC_DATA, "--help"},
         {FC_DATA, "--preflight --index none --work w"},
         {FC_REPLAY, "--help"},
         {FC_REPLAY, "--catalogue"}}) {
    SCOPED_TRACE(words);
    expect_one_line(run(file, words + " >/dev/full"), 1, "standard output");
    expect_one_line(run(file, words + " >&-"), 1, "standard output");
  }
}

TEST_F(promises, AReaderThatIsGoneIsNotComplainedOf) {
  for (const auto& [file, words] :
       std::vector<std::pair<std::string, std::string>>{
         {FC_DATA, "--help"}, {FC_REPLAY, "--catalogue"}}) {
    // The pipe has no reader before the program writes.
    const auto x = run("bash -c", "'(sleep 0.2; exec " + file + " " + words
                                    + ") | true; exit ${PIPESTATUS[0]}'");
    EXPECT_EQ(x.exit, 128 + SIGPIPE) << x.err;
    EXPECT_EQ(x.err, "");
  }
}

TEST_F(promises, AStandardFileThatIsClosedIsNotTakenByALog) {
  const auto x = run(FC_REPLAY, "--log none --verify <&- >&-");
  EXPECT_EQ(x.exit, 1);
  EXPECT_THAT(x.err, HasSubstr("there is no log here"));
}

// -- settings -----------------------------------------------------------------

TEST_F(promises, TheTableOfVariablesIsWhatTheProgramsRead) {
  for (const auto& [name, file] : both) {
    std::set<std::string> read;
    for (const auto& option : options_of(file))
      if (option.variable.starts_with("FC_"))
        read.insert(option.variable + " " + option.name);
    std::set<std::string> listed;
    for (const auto& each : known_variables())
      if (each.reader == name && !each.option.empty())
        listed.insert(std::string{each.name} + " " + std::string{each.option});
    EXPECT_EQ(listed, read) << name;
  }
}

TEST_F(promises, WhatNothingReadsIsSaid) {
  const std::string wrong = "FC_WROK=/secret/value DATASMITH_GH_RETRIES=3 "
                            "SUPABASE_URL=http://secret/value";
  support::write_file(folder / "tokens.env", "GH_TOKENS=secret/value\n");
  const auto x = print(FC_DATA, "--source none --tasks a/b#1 --work w", wrong);
  EXPECT_EQ(x.exit, 1);
  for (const auto* text :
       {"FC_WROK is not read; the nearest name that is: FC_WORK\n",
        "DATASMITH_GH_RETRIES is not read", "SUPABASE_URL is not read",
        "SUPABASE_DB_URL", "tokens.env is not read"})
    EXPECT_THAT(x.err, HasSubstr(text));
  EXPECT_THAT(x.err, Not(HasSubstr("secret/value")));
  EXPECT_THAT(print(FC_REPLAY, "--funnel --log none", wrong).err,
              HasSubstr("FC_WROK is not read"));
}

TEST_F(promises, WhatNothingReadsIsInThePreflight) {
  const auto x = print(FC_DATA, "--preflight --index none --work w",
                       "FC_MODLE=x DSPY_API_BASE=x");
  EXPECT_EQ(x.exit, 0) << x.out;
  EXPECT_THAT(x.out, HasSubstr("FC_MODLE is not read"));
  EXPECT_THAT(x.out, HasSubstr("FC_MODEL_URL"));
  EXPECT_EQ(x.err, "");
}

TEST_F(promises, AModelThatOnlyOthersWereToldOfStartsNoRun) {
  const std::string words = "--source none --tasks a/b#1 --work w";
  for (const std::string old :
       {"DSPY_MODEL", "DSPY_MODEL_NAME", "DATASMITH_JUDGE_MODEL"}) {
    SCOPED_TRACE(old);
    expect_one_line(print(FC_DATA, words, old + "=some/model"), 2,
                    old + " names a model");
    const auto checked
      = print(FC_DATA, "--preflight --index none --work w", old + "=some/m");
    EXPECT_EQ(checked.exit, 1);
    EXPECT_THAT(checked.out, HasSubstr(old));
    // Empty is as good as not set, and who says it knows it.
    expect_one_line(print(FC_DATA, words, old + "="), 1, "none");
    EXPECT_EQ(print(FC_DATA, words + " --judge rules", old + "=m").exit, 1);
    EXPECT_THAT(print(FC_DATA, words,
                      old + "=m FC_MODEL=m FC_MODEL_URL=http://127.0.0.1:9/v1")
                  .err,
                Not(HasSubstr("names a model")));
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "w"));
}

// -- places -------------------------------------------------------------------

TEST_F(promises, FoldersAndFilesInEachOthersPlacesAreOneLine) {
  std::filesystem::create_directory(folder / "folder");
  support::write_file(folder / "file", "text\n");
  const std::string run_of = "--tasks a/b#1 --source none ";
  for (const std::string& words :
       {run_of + "--policy folder", run_of + "--work file",
        run_of + "--work file/below", run_of + "--work /proc/nothing",
        run_of + "--python folder", run_of + "--evidence-from file",
        run_of + "--evidence-from folder", run_of + "--dataset file",
        run_of + "--data file", std::string{"--source file --tasks a/b#1"},
        std::string{"--exclude a/b=x --work file"},
        std::string{"--exclude a/b=x --work /proc/nothing"}}) {
    SCOPED_TRACE(words);
    const auto x = print(FC_DATA, words);
    EXPECT_EQ(x.signal, 0);
    expect_one_line(x, 1, "fc-data: ");
  }
  expect_one_line(print(FC_DATA, "--source x --tasks @folder"), 2, "folder");
  for (const std::string words :
       {"--verify --log file", "--verify --log folder", "--verify --log none",
        "--repair --log file", "--backup x --log file",
        "--restore file --log new", "--restore folder --log new",
        "--what-if folder --log none", "--catalogue --check folder",
        "--collect-garbage --log file"}) {
    SCOPED_TRACE(words);
    const auto x = print(FC_REPLAY, words);
    EXPECT_EQ(x.signal, 0);
    expect_one_line(x, 1, "fcreplay: ");
  }
}

// It was found out after the last measurement.
TEST_F(promises, ADatasetThatHasNoPlaceIsSaidBeforeTheRun) {
  ASSERT_EQ(std::system(("git init -q -b main " + (folder / "r") + " && git -C "
                         + (folder / "r")
                         + " -c user.name=a -c user.email=a@b commit -q "
                           "--allow-empty -m x")
                          .c_str()),
            0);
  support::write_file(folder / "file", "text\n");
  const std::string run_of = "--source r --repo a/b --index none --start-date "
                             "2001-01-01 --end-date 2001-02-01 --dataset ";
  for (const std::string place : {"file", "file/below"}) {
    const auto x = print(FC_DATA, run_of + place);
    EXPECT_EQ(x.exit, 1) << x.err;
    EXPECT_THAT(x.err, HasSubstr("dataset"));
    EXPECT_FALSE(std::filesystem::exists(folder / "fc-data-work")) << x.err;
  }
  EXPECT_EQ(support::read_file(folder / "file"), "text\n");
}

TEST_F(promises, WhatIsGivenToAnOptionThatIsNoneIsNotRepeated) {
  for (const auto& [name, file] : both)
    for (const std::string words :
         {"--model-token hush", "--model-token=hush"}) {
      const auto x = print(file, words);
      expect_one_line(x, 2, "--model-token");
      EXPECT_THAT(x.err, testing::Not(testing::HasSubstr("hush")));
    }
  const auto x = print(FC_DATA, "--source x --tasks https://u:hush@h/x#1");
  expect_one_line(x, 2, "owner/name");
  EXPECT_THAT(x.err, testing::Not(testing::HasSubstr("hush")));
}

} // namespace fc::shell
