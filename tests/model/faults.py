#!/usr/bin/env python3
"""Copies the headers and sows faults into the sessions, each switched on by its number at run time.

    faults.py INCLUDE FOLDER
"""

import pathlib
import shutil
import sys

ENGINE = "engine.hpp"
FLOWS = "flows.hpp"
STATE = "session_state.hpp"

# What is wrong, where, and the text that stands there with the fault in it; ON is true if the fault is on.
FAULTS = [
    ("PUBLISH is sent again after PUBREL", ENGINE,
     "session_.flows.release(id);\n    }", "if (!ON) session_.flows.release(id);\n    }"),
    ("PUBREL does not free the identifier", ENGINE, "if (session_.received.erase(pubrel.packet_id))",
     "if (!ON && session_.received.erase(pubrel.packet_id))"),
    ("a received identifier is not made durable", ENGINE, "else note_change(Change::received, outcome);",
     "else if (!ON) note_change(Change::received, outcome);"),
    ("a released identifier is not made durable", ENGINE,
     "note_change(Change::released, outcome);\n        else if",
     "note_change(ON ? Change::none : Change::released, outcome);\n        else if"),
    ("PUBREL is not made durable", ENGINE, "note_change(Change::pubrel, outcome);",
     "note_change(ON ? Change::none : Change::pubrel, outcome);"),
    ("a message is not made durable", ENGINE,
     "note_change(change_of(flow), outcome);", "note_change(ON ? Change::none : change_of(flow), outcome);"),
    ("messages that are sent again ignore Receive Maximum", ENGINE,
     "if (!is_pubrel && quota_used_up())", "if (!ON && !is_pubrel && quota_used_up())"),
    ("new messages ignore Receive Maximum", ENGINE,
     "if (quota_used_up()) return Fault::quota_used_up;", "if (!ON && quota_used_up()) return Fault::quota_used_up;"),
    ("new messages overtake those that wait", ENGINE,
     "if (session_.flows.waiting() != 0) return Fault::resend_first;",
     "if (!ON && session_.flows.waiting() != 0) return Fault::resend_first;"),
    ("the first message is not sent again", FLOWS, "waiting_ = messages_;\n        cursor_ = ids_.first();",
     "waiting_ = messages_;\n        cursor_ = ids_.first();\n        if (ON && cursor_ != 0) sent_again(cursor_);"),
    ("messages that wait count against Receive Maximum", FLOWS,
     "return static_cast<std::uint16_t>(messages_ - waiting_);",
     "return static_cast<std::uint16_t>(ON ? messages_ : messages_ - waiting_);"),
    ("Session Present 0 leaves received identifiers", STATE, "received.clear();", "if (!ON) received.clear();"),
    ("a repeated QoS 2 message is delivered again", ENGINE, "else if (known) outcome.event = Event::message_again;",
     "else if (known && !ON) outcome.event = Event::message_again;"),
    ("PUBREL of an unknown identifier is not answered", ENGINE,
     "else if (is_5()) outcome.reason_code = ReasonCode::packet_identifier_not_found;\n        note_sent(now);",
     "else if (ON) outcome.answer = PacketType{};\n"
     "        else if (is_5()) outcome.reason_code = ReasonCode::packet_identifier_not_found;\n        note_sent(now);"),
    ("a message is sent again with another QoS", ENGINE,
     "flow == Flow::publish_1 ? QoS::at_least_once : QoS::exactly_once, id,",
     "(flow == Flow::publish_1) != ON ? QoS::at_least_once : QoS::exactly_once, id,"),
    ("the server claims a session that it does not have", ENGINE,
     "session_.exists && version() != Version::v3_1;", "(session_.exists || ON) && version() != Version::v3_1;"),
    ("PUBREC frees the identifier", ENGINE, "session_.flows.release(id);\n    }",
     "session_.flows.release(id);\n        if (ON) session_.flows.end(id);\n    }"),
    ("received identifiers are not loaded", STATE,
     "return received.put_back(id) ? LoadFault::none : LoadFault::too_large;",
     "return ON || received.put_back(id) ? LoadFault::none : LoadFault::too_large;"),
    ("PUBREL is loaded as PUBLISH", STATE, "const Flow flow = flow_of(record.kind);",
     "const Flow flow = ON && record.kind == Record::Kind::pubrel ? Flow::publish_2 : flow_of(record.kind);"),
    ("a new connection forgets received identifiers", ENGINE,
     "session_.received.begin_connection();\n        session_.flows",
     "session_.received.begin_connection();\n        if (ON) session_.received.clear();\n        session_.flows"),
    ("what came on an earlier connection counts against Receive Maximum", ENGINE,
     "session_.received.begin_connection();", "if (!ON) session_.received.begin_connection();"),
    ("PUBACK leaves the identifier in use", ENGINE,
     "note_change(Change::done, outcome);\n        session_.flows.end(id);",
     "note_change(Change::done, outcome);\n        if (!ON || flow != Flow::publish_1) session_.flows.end(id);"),
]

SWITCH = """
#include <type_traits>
namespace model_fault {
inline int active = 0;
inline constexpr const char* texts[] = {"none", %s};
constexpr bool on(int number) { return !std::is_constant_evaluated() && active == number; }
} // namespace model_fault
"""


def main():
    include, folder = map(pathlib.Path, sys.argv[1:])
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(include, folder)
    texts = {name: (folder / "mqttwire" / "session" / name).read_text() for name in (ENGINE, FLOWS, STATE)}
    for number, (text, name, before, after) in enumerate(FAULTS, 1):
        if texts[name].count(before) == 0:
            sys.exit(f"fault {number} ({text}): the text is not there")
        texts[name] = texts[name].replace(before, after.replace("ON", f"model_fault::on({number})"), 1)
    for name, text in texts.items():
        (folder / "mqttwire" / "session" / name).write_text(text)
    config = folder / "mqttwire" / "config.hpp"
    names = ", ".join(f'"{text}"' for text, *_ in FAULTS)
    config.write_text(config.read_text().replace("#pragma once", "#pragma once\n" + SWITCH % names, 1))


if __name__ == "__main__":
    main()
