// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#include "interpret/summary/script.hpp"

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
  CHECK(later("bash\0-e\0run.sh"sv) == "");
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
