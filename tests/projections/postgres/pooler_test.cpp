#include "tests/projections/postgres/fixture.hpp"

#include <sys/wait.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

namespace fc::projections::postgres {

using testing::HasSubstr;

namespace {

constexpr const char* pgbouncer = "/usr/sbin/pgbouncer";

/// pgbouncer in transaction mode before a server, as Supabase's pooler is.
class pooler {
public:
  explicit pooler(int server_port) : port_{support::free_port()} {
    support::write_file(
      folder_ / "ini",
      "[databases]\n* = host=127.0.0.1 port=" + std::to_string(server_port)
        + "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = "
        + std::to_string(port_)
        + "\nauth_type = plain\nauth_file = " + (folder_ / "users")
        + "\npool_mode = transaction\nmax_client_conn = 20\n"
          "default_pool_size = 2\nunix_socket_dir =\n");
    support::write_file(folder_ / "users", "\"postgres\" \"postgres\"\n");
    child_ = ::fork();
    if (child_ == 0) {
      const auto out
        = ::open((folder_ / "log").c_str(), O_CREAT | O_WRONLY, 0644);
      ::dup2(out, 1);
      ::dup2(out, 2);
      std::filesystem::permissions(folder_.path(),
                                   std::filesystem::perms{0755});
      // It refuses to be root.
      if (::geteuid() == 0)
        ::execl("/usr/bin/setpriv", "setpriv", "--reuid=postgres",
                "--regid=postgres", "--clear-groups", pgbouncer,
                (folder_ / "ini").c_str(), nullptr);
      else
        ::execl(pgbouncer, pgbouncer, (folder_ / "ini").c_str(), nullptr);
      ::_exit(127);
    }
  }
  ~pooler() {
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
  }
  pooler(const pooler&) = delete;
  pooler& operator=(const pooler&) = delete;

  /// Waits until it answers.
  std::string address(const std::string& database) const {
    auto to = "postgresql://postgres:postgres@127.0.0.1:"
              + std::to_string(port_) + "/" + database;
    for (int i = 0; i < 100; ++i) {
      try {
        pqxx::connection{to};
        return to;
      } catch (const pqxx::failure&) {
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
      }
    }
    ADD_FAILURE() << support::read_file(folder_ / "log");
    return to;
  }

private:
  support::temp_dir folder_{support::open_temporary_folder()};
  int port_;
  pid_t child_ = -1;
};

} // namespace

struct postgres_pooler : database_test {};

TEST_F(postgres_pooler, ServesRebuildAndFollowInTransactionMode) {
  if (!std::filesystem::exists(pgbouncer))
    GTEST_SKIP() << "pgbouncer is not installed";
  const pooler between{server().port()};
  stories::write_in_turn(*log, {stories::published_one()});
  const auto direct = address;
  address = between.address(name);
  rebuild_all();
  stories::write_in_turn(*log, {stories::given_up(), stories::wears_off()});
  follow_all();
  const auto followed = copied();
  rebuild_all();
  EXPECT_EQ(copied(), followed);
  address = direct;
  EXPECT_EQ(rebuild_all().up_to.at, log->last());
}

TEST(postgres_tls, SettingsOfTheAddressAreHonoured) {
  if (!support::postgres_cluster::installed())
    GTEST_SKIP() << "Postgres 15 is not installed (postgresql-15)";
  const support::temp_dir keys{support::open_temporary_folder()};
  const auto make
    = "cd " + keys.path().string()
      + " && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ours "
        "-keyout ca.key -out ca.pem 2>/dev/null && openssl req -newkey "
        "rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out "
        "server.csr 2>/dev/null && openssl x509 -req -in server.csr -CA ca.pem "
        "-CAkey ca.key -CAcreateserial -days 2 -out server.pem 2>/dev/null && "
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=theirs "
        "-keyout other.key -out other.pem 2>/dev/null && chmod 755 . && "
        "chmod 600 server.key && { [ $(id -u) != 0 ] || chown postgres "
        "server.key; }";
  ASSERT_EQ(std::system(make.c_str()), 0);
  const support::postgres_cluster server{
    "ssl = on\nssl_cert_file = '" + (keys / "server.pem")
    + "'\nssl_key_file = '" + (keys / "server.key") + "'\n"};
  const auto log = events::log::make_memory_log();
  const auto with = [&](const std::string& host, const std::string& settings) {
    return rebuild(*log, "postgresql://postgres:postgres@" + host + ":"
                           + std::to_string(server.port()) + "/postgres?"
                           + settings);
  };
  const auto good
    = with("localhost", "sslmode=verify-full&sslrootcert=" + (keys / "ca.pem"));
  EXPECT_TRUE(good) << describe(good.error());
  const auto wrong = with("localhost", "sslmode=verify-full&sslrootcert="
                                         + (keys / "other.pem"));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(code_of(wrong.error()), ec::refused) << describe(wrong.error());
  EXPECT_THAT(describe(wrong.error()), HasSubstr("sslrootcert"));
  const auto other_name
    = with("127.0.0.1", "sslmode=verify-full&sslrootcert=" + (keys / "ca.pem"));
  ASSERT_FALSE(other_name);
  EXPECT_EQ(code_of(other_name.error()), ec::refused)
    << describe(other_name.error());
}

} // namespace fc::projections::postgres
