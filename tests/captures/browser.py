"""Headless Chromium, driven by chromedriver over the W3C WebDriver protocol."""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"]
KEYS = {"Home": "\ue011", "End": "\ue010", "PageUp": "\ue00e", "PageDown": "\ue00f", "Left": "\ue012", "Up": "\ue013",
        "Right": "\ue014", "Down": "\ue015", "Tab": "\ue004", "Enter": "\ue007", "Space": " "}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
DEADLINE = 60  # seconds for what must come at all


def chromium():
    return next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)


def missing():
    """Why there is no browser to drive; None: there is one."""
    if not chromium():
        return "chromium is not installed"
    return None if shutil.which("chromedriver") else "chromedriver is not installed"


class Failed(Exception):
    pass


class Browser:
    def __init__(self, width=1400, height=900, scale=1):
        self._profile = tempfile.mkdtemp(prefix="cowscope-browser-")
        environment = dict(os.environ, HOME=self._profile, TMPDIR=self._profile)
        self._driver = subprocess.Popen(["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        text=True, env=environment)
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
        self._session = ""
        try:
            self._base = f"http://127.0.0.1:{self._port()}"
            self._session = self._start(width, height, scale)
        except BaseException:
            self.__exit__()
            raise

    def _port(self):
        for line in self._driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                return int(found.group(1))
        raise Failed("chromedriver does not start")

    def _start(self, width, height, scale):
        flags = FLAGS + [f"--user-data-dir={self._profile}/profile", f"--window-size={width},{height}",
                         f"--force-device-scale-factor={scale}"]
        wanted = {"browserName": "chrome", "goog:chromeOptions": {"binary": chromium(), "args": flags},
                  "goog:loggingPrefs": {"browser": "ALL"}}
        answer = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        return "/session/" + answer["sessionId"]

    def _ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + self._session + path, data, {"Content-Type": "application/json"},
                                         method=method)
        try:
            with self._open(request, timeout=DEADLINE * 2) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise Failed(json.load(error)["value"]["message"].split("\n")[0]) from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            if self._session:
                self._ask("DELETE", "")
        finally:
            self._driver.terminate()
            self._driver.wait()
            self._driver.stdout.close()
            shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, url):
        self._ask("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def ask_later(self, script, *arguments):
        """Of a script that calls its last argument with what it has found."""
        return self._ask("POST", "/execute/async", {"script": script, "args": list(arguments)})

    def command(self, name, **parameters):
        """A command of the DevTools protocol."""
        return self._ask("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def press(self, *keys):
        for key in keys:
            code = KEYS.get(key, key)
            actions = [{"type": "keyDown", "value": code}, {"type": "keyUp", "value": code}]
            self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})

    def click(self, selector, x=0):
        """In the middle, or x pixels right of it."""
        element = self._ask("POST", "/element", {"using": "css selector", "value": selector})
        actions = [{"type": "pointerMove", "origin": {ELEMENT: element[ELEMENT]}, "x": x, "y": 0, "duration": 0},
                   {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._ask("POST", "/actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]})

    def tap(self, selector):
        """With a finger, in the middle."""
        element = self._ask("POST", "/element", {"using": "css selector", "value": selector})
        self.run("arguments[0].scrollIntoView({block: 'center'})", element)
        actions = [{"type": "pointerMove", "origin": element, "x": 0, "y": 0, "duration": 0},
                   {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._ask("POST", "/actions", {"actions": [{"type": "pointer", "id": "finger", "parameters": {"pointerType": "touch"},
                                                   "actions": actions}]})

    def enter(self, selector):
        """The commands that follow are for the frame; open() leaves it."""
        self._ask("POST", "/frame", {"id": self._ask("POST", "/element", {"using": "css selector", "value": selector})})

    def wait(self, script, *arguments):
        """Until the script's value is true; whether that came."""
        end = time.monotonic() + DEADLINE
        while not self.run(script, *arguments):
            if time.monotonic() > end:
                return False
        return True

    def screenshot(self):
        return base64.b64decode(self._ask("GET", "/screenshot"))

    def messages(self):
        """What the console said since the last call."""
        return [entry["message"] for entry in self._ask("POST", "/se/log", {"type": "browser"})]
