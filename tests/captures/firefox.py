"""Headless Firefox, driven over Marionette, its own protocol: what tests/captures/browser.py offers for pages that are walked."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

import browser

PREFERENCES = {"marionette.port": 0, "browser.shell.checkDefaultBrowser": False, "datareporting.policy.dataSubmissionEnabled": False,
               "toolkit.telemetry.enabled": False, "app.update.enabled": False, "network.captive-portal-service.enabled": False,
               "network.connectivity-service.enabled": False, "browser.safebrowsing.downloads.remote.enabled": False}


def firefox():
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    def __init__(self, width=1400, height=900):
        self._home = tempfile.mkdtemp(prefix="cowscope-firefox-")
        profile = os.path.join(self._home, "profile")
        os.mkdir(profile)
        with open(os.path.join(profile, "user.js"), "w", encoding="utf-8") as file:
            for name, value in PREFERENCES.items():
                file.write(f'user_pref("{name}", {json.dumps(value)});\n')
        environment = dict(os.environ, HOME=self._home, TMPDIR=self._home, MOZ_CRASHREPORTER_DISABLE="1")
        environment.pop("DISPLAY", None)
        with open(os.path.join(self._home, "log"), "wb") as log:
            self._process = subprocess.Popen([firefox(), "--headless", "--marionette", "--no-remote", "--profile", profile,
                                              f"--window-size={width},{height}"], stdout=log, stderr=log, env=environment)
        self._socket, self._number, self._left = None, 0, b""
        try:
            self._socket = socket.create_connection(("127.0.0.1", self._port(os.path.join(profile, "MarionetteActivePort"))))
            self._read()
            self._ask("WebDriver:NewSession", capabilities={"alwaysMatch": {"webSocketUrl": False}})
        except BaseException:
            self.__exit__()
            raise

    def _port(self, path):
        """Firefox writes it once it listens."""
        end = time.monotonic() + browser.DEADLINE
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with open(path, encoding="ascii") as file:
                    return int(file.read())
            except (OSError, ValueError):
                time.sleep(0.05)
        raise browser.Failed("Firefox does not listen")

    def _read(self):
        """LENGTH:JSON"""
        while b":" not in self._left:
            self._receive()
        length, _, self._left = self._left.partition(b":")
        while len(self._left) < int(length):
            self._receive()
        text, self._left = self._left[:int(length)], self._left[int(length):]
        return json.loads(text)

    def _receive(self):
        data = self._socket.recv(1 << 16)
        if not data:
            raise browser.Failed("Firefox has gone")
        self._left += data

    def _ask(self, name, **parameters):
        self._number += 1
        text = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(text), text))
        _, _, error, answer = self._read()
        if error:
            raise browser.Failed(error["message"])
        return answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._socket:
            self._socket.close()
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._home, ignore_errors=True)

    def open(self, url):
        self._ask("WebDriver:Navigate", url=url)

    def run(self, script, *arguments):
        return self._ask("WebDriver:ExecuteScript", script=script, args=list(arguments))["value"]

    def press(self, *keys):
        for key in keys:
            code = browser.KEYS.get(key, key)
            self._ask("WebDriver:PerformActions", actions=[{"type": "key", "id": "keys", "actions": [
                {"type": "keyDown", "value": code}, {"type": "keyUp", "value": code}]}])

    def click(self, selector):
        element = self._ask("WebDriver:FindElement", using="css selector", value=selector)["value"]
        self._ask("WebDriver:PerformActions", actions=[{"type": "pointer", "id": "mouse", "actions": [
            {"type": "pointerMove", "origin": element, "x": 0, "y": 0, "duration": 0},
            {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]}])
