#include "notes.h"

#include <chrono>
#include <iostream>

#include "commands.h"
#include "generation_rollout.h"
#include "terminal_text.h"

namespace almanac::inspect {

void tell(const std::string& note, Output& output, const std::string& stamp) {
  if (note.empty()) return;
  output.flush();
  std::cerr << stamp << kProgram << visible(note) << '\n';
}

void tell_of_rollout(const Subject& subject, Output& output) {
  tell(under_way_note(subject, internal::moment_of(std::chrono::system_clock::now())), output);
}

}  // namespace almanac::inspect
