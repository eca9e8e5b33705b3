#!/usr/bin/python3 -B
"""samples/github-actions: the steps of its workflow do what they say, in the shell of a runner and with what a runner sets.

  github_actions_test.py --programs build/release/generator --programs build/release/reader/inspect

A directory is the store. What is not run: actions of others (`uses:`), and the step that builds Almanac, of which it is only seen that
what it calls is there.
"""
import os
import re
import shutil
import subprocess
import sys

from sample_case import ROOT, SAMPLES, SampleCase, environment, main
from template import Template, yaml

SAMPLE = SAMPLES / "github-actions"
INSTALL = "Install Almanac"
INSTALLS = {INSTALL, "Install git"}
OLD_REVISION = "4f2a9c1d0e7b3a5560b1f8c2d9e4a7b6c3d2e1f0"
# https://docs.github.com/en/actions/writing-workflows/workflow-syntax-for-github-actions#jobsjob_idstepsshell
SHELLS = {"bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"], None: ["bash", "-e"]}


class Strict(yaml.SafeLoader):
    """`on` is a key, and no truth value, to the runner (YAML 1.2)."""


Strict.yaml_implicit_resolvers = {first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
                                  for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
WORKFLOW = yaml.load((SAMPLE / "registry.yml").read_text(encoding="utf-8"), Strict)


class GitHubActions(SampleCase):
    def setUp(self):
        super().setUp()
        shutil.copytree(SAMPLE / "registry", self.folder / "registry")
        self.git("init", "-q")
        self.git("-c", "user.name=acme", "-c", "user.email=acme@acme.example", "commit", "-q", "--allow-empty", "-m", "the tip of main")
        self.revision = self.git("rev-parse", "HEAD").strip()
        self.temporary = self.folder / "runner-temp"
        self.temporary.mkdir()
        self.summary = self.folder / "summary"

    def git(self, *arguments):
        return subprocess.run(["git", *arguments], cwd=self.folder, env=environment(), stdout=subprocess.PIPE, encoding="utf-8", check=True).stdout

    def run_job(self, name):
        """Its exit status: that of its first step that fails. The summary is that of the last run."""
        job = WORKFLOW["jobs"][name]
        self.summary.write_text("", encoding="utf-8")
        self.printed = ""
        ran = 0
        for step in job["steps"]:
            if "run" not in step or step["name"] in INSTALLS:
                continue
            ran += 1
            status = self.run_step(step)
            if status != 0:
                return status
        self.assertGreater(ran, 0)
        return 0

    def run_step(self, step):
        self.assertNotIn("${{", step["run"], "nothing here puts an expression into a script, where it would be code")
        script = self.temporary / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        shell = SHELLS[step.get("shell", WORKFLOW["defaults"]["run"]["shell"])]
        variables = {**WORKFLOW["env"], "STORE": self.store, **step.get("env", {}), "CI": "true", "GITHUB_SHA": OLD_REVISION,
                     "GITHUB_STEP_SUMMARY": str(self.summary), "RUNNER_TEMP": str(self.temporary)}
        done = subprocess.run([*shell, str(script)], cwd=self.folder, env=environment(**variables), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=60, check=False)
        self.printed += done.stdout
        return done.returncode

    def change(self, old, new):
        path = self.folder / "registry" / "prod.yaml"
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def files(self):
        return sorted(str(path) for path in (self.folder / self.store).rglob("*"))

    def test_a_merge_publishes(self):
        self.assertEqual(self.run_job("publish"), 0, self.printed)
        self.assertEqual(self.live(), {"mail": ["smtps://mail.acme.example:465"], "payments/api": ["https://payments.acme.example"],
                                       "payments/api/max-retries": "3"})
        self.assertIn(self.revision, self.run_program("inspect-snapshot", "summary", self.store))
        self.assertIn("generation 1 is live", self.summary.read_text(encoding="utf-8"))

    def test_an_old_run_that_is_run_again_publishes_what_main_is_now(self):
        documents = next(step for step in WORKFLOW["jobs"]["publish"]["steps"] if step.get("uses", "").startswith("actions/checkout@"))
        self.assertEqual(documents["with"], {"ref": "main"})
        self.assertEqual(self.run_job("publish"), 0, self.printed)
        self.assertNotIn(OLD_REVISION, self.run_program("inspect-snapshot", "summary", self.store))

    def test_a_pull_request_shows_what_it_would_change_and_changes_nothing(self):
        self.run_job("publish")
        before = self.files()
        self.change("payments.acme.example", "payments-2.acme.example")
        self.assertEqual(self.run_job("check"), 0, self.printed)
        summary = self.summary.read_text(encoding="utf-8")
        self.assertIn("    - endpoint https://payments.acme.example", summary)
        self.assertIn("    + endpoint https://payments-2.acme.example", summary)
        self.assertEqual(self.live()["payments/api"], ["https://payments.acme.example"])
        self.assertEqual(self.files(), before)
        self.assertEqual(self.run_job("publish"), 0, self.printed)
        self.assertEqual(self.live()["payments/api"], ["https://payments-2.acme.example"])

    def test_what_is_wrong_fails_the_check_and_names_the_place(self):
        self.run_job("publish")
        self.change("version: 1.8.2", "version: 1.8")
        self.assertEqual(self.run_job("check"), 1)
        self.assertRegex(self.printed, r"registry/prod\.yaml:\d+:\d+: service \"payments/api\"")

    def test_what_the_guards_refuse_fails_the_check_and_says_so_in_the_summary(self):
        self.run_job("publish")
        left = "registry: acme\nnamespaces: {prod: {services: {mail: 'smtps://mail.acme.example:465'}}}\n"
        (self.folder / "registry" / "prod.yaml").write_text(left, encoding="utf-8")
        before = self.live()
        for job in ("check", "publish"):
            self.assertEqual(self.run_job(job), 1, self.printed)
            self.assertIn("refused", self.summary.read_text(encoding="utf-8"))
        self.assertEqual(self.live(), before)

    def test_what_is_registered_stays(self):
        self.run_program("generate-snapshot", "register", self.store, "-n", "prod", "users", "--uri", "https://users.acme.example",
                         "--registrant", "stack/users-prod/1")
        self.assertEqual(self.run_job("publish"), 0, self.printed)
        self.change("payments.acme.example", "payments-2.acme.example")
        self.assertEqual(self.run_job("check"), 0, self.printed)
        self.assertNotIn("users", self.summary.read_text(encoding="utf-8"))
        self.assertEqual(self.run_job("publish"), 0, self.printed)
        self.assertEqual(self.live()["users"], ["https://users.acme.example"])

    def test_no_text_of_a_document_gets_out_of_its_block_in_the_summary(self):
        self.run_job("publish")
        self.change('value: "3"', r'value: "```\n\n# all is well\n<img src=x>"')
        self.assertEqual(self.run_job("check"), 0, self.printed)
        head, _, rest = self.summary.read_text(encoding="utf-8").partition("\n\n")
        self.assertEqual(head, "### What this would change")
        self.assertEqual([line for line in rest.splitlines() if line and not line.startswith("    ")], [])

    def test_when_each_job_runs(self):
        self.assertEqual(WORKFLOW["on"], {"pull_request": {"branches": ["main"]}, "push": {"branches": ["main"]}})
        self.assertEqual({name: job["if"] for name, job in WORKFLOW["jobs"].items()},
                         {"check": "github.event_name == 'pull_request'", "publish": "github.event_name == 'push'"})
        self.assertEqual(WORKFLOW["permissions"], {})
        for job in WORKFLOW["jobs"].values():
            self.assertEqual(job["permissions"], {"contents": "read", "id-token": "write"})

    def test_what_the_step_that_is_not_run_calls_is_there(self):
        scripts = {step["run"] for job in WORKFLOW["jobs"].values() for step in job["steps"] if step.get("name") == INSTALL}
        (script,) = scripts
        (called,) = re.findall(r"^almanac/(\S+)", script, re.MULTILINE)
        self.assertTrue(os.access(ROOT / called, os.X_OK), called)
        # Once the programs are built it is for cmake to install them.
        self.assertIn('cmake --install "$RUNNER_TEMP/almanac"', script)

    def test_each_job_gets_the_role_that_is_meant_for_it(self):
        template = Template(SAMPLE / "roles.yaml", Repository="acme/registry", CheckerPolicy="the checker", PublisherPolicy="the publisher",
                            GitHub="the provider")
        provider = template.properties("GitHub")["Url"].removeprefix("https://")
        wanted = {"check": ("the checker", "repo:acme/registry:pull_request"),
                  "publish": ("the publisher", "repo:acme/registry:ref:refs/heads/main")}
        roles = {role["RoleName"]: role for role in map(template.properties, template.resources("AWS::IAM::Role"))}
        self.assertEqual(len(roles), len(wanted))
        for name, (policy, subject) in wanted.items():
            (asked,) = [step["with"]["role-to-assume"] for step in WORKFLOW["jobs"][name]["steps"]
                        if step.get("uses", "").startswith("aws-actions/configure-aws-credentials@")]
            role = roles[asked.rpartition("/")[2]]
            self.assertEqual(role["ManagedPolicyArns"], [policy])
            (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual(statement["Principal"], {"Federated": "the provider"})
            self.assertEqual(statement["Condition"], {"StringEquals": {f"{provider}:aud": "sts.amazonaws.com", f"{provider}:sub": subject}})


if __name__ == "__main__":
    sys.exit(main())
