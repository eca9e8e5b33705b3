"""What programs print word for word, kept beside the results: raw/<question>-<number>.json."""

import json
import pathlib


class Raw:
    """bench/run says where to; until then nothing is kept."""

    def __init__(self):
        self._folder = None
        self._question = None
        self._kept = 0

    def begin(self, folder, question):
        self._folder, self._question, self._kept = pathlib.Path(folder), question, 0
        for old in self._folder.glob(f"{question}-*.json"):
            if old.stem.removeprefix(f"{question}-").isdigit():
                old.unlink()

    def keep(self, report):
        if self._folder is None:
            return
        self._folder.mkdir(exist_ok=True)
        self._kept += 1
        path = self._folder / f"{self._question}-{self._kept}.json"
        path.write_text(json.dumps(report, separators=(",", ":")) + "\n", encoding="utf-8")


RAW = Raw()
