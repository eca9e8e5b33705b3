#include "notes.h"

#include <chrono>
#include <iostream>

#include "commands.h"
#include "generation_rollout.h"
#include "terminal_text.h"

namespace almanac::inspect {

void tell(const std::string& note, Output& output) {
  if (note.empty()) return;
  output.flush();
  std::cerr << kProgram << visible(note) << '\n';
}

void tell_of_rollout(const Subject& subject, Output& output) {
  tell(under_way_note(subject, internal::moment_of(std::chrono::system_clock::now())), output);
}

}  // namespace almanac::inspect
