// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "output/sinks/plugin/directory.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "formats/auditd/options.hpp"
#include "output/sinks/plugin/options.hpp"
#include "output/sinks/syslog/options.hpp"
#include "output/sinks/unix/options.hpp"
#include "tests/output/sink_support.hpp"
#include "tests/support/catch.hpp"

namespace naudit::output {
namespace {

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using std::filesystem::perms;

struct Fixture {
  Fixture() {
    std::filesystem::create_directory(directory.file("plugins.d"));
    write("run", "#!/bin/sh\nexec cat > /dev/null\n", perms{0750}, directory.path());
    plugins.directories = {directory.file("plugins.d")};
  }

  void write(const std::string& name, const std::string& text, perms mode = perms{0640}, std::string folder = {}) {
    if (folder.empty()) folder = directory.file("plugins.d");
    tests::write_file(folder + '/' + name, text, mode);
  }
  [[nodiscard]] std::string active(const std::string& more = "") const {
    return "active = yes\npath = " + directory.file("run") + '\n' + more;
  }
  [[nodiscard]] std::vector<FoundPlugin> find() const { return find_plugins(plugins, true); }
  // Of the one file.
  [[nodiscard]] std::string problem() const {
    const auto found = find();
    REQUIRE(found.size() == 1);
    CHECK(found[0].sink.has_value() == found[0].problems.empty());
    return found[0].problems.empty() ? "" : found[0].problems.front().text();
  }

  tests::TempDir directory;
  config::Plugins plugins;
};

}  // namespace

TEST_CASE("each active file of plugins.d is a sink, and the others are none") {
  Fixture f;
  f.write("b.conf", f.active("args = one two\n"));
  f.write("a-1.conf", f.active("format = binary\n"));
  f.write("off.conf", "active = no\npath = /sbin/nowhere\n");
  for (const char* const none : {".hidden.conf", "two.dots.conf", "syslog.conf.dpkg-old", "README", "x.cnf"})
    f.write(none, "nonsense\n");
  const auto found = f.find();
  REQUIRE(found.size() == 3);  // by name
  CHECK(found[0].file == f.directory.file("plugins.d/a-1.conf"));
  REQUIRE(found[0].sink);
  CHECK(found[0].sink->name == "plugin-a-1");
  CHECK(found[0].sink->type == "plugin");
  CHECK(found[0].sink->format == "audispd-binary");
  REQUIRE(found[1].sink);
  CHECK(found[1].sink->format == "audispd");
  CHECK(found[1].sink->options.as<PluginOptions>().command ==
        std::vector<std::string>{f.directory.file("run"), "one", "two"});
  CHECK_FALSE(found[1].sink->options.as<PluginOptions>().confined);
  CHECK(found[1].sink->format_options.as<formats::AudispdOptions>().names);
  CHECK_FALSE(found[2].is_active);
  CHECK_FALSE(found[2].sink);
  CHECK(found[2].problems.empty());
}

TEST_CASE("what the plugins get is chosen for all of them") {
  Fixture f;
  f.write("a.conf", f.active());
  f.plugins.names = false;
  f.plugins.node = true;
  f.plugins.max_restarts = 3;
  const auto found = f.find();
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].sink);
  CHECK_FALSE(found[0].sink->format_options.as<formats::AudispdOptions>().names);
  CHECK(found[0].sink->format_options.as<formats::AudispdOptions>().node);
  CHECK(found[0].sink->options.as<PluginOptions>().max_restarts == 3);
}

TEST_CASE("what older auditds did themselves is a sink of ours") {
  Fixture f;
  f.write("af_unix.conf", "active = yes\npath = builtin_af_unix\ntype = builtin\nargs = 0600 /run/x/events\n");
  f.write("syslog.conf", "active = yes\npath = builtin_syslog\ntype = builtin\nargs = LOG_NOTICE LOG_LOCAL3\n");
  const auto found = f.find();
  REQUIRE(found.size() == 2);
  REQUIRE(found[0].sink);
  CHECK(found[0].sink->type == "unix");
  CHECK(found[0].sink->format == "audispd");
  CHECK(found[0].sink->options.as<UnixOptions>().path == "/run/x/events");
  CHECK(found[0].sink->options.as<UnixOptions>().mode == 0600);
  CHECK(found[0].sink->options.as<UnixOptions>().without_reader == WithoutReader::kDrop);
  REQUIRE(found[1].sink);
  CHECK(found[1].sink->type == "syslog");
  const auto& head = found[1].sink->options.as<SyslogOptions>().head;
  CHECK(static_cast<int>(head.facility) == 19);
  CHECK(head.severity == Severity::kNotice);
  f.write("af_unix.conf", "active = yes\npath = builtin_af_unix\nargs = 0648 /run/x\n");
  f.write("syslog.conf", "active = yes\npath = builtin_syslog\nargs = LOUD\n");
  const auto wrong = f.find();
  CHECK_THAT(wrong[0].problems.at(0).text(), Contains("expected a mode and a path"));
  CHECK_THAT(wrong[1].problems.at(0).text(), Contains("expected a priority and a facility"));
}

