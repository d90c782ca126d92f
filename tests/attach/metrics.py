#!/usr/bin/env python3
"""Two families' metrics in one directory, collected by Prometheus' node_exporter and checked by promtool; and what --summary leaves."""

import contextlib
import shutil
import socket
import tempfile
import time
import urllib.request

from oracle import *

SAMPLE = re.compile(r'([a-z_]+)\{(?:.*,)?family="((?:[^"\\]|\\.)*)"[^{}]*\} (\S+)$')


def metrics_of(pid, path, *arguments):
    status, out, err = live.run("--batch", "--format=openmetrics", "-p", str(pid), "--every=0.05", "--count=2", "-o", path, *arguments)
    same((status, out, err), (0, "", ""), f"metrics are written, {' '.join(arguments) or 'as they come'}")
    with open(path) as file:
        return file.read()


def families_of(text):
    """The label of every sample; None where there is none."""
    return {m.group(2) if (m := SAMPLE.match(line)) else None for line in text.splitlines() if line and not line.startswith("#")}


@contextlib.contextmanager
def exporter(folder):
    """node_exporter's textfile collector alone; yields how to ask it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen(["prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
                                f"--collector.textfile.directory={folder}", f"--web.listen-address={address}"], stderr=subprocess.DEVNULL)

    def ask():
        while process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://{address}/metrics") as answer:
                    return answer.read().decode()
            except OSError:
                time.sleep(0.02)  # it does not listen yet
        raise RuntimeError("node_exporter ended")

    try:
        yield ask
    finally:
        process.kill()
        process.wait()


def collected(folder):
    with Family() as one, Family() as other:
        texts = {name: metrics_of(target.pids[0], os.path.join(folder, f"{name}.prom")) for name, target in (("one", one), ("other", other))}
        labels = [families_of(texts["one"]), families_of(texts["other"])]
        ok(all(len(label) == 1 for label in labels) and labels[0] != labels[1] and None not in labels[0] | labels[1],
           f"every sample has a label that tells the families apart: {labels}")
        if not shutil.which("prometheus-node-exporter"):
            skip("prometheus-node-exporter is not there", "collected")
            return
        with exporter(folder) as ask:
            page = ask()
    ok("node_textfile_scrape_error 0" in page, "node_exporter reads both")
    for name in ("cowscope_family_rss_sum_bytes", "cowscope_family_ever_copied_bytes_total", "cowscope_family_unseen_processes_total",
                 "cowscope_sample_timestamp_seconds", "cowscope_process_up"):
        found = {m.group(2) for line in page.splitlines() if (m := SAMPLE.match(line)) and m.group(1) == name}
        same(found, labels[0] | labels[1], f"node_exporter has both families' {name}")


def checked(text):
    """promtool reads the older text format, in which the help of x_total is not that of the counter x."""
    if not shutil.which("promtool"):
        skip("promtool is not there", "checked")
        return
    ended = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    complaints = [line for line in (ended.stdout + ended.stderr).splitlines() if not re.fullmatch(r"\w+_total no help text", line)]
    same(complaints, [], "promtool finds nothing wrong")


def labelled(folder):
    with Family() as target:
        pid, path = target.pids[0], os.path.join(folder, "label.prom")
        target.do(0, "rename", "worker")
        text = metrics_of(pid, path)
        same(families_of(text), {f"worker:{pid}"}, "of a number, the label is the command and the number")
        checked(text)
        for line in text.splitlines():
            if line.startswith("# TYPE") and line.endswith(" counter"):
                ok(f"\n{line.split()[2]}_total{{" in text, f"a counter ends in _total: {line}")
        same(families_of(metrics_of(pid, path, r'--label=a"b\c')), {r'a\"b\\c'}, "the label that is asked for")
        sums = metrics_of(pid, path, "--summary")
        same([line for line in sums.splitlines() if "process=" in line or "mapping=" in line], [], "--summary: no process and no mapping")
        ok("cowscope_family_rss_sum_bytes{" in sums and "cowscope_family_baseline_still_shared_bytes{" in sums, "--summary: the sums are there")
        target.do(0, "rename", "cow-by-name")
        same(families_of(metrics_of("cow-by-name", path)), {"cow-by-name"}, "of a name, the label is the name")


def lines_of(*arguments):
    status, out, err = live.run("--batch", "--format=json", *arguments)
    same((status, err), (0, ""), re.sub(r"\d{2,}|/\S+", "..", " ".join(arguments)))
    return out.splitlines(keepends=True)


def adds_up(family, all_of_it, what):
    left = family["mappings_left_out"]
    same(len(family["mappings"]) + left["mappings"], len(all_of_it["mappings"]), f"{what}: every mapping is told or counted")
    for key in ("present_kib", "private_kib", "copied_kib"):
        told = sum(strip[key] for m in family["mappings"] if m["kind"] != "device" for strip in m["processes"])
        same(told + left[key], sum(strip[key] for m in all_of_it["mappings"] if m["kind"] != "device" for strip in m["processes"]),
             f"{what}: {key} adds up")


def many_mappings(folder):
    """Thousands of mappings would be megabytes a sample."""
    with Family() as target:
        target.do(0, "many", 3000)
        target.fork(0, 1)
        address = target.do(1, "map", "m", "anon", 64)
        target.do(1, "write", "m", 0, 64, 65)
        pid = str(target.pids[0])
        whole = json.loads(lines_of("-p", pid)[-1])
        same(whole["mappings_left_out"]["mappings"], 0, "one sample has all mappings")
        top_lines = lines_of("-p", pid, "--every=0.05", "--count=2")
        top = json.loads(top_lines[-1])
        same(len(top["mappings"]), 32, "samples one after the other have those that matter")
        adds_up(top, whole, "the others")
        ok(any(int(m["start"], 16) <= address < int(m["end"], 16) for m in top["mappings"]), "what is largest is among them")
        every = json.loads(lines_of("-p", pid, "--every=0.05", "--count=2", "--all-mappings")[-1])
        same(len(every["mappings"]), len(whole["mappings"]), "--all-mappings: all")
        sums_line = lines_of("-p", pid, "--summary")[-1]
        sums = json.loads(sums_line)
        same((sums["processes"], sums["mappings"], sums["processes_left_out"]), ([], [], 2), "--summary: sums alone")
        adds_up(sums, whole, "--summary")
        ok(len(sums_line) < 4000, f"--summary: {len(sums_line)} bytes")
        for name, line in (("top", top_lines[-1]), ("summary", sums_line)):
            path = os.path.join(folder, f"{name}.json")
            with open(path, "w") as file:
                file.write(line)
            again = json.loads(lines_of("--open", path)[-1])
            for key in ("memory", "mappings_left_out"):
                known = {k: v for k, v in again[key].items() if v is not None}  # one sample knows no rate
                same(known, {k: json.loads(line)[key][k] for k in known}, f"a saved {name} opened has the same {key}")


def main():
    with tempfile.TemporaryDirectory(prefix="cowscope-metrics-", dir="/var/tmp") as folder:
        collected(folder)
        labelled(folder)
        many_mappings(folder)
    done()


if __name__ == "__main__":
    main()
