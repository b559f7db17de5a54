// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The nauditd authors
#pragma once

#include <string>
#include <string_view>

#include "formats/line/verb_phrase.hpp"
#include "interpret/names/names.hpp"
#include "interpret/summary/summary.hpp"

namespace naudit::formats {

// A summary as an English sentence, always in this order; a part that the records do not tell is left out:
//
//   WHO [(as USER)] DID WHAT [in detail] [with PROGRAM [running SCRIPT]]
//       [from ADDRESS] [on TERMINAL]: RESULT [key KEYS]
//
//   ATTEMPT as SOMEBODY [with PROGRAM] [from ADDRESS] [on TERMINAL] failed [key KEYS]
//
// The second is for logins that failed: the program that reports them is root's, but root did nothing. Where nobody is
// known to act, WHO is the program.
//
//   jo (as root) opened /etc/shadow for reading with /usr/bin/cat: denied (EACCES) [key identity]
//
// Owner: an encoder, which reuses it. Text of records is escaped (base/utf8.hpp).
class Sentence {
 public:
  explicit Sentence(interpret::Names& names) : names_(names) {}

  // Appends one line without its end.
  void append(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::string& out);

 private:
  void append_attempt(const interpret::DecodedEvent& event, const interpret::Summary& summary,
                      const AttemptPhrase& attempt, std::string& out);
  void append_crash(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::string& out);
  void append_login(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::string& out);
  void append_origin(const interpret::Summary& summary, std::string& out);
  void append_who(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::string& out);
  void append_deed(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::string& out);
  void append_decider(const interpret::Summary& summary, std::string& out);
  void append_message(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::string& out);
  void append_object(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::string& out);
  void append_resource(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::size_t begin,
                       std::string& out);
  bool keeps_value(const interpret::DecodedEvent& event, const interpret::Summary& summary);
  void append_change(const interpret::DecodedEvent& event, const interpret::Summary& summary,
                     const interpret::ObjectPart& part, std::string& out);
  void append_process(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::string& out);
  void append_details(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::string& out);
  void append_arguments(const interpret::DecodedEvent& event, std::string& out);
  void append_program(const interpret::DecodedEvent& event, const interpret::Summary& summary, std::string& out);
  void append_part(const interpret::DecodedEvent& event, const interpret::ObjectPart& part, std::string& out);
  void append_field(const interpret::Field& field, std::string& out);
  void append_user(const interpret::DecodedEvent& event, const interpret::Field& field, std::string& out);

  interpret::Names& names_;
  std::string scratch_;
  std::string name_;
  std::string name_of_user_;
  bool who_is_program_ = false;
  std::string object_;  // what the object is called by, as it stands in the sentence
};

}  // namespace naudit::formats
