#!/usr/bin/python3 -B
"""samples/store-event with the events of a real S3 server: what is registered goes live by them alone, and goes by them.

  with_radosgw.py -- store_event_s3_test.py --programs build/release/generator --programs build/release/reader/inspect
"""
import http.server
import json
import os
import queue
import sys
import threading

from sample_case import DOCUMENTED_STORE, SAMPLES, SampleCase, main

try:
    import boto3
except ImportError as missing:
    sys.exit(f"store_event_s3_test.py: {missing}; run it with /usr/bin/python3 and install what it needs:\n"
             "  apt-get install -y python3-boto3")

SAMPLE = SAMPLES / "store-event"
NOTIFICATION = json.loads((SAMPLE / "notification.json").read_text(encoding="utf-8"))
BUCKET = "acme-registry"


class Receiver(http.server.BaseHTTPRequestHandler):
    """In the place of Lambda: the server waits for its answer before it answers whoever wrote the object."""

    def do_POST(self):
        self.server.events.put(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class StoreEvents(SampleCase):
    def setUp(self):
        super().setUp()
        self.store = DOCUMENTED_STORE
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.server.events = queue.SimpleQueue()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.notify()

    def notify(self):
        """As notification.json says, but for whom to tell: this server has no Lambda."""
        clients = {service: boto3.client(service, endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"], region_name="default")
                   for service in ("s3", "sns")}
        for client in clients.values():
            self.addCleanup(client.close)
        receiver = f"http://127.0.0.1:{self.server.server_port}"
        topic = clients["sns"].create_topic(Name="registrations", Attributes={"push-endpoint": receiver})
        (configuration,) = NOTIFICATION["LambdaFunctionConfigurations"]
        told = {**{key: value for key, value in configuration.items() if key != "LambdaFunctionArn"}, "TopicArn": topic["TopicArn"]}
        clients["s3"].create_bucket(Bucket=BUCKET)
        clients["s3"].put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration={"TopicConfigurations": [told]})

    def events(self):
        found = []
        while not self.server.events.empty():
            found.append(self.server.events.get())
        return found

    def hand_over(self, events):
        for event in events:
            self.run_program(SAMPLE / "sync_on_event.py", self.store, given=event)

    def test_what_is_registered_goes_live_by_the_events_alone(self):
        def register(name, uri):
            self.run_program("generate-snapshot", "register", self.store, "-n", "prod", name, "--uri", uri, "--registrant", "stack/ü +/1")

        register("users", "https://users.example")
        register("orders", "https://orders.example")
        events = self.events()
        self.assertEqual(len(events), 2)
        self.hand_over(events)
        self.assertEqual(self.live(), {"orders": ["https://orders.example"], "users": ["https://users.example"]})
        # What sync wrote is no event, or it would call itself without end.
        self.assertEqual(self.events(), [])

        self.run_program("generate-snapshot", "deregister", self.store, "-n", "prod", "orders", "--registrant", "stack/ü +/1")
        events = self.events()
        self.assertEqual(len(events), 1)
        self.hand_over(events)
        self.assertEqual(self.live(), {"users": ["https://users.example"]})

        # As the README has it, with an event of Amazon's.
        register("mail", "smtps://mail.example:465")
        (self.folder / "samples").symlink_to(SAMPLES)
        self.run_shell(self.shell_blocks(SAMPLE / "README.md")[0])
        self.assertEqual(list(self.live()), ["mail", "users"])


if __name__ == "__main__":
    sys.exit(main())
