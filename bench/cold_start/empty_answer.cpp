// bench-answer-empty: answers at once. Linked statically: no process starts faster.
#include "answer.h"

int main() { return bench::answer("ready") ? 0 : 2; }
