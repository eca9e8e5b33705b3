"""One module a question; bench/measuring/question.py says what a module has."""
