// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/script.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/hex.hpp"
#include "tables/record_types.hpp"
#include "tests/interpret/summary_words.hpp"
#include "tests/support/catch.hpp"

namespace naudit::interpret {
namespace {

namespace type = tables::type;

TEST_CASE("interpreters are known by their file's name, whatever their version") {
  for (const char* const exe :
       {"/bin/sh", "bash", "/usr/bin/python3.11", "/usr/bin/python", "/opt/perl5.36.0", "/usr/bin/node"})
    CHECK(is_interpreter(exe));
  for (const char* const exe : {"", "/", "/usr/bin/cat", "/usr/bin/python3-config", "bashful", "3.11", "/bin/sh/x"})
    CHECK_FALSE(is_interpreter(exe));
}

// After an exec of `file` with these arguments.
std::string of_exec(const std::string& file, const std::string& exe, const std::string& arguments,
                    bool success = true) {
  return script_of(EventOf{{type::kSyscall, std::string("arch=c000003e syscall=59 success=") +
                                                (success ? "yes" : "no") + R"( comm="c" exe=")" + exe + '"'},
                           {type::kExecve, "argc=9 " + arguments},
                           {type::kCwd, R"(cwd="/home/jo")"},
                           {type::kPath, R"(item=0 name=")" + file + R"(" nametype=NORMAL)"}});
}

TEST_CASE("after an exec the kernel tells the script") {
  CHECK(of_exec("./run.sh", "/usr/bin/bash", R"(a0="/bin/bash" a1="./run.sh")") == "kernel:/home/jo/run.sh");
  CHECK(of_exec("/bin/cat", "/bin/cat", R"(a0="cat" a1="/etc/passwd")") == "");
  const std::pair<const char*, const char*> rows[] = {
      {R"(a0="python3" a1="run.py" a2="--flag")", "kernel:/home/jo/run.py"},
      {R"(a0="python3" a1="-u" a2="-W" a3="ignore" a4="/opt/run.py")", "kernel:/opt/run.py"},
      {R"(a0="python3" a1="-m" a2="http.server")", ""},
      {R"(a0="sh" a1="-c" a2="id")", ""},
      {R"(a0="bash" a1="-lc" a2="id")", ""},
      {R"(a0="bash" a1="--" a2="-x")", "kernel:/home/jo/-x"},
      {R"(a0="bash" a1="-")", ""},
      {R"(a0="bash")", ""},
      {R"(a0="bash" a1=612062)", "kernel:/home/jo/a b"},
      {R"(a0="bash" a1_len=9 a1[0]="x")", ""},
  };
  for (const auto& [arguments, wanted] : rows) {
    INFO(arguments);
    CHECK(of_exec("/usr/bin/python3", "/usr/bin/python3.11", arguments) == wanted);
  }
  // The exec failed: what the caller runs, these arguments do not tell.
  CHECK(of_exec("/nonexistent", "/usr/bin/bash", R"(a0="/nonexistent" a1="x.sh")", false) == "");
}

// Of a program with this file, called with these arguments in /srv.
std::string of_command(const std::string& exe, std::string_view command) {
  std::string execve;
  int count = 0;
  for (std::string_view rest = command; !rest.empty(); ++count) {
    const std::size_t end = std::min(rest.find('|'), rest.size());
    execve += " a" + std::to_string(count) + '=';
    base::append_hex(execve, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return script_of(EventOf{{type::kSyscall, R"(arch=c000003e syscall=59 success=yes comm="c" exe=")" + exe + '"'},
                           {type::kExecve, "argc=" + std::to_string(count) + execve},
                           {type::kCwd, R"(cwd="/srv")"},
                           {type::kPath, R"(item=0 name=")" + exe + R"(" nametype=NORMAL)"}});
}

TEST_CASE("each interpreter has its own options") {
  struct Row {
    const char* exe;
    const char* command;  // with "|" between the arguments
    const char* script;
  };
  // Those of sh, dash, bash, perl, python3, node, tclsh, mawk, sed, make were run as well.
  const Row rows[] = {
      // Shells: -e, -u, -x are settings, -o takes the next argument wherever it stands.
      {"/usr/bin/dash", "sh|-e|x.sh", "/srv/x.sh"},
      {"/usr/bin/dash", "sh|-eu|/opt/x.sh|-c", "/opt/x.sh"},
      {"/usr/bin/dash", "sh|-|x.sh", "/srv/x.sh"},
      {"/usr/bin/dash", "sh|-s|x.sh", ""},
      {"/usr/bin/dash", "sh|-ec|x.sh", ""},
      {"/usr/bin/bash", "bash|-eo|pipefail|x.sh", "/srv/x.sh"},
      {"/usr/bin/bash", "bash|-euxo|pipefail|--|x.sh", "/srv/x.sh"},
      {"/usr/bin/bash", "bash|-oe|pipefail|x.sh", "/srv/x.sh"},
      {"/usr/bin/bash", "bash|-O|extglob|+o|posix|x.sh", "/srv/x.sh"},
      {"/usr/bin/bash", "-bash|--rcfile|/etc/rc|-i|x.sh", "/srv/x.sh"},
      {"/usr/bin/bash", "bash|--norc|--noprofile|x.sh", "/srv/x.sh"},
      {"/usr/bin/bash", "bash|--version|x.sh", ""},
      {"/usr/bin/bash", "bash|-lc|./x.sh", ""},
      {"/usr/bin/bash", "bash|/dev/fd/63", ""},
      {"/usr/bin/bash", "bash|/dev/stdin", ""},
      {"/usr/bin/zsh", "zsh|-f|-o|extendedglob|x.zsh", "/srv/x.zsh"},
      {"/usr/bin/zsh", "zsh|-b|x.zsh", "/srv/x.zsh"},
      {"/usr/bin/zsh", "zsh|--no-rcs|x.zsh", "/srv/x.zsh"},
      {"/usr/bin/ksh93", "ksh|-o|errexit|x.ksh", "/srv/x.ksh"},
      {"/usr/bin/mksh", "mksh|-c|x.ksh", ""},
      {"/usr/bin/tcsh", "csh|-f|x.csh", "/srv/x.csh"},
      {"/usr/bin/tcsh", "csh|-fb|-x", "/srv/-x"},
      {"/usr/bin/fish", "fish|-N|-C|set -g x|x.fish", "/srv/x.fish"},
      {"/usr/bin/fish", "fish|--command=x.fish", ""},
      {"/usr/bin/busybox", "sh|-e|x.sh", "/srv/x.sh"},
      {"/bin/busybox", "/bin/busybox|ash|-o|pipefail|x.sh", "/srv/x.sh"},
      {"/bin/busybox", "busybox|awk|-f|x.awk", "/srv/x.awk"},
      {"/bin/busybox", "ls|x.sh", ""},
      {"/bin/busybox", "busybox|cat|x.sh", ""},
      // Python.
      {"/usr/bin/python3.11", "python3|-sE|x.py", "/srv/x.py"},
      {"/usr/bin/python3.11", "python3|-Es|x.py", "/srv/x.py"},
      {"/usr/bin/python3.11", "python3|-Werror|x.py", "/srv/x.py"},
      {"/usr/bin/python3.11", "python3|-W|error|-X|dev|x.py", "/srv/x.py"},
      {"/usr/bin/python3.11", "python3|-Im|http.server|x.py", ""},
      {"/usr/bin/python3.11", "python3|-uc|import x|x.py", ""},
      {"/usr/bin/python3.11", "python3|-|x.py", ""},
      {"/usr/bin/python3.11", "python3|-V|x.py", ""},
      {"/usr/bin/python3.11", "python3|--check-hash-based-pycs|never|x.py", "/srv/x.py"},
      {"/usr/bin/python2.7", "python2|-tt|-Qnew|x.py", "/srv/x.py"},
      {"/usr/bin/pypy3", "pypy3|-OO|x.py", "/srv/x.py"},
      // Perl, Ruby.
      {"/usr/bin/perl", "perl|-w|-T|x.pl", "/srv/x.pl"},
      {"/usr/bin/perl", "perl|-w -T|x.pl", "/srv/x.pl"},
      {"/usr/bin/perl", "perl|-Mstrict|-I|lib|-Ilib|x.pl", "/srv/x.pl"},
      {"/usr/bin/perl", "perl|-lane|print|x.pl", ""},
      {"/usr/bin/perl", "perl|-pi.bak|-e|s/a/b/|x.pl", ""},
      {"/usr/bin/perl", "perl|-l012|-0777|x.pl", "/srv/x.pl"},
      {"/usr/bin/perl", "perl|-d:NYTProf|x.pl", "/srv/x.pl"},
      {"/usr/bin/perl", "perl|-S|x.pl", ""},
      {"/usr/bin/perl", "perl|-S|/opt/x.pl", "/opt/x.pl"},
      {"/usr/bin/ruby3.1", "ruby|-ryaml|-I|lib|-W0|x.rb", "/srv/x.rb"},
      {"/usr/bin/ruby3.1", "ruby|-C|/opt|x.rb", ""},
      {"/usr/bin/ruby3.1", "ruby|-ne|puts|x.rb", ""},
      {"/usr/bin/ruby3.1", "ruby|--encoding|utf-8|--yjit|x.rb", "/srv/x.rb"},
      // PHP, node, Lua, Tcl.
      {"/usr/bin/php8.2", "php|-d|a=1|-c|/etc/php.ini|x.php", "/srv/x.php"},
      {"/usr/bin/php8.2", "php|-da=1|-f|x.php|--|-r", "/srv/x.php"},
      {"/usr/bin/php8.2", "php|-S|localhost:80|-t|/var/www|x.php", "/srv/x.php"},
      {"/usr/bin/php8.2", "php|-S|localhost:80", ""},
      {"/usr/bin/php8.2", "php|-r|echo 1;|x.php", ""},
      {"/usr/bin/php8.2", "php|--|x.php", ""},
      {"/usr/bin/node", "node|-r|dotenv/config|--max-old-space-size=4096|x.js", "/srv/x.js"},
      {"/usr/bin/node", "node|-p|1+1", ""},
      {"/usr/bin/node", "node|-pe|1+1", ""},
      {"/usr/bin/node", "node|--eval=1|x.js", ""},
      {"/usr/bin/node", "node|--import|./a.mjs|--no-warnings|x.js", "/srv/x.js"},
      {"/usr/bin/node", "node|inspect|x.js", "/srv/x.js"},
      {"/usr/bin/lua5.4", "lua|-l|socket|-e|a=1|x.lua", "/srv/x.lua"},
      {"/usr/bin/lua5.4", "lua|-i|-lsocket", ""},
      {"/usr/bin/luajit", "luajit|-jv|-O3|x.lua", "/srv/x.lua"},
      {"/usr/bin/tclsh8.6", "tclsh|-encoding|utf-8|x.tcl", "/srv/x.tcl"},
      {"/usr/bin/tclsh8.6", "tclsh|-x|x.tcl", ""},
      {"/usr/bin/expect", "expect|-c|set a 1|x.exp", "/srv/x.exp"},
      {"/usr/bin/expect", "expect|-d|-f|x.exp|a", "/srv/x.exp"},
      // Where the first operand is the program's text.
      {"/usr/bin/mawk", "awk|-F:|{print $1}|/etc/passwd", ""},
      {"/usr/bin/mawk", "awk|-F|:|-v|x=1|{print $1}", ""},
      {"/usr/bin/mawk", "awk|-F:|-f|x.awk|/etc/passwd", "/srv/x.awk"},
      {"/usr/bin/gawk", "gawk|--file=x.awk|--lint", "/srv/x.awk"},
      {"/usr/bin/gawk", "gawk|-E|x.awk|a", "/srv/x.awk"},
      {"/usr/bin/gawk", "gawk|-fx.awk", "/srv/x.awk"},
      {"/usr/bin/sed", "sed|-n|-f|x.sed|/etc/passwd", "/srv/x.sed"},
      {"/usr/bin/sed", "sed|-i|s/a/b/|x", ""},
      {"/usr/bin/sed", "sed|-e|s/a/b/|-Ef|x.sed", "/srv/x.sed"},
      {"/usr/bin/make", "make|-j|4|-f|debian/rules|build", "/srv/debian/rules"},
      {"/usr/bin/make", "make|all", ""},
      {"/usr/bin/make", "make|-C|/opt|-f|x.mk", ""},
      // Java, R.
      {"/usr/lib/jvm/java-17/bin/java", "java|-Xmx1g|-Da=b|-jar|x.jar|-v", "/srv/x.jar"},
      {"/usr/lib/jvm/java-17/bin/java", "java|-cp|a.jar:b.jar|org.x.Main", ""},
      {"/usr/lib/jvm/java-17/bin/java", "java|--source|17|X.java", "/srv/X.java"},
      {"/usr/bin/Rscript", "Rscript|--vanilla|x.R", "/srv/x.R"},
      {"/usr/bin/Rscript", "Rscript|-e|1+1", ""},
      {"/usr/lib/R/bin/exec/R", "R|--no-echo|--no-restore|--file=x.R|--args|a", "/srv/x.R"},
      // What no row has: no script rather than a wrong one.
      {"/usr/bin/bash", "bash|--no-such-thing|x.sh", ""},
      {"/usr/bin/python3.11", "python3|-Z|x.py", ""},
  };
  for (const Row& row : rows) {
    INFO(row.exe << ' ' << row.command);
    CHECK(of_command(row.exe, row.command) == (row.script[0] == '\0' ? "" : std::string("kernel:") + row.script));
  }
}

TEST_CASE("an interpreter under another name is no script of its own") {
  // A #! line has put the interpreter and the script before the arguments; a symbolic link has not.
  CHECK(of_exec("/opt/run", "/usr/bin/bash", R"(a0="/bin/bash" a1="-e" a2="/opt/run")") == "kernel:/opt/run");
  CHECK(of_exec("/opt/run", "/usr/bin/perl", R"(a0="/usr/bin/perl" a1=2D77202D54 a2="/opt/run")") == "kernel:/opt/run");
  CHECK(of_exec("/usr/bin/lessecho", "/bin/busybox", R"(a0="lessecho" a1="x")") == "");
  CHECK(of_exec("/usr/bin/pager", "/usr/bin/perl", R"(a0="pager" a1="x.pl")") == "kernel:/home/jo/x.pl");
}

TEST_CASE("later the process itself tells it, by its command line or its name") {
  const auto later = [](std::string_view title, const std::string& comm = "c") {
    std::string digits;
    base::append_hex(digits, title);
    return script_of(
        EventOf{{type::kSyscall, "arch=c000003e syscall=2 success=yes exe=\"/usr/bin/bash\" comm=\"" + comm + '"'},
                {type::kCwd, R"(cwd="/")"},
                {type::kProctitle, "proctitle=" + digits}});
  };
  using namespace std::string_view_literals;
  CHECK(later("bash\0run.sh\0x"sv) == "process:run.sh");
  CHECK(later("bash\0-e\0run.sh"sv) == "process:run.sh");
  CHECK(later("bash\0-c\0run.sh"sv) == "");
  CHECK(later("bash\0/opt//run.sh"sv) == "process:/opt/run.sh");
  CHECK(later("/bin/bash"sv) == "");
  CHECK(later("bash -c id"sv) == "");
  CHECK(later(std::string("bash\0"sv) + std::string(123, 'x')) == "");  // cut by the kernel
  CHECK(script_of(EventOf{{type::kSyscall, R"(arch=c000003e syscall=2 exe="/usr/bin/perl" comm="backup.pl")"}}) ==
        "process:backup.pl");
  CHECK(script_of(EventOf{{type::kSyscall, R"(arch=c000003e syscall=2 exe="/usr/bin/perl" comm="perl")"}}) == "");
  CHECK(script_of(EventOf{{type::kSyscall, R"(arch=c000003e syscall=2 exe="/bin/cat" comm="backup.pl")"}}) == "");
}

}  // namespace
}  // namespace naudit::interpret