TEST_CASE("a bad file of plugins.d is refused with its reason, while the others are used") {
  Fixture f;
  const std::string conf = f.directory.file("plugins.d/a.conf");
  f.write("a.conf", f.active());
  CHECK(f.problem().empty());
  // The file.
  for (const auto& [mode, why] : {std::pair(0660, "can be written by its group: chmod go-w"),
                                  std::pair(0646, "can be written by everybody: chmod go-w")}) {
    REQUIRE(::chmod(conf.c_str(), static_cast<mode_t>(mode)) == 0);
    CHECK_THAT(f.problem(), StartsWith(conf + ": ") && Contains(why));
  }
  f.write("a.conf", "active = yes\npath = /sbin/x\nsurprise = 1\n");
  CHECK_THAT(f.problem(), StartsWith(conf + ":3:1: there is no key 'surprise'"));
  std::filesystem::remove(conf);
  std::filesystem::create_directory(conf);
  CHECK_THAT(f.problem(), Contains("is no regular file"));
  std::filesystem::remove(conf);
  std::filesystem::create_symlink(f.directory.file("nowhere"), conf);
  CHECK_THAT(f.problem(), Contains("cannot be read: No such file"));
  std::filesystem::remove(conf);
  // A link is followed.
  f.write("target", f.active(), perms{0640}, f.directory.path());
  std::filesystem::create_symlink(f.directory.file("target"), conf);
  CHECK(f.problem().empty());
  // The program.
  const std::string program = f.directory.file("run");
  for (const auto& [mode, why] :
       {std::pair(0770, "can be written by its group"), std::pair(0757, "can be written by everybody"),
        std::pair(0640, "may not be read and run by its owner and its group"),
        std::pair(0710, "may not be read and run by its owner and its group")}) {
    REQUIRE(::chmod(program.c_str(), static_cast<mode_t>(mode)) == 0);
    CHECK_THAT(f.problem(), Contains(program) && Contains(why));
  }
  REQUIRE(::chmod(program.c_str(), 0550) == 0);
  CHECK(f.problem().empty());
  std::filesystem::remove(program);
  CHECK_THAT(f.problem(), Contains("cannot start '" + program + "': No such file"));
  std::filesystem::create_directory(program);
  CHECK_THAT(f.problem(), Contains("is no regular file"));
  std::filesystem::remove(program);
  f.write("run", "#!/bin/sh\n", perms{0750}, f.directory.path());
  // A folder on the way, in which others could put another one.
  std::filesystem::create_directory(f.directory.file("open"));
  f.write("run", "#!/bin/sh\n", perms{0750}, f.directory.file("open"));
  REQUIRE(::chmod(f.directory.file("open").c_str(), 0777) == 0);
  f.write("bad.conf", "active = yes\npath = " + f.directory.file("open/run") + "\n");
  const auto found = f.find();
  REQUIRE(found.size() == 2);
  CHECK(found[0].sink);
  CHECK_FALSE(found[1].sink);
  CHECK_THAT(found[1].problems.at(0).text(), Contains("who could put something else in its place"));
}

TEST_CASE("two folders with one name, and a name that no sink may have", "[plugins]") {
  Fixture f;
  std::filesystem::create_directory(f.directory.file("old"));
  f.write("a.conf", f.active());
  f.write("a.conf", f.active(), perms{0640}, f.directory.file("old"));
  f.write("my plugin!.conf", f.active());
  f.write(std::string(70, 'x') + ".conf", f.active());
  f.plugins.directories.push_back(f.directory.file("old"));
  f.plugins.directories.push_back(f.directory.file("not-there"));
  const auto found = f.find();
  REQUIRE(found.size() == 4);
  CHECK(found[0].sink);
  REQUIRE(found[1].sink);
  CHECK(found[1].sink->name == "plugin-my-plugin-");
  CHECK_THAT(found[2].problems.at(0).text(), Contains("at most 64 bytes"));
  CHECK_THAT(found[3].problems.at(0).text(),
             StartsWith(f.directory.file("old/a.conf")) && Contains("another file for a sink 'plugin-a'"));
}

TEST_CASE("a file or a program of somebody else's is refused", "[.root]") {
  Fixture f;
  f.write("a.conf", f.active());
  const std::string conf = f.directory.file("plugins.d/a.conf");
  REQUIRE(::chown(conf.c_str(), 1, 0) == 0);
  CHECK_THAT(f.problem(), Contains("belongs to user id 1, not to root: chown root"));
  REQUIRE(::chown(conf.c_str(), 0, 1) == 0);
  CHECK(f.problem().empty());
  REQUIRE(::chown(f.directory.file("run").c_str(), 1, 0) == 0);
  CHECK_THAT(f.problem(), Contains("belongs to user id 1, not to root"));
}

}  // namespace naudit::output
