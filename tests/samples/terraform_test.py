#!/usr/bin/python3 -B
"""samples/terraform: the commands of its README, with a terraform that prints what was recorded.

  terraform_test.py --programs build/release/generator --programs build/release/reader/inspect
"""
import json
import sys

from sample_case import SAMPLES, SampleCase, main

SAMPLE = SAMPLES / "terraform"
REGISTRANT = "terraform/search-prod"


class Terraform(SampleCase):
    def setUp(self):
        super().setUp()
        self.register, self.skip_secrets, self.destroyed = self.shell_blocks(SAMPLE / "README.md")

    def after_apply(self, outputs, script=None, status=0):
        """What the script prints where terraform puts this out."""
        printed = outputs if isinstance(outputs, bytes) else (SAMPLE / outputs).read_bytes()
        (self.folder / "outputs").write_bytes(printed)
        self.stand_in("terraform", '[ "$*" = "output -json" ] && cat outputs')
        return self.run_shell(script or self.register, status=status)

    def names(self):
        return [name for _, name, _ in self.registered()]

    def test_outputs_are_registered_and_live(self):
        self.after_apply("outputs.json")
        self.sync()
        self.assertEqual(self.live(), {"cache_nodes": ["redis://10.20.1.15:6379", "redis://10.20.2.23:6379"],
                                       "search_url": ["https://search.acme.example"], "search_shards": "6"})
        self.assertEqual({registrant for _, _, registrant in self.registered()}, {REGISTRANT})

    def test_what_the_workspace_no_longer_has_goes(self):
        self.after_apply("outputs.json")
        outputs = json.loads((SAMPLE / "outputs.json").read_text(encoding="utf-8"))
        del outputs["cache_nodes"]
        self.after_apply(json.dumps(outputs).encode())
        self.assertEqual(self.names(), ["search_shards", "search_url"])

    def test_a_sensitive_output_is_refused_and_nothing_changes(self):
        self.after_apply("outputs.json")
        before = self.registered()
        said = self.after_apply("outputs-with-password.json", status=2)
        self.assertIn("search_password", said)
        self.assertNotIn("correct-horse", said)
        self.assertEqual(self.registered(), before)

    def test_a_sensitive_output_is_left_out_where_that_is_asked_for(self):
        said = self.after_apply("outputs-with-password.json", self.skip_secrets)
        self.assertNotIn("correct-horse", said)
        self.assertIn("https://search-2.acme.example", said)

    def test_what_is_cut_short_changes_nothing(self):
        self.after_apply("outputs.json")
        before = self.registered()
        for printed in (b"", b"{}", b'{"search_url": {"sensitive": false, "type": "string", "value": "https://sea'):
            with self.subTest(printed):
                self.after_apply(printed, status=2)
                self.assertEqual(self.registered(), before)

    def test_destroyed(self):
        self.after_apply("outputs.json")
        self.run_shell(self.destroyed)
        self.assertEqual(self.registered(), [])


if __name__ == "__main__":
    sys.exit(main())
