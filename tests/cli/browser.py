#!/usr/bin/env python3
"""browser.py PAGE [--shots PREFIX] [EXPRESSION...]: opens a page in chromium, without a network, and prints a JSON object:
"complaints" (console messages, exceptions, violations of the page's policy, requests other than the page itself), "wide" (elements that
stick out of a phone's screen) and "values" (what each EXPRESSION gives).  With --shots also PREFIX.desktop.png, PREFIX.dark.png,
PREFIX.phone.png, PREFIX.a4.pdf and PREFIX.letter.pdf.  Python's own library only: the browser is spoken to through a pipe."""
import base64, json, os, pathlib, shutil, subprocess, sys, tempfile, time

WIDE = """[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
    && getComputedStyle(e).position !== 'absolute' && !e.closest('svg') && !e.closest('.wide, .axis')).slice(0, 5).map(e => e.tagName + '.' + e.className)"""


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp()
        theirs, ours = os.pipe()
        ours_in, theirs_out = os.pipe()
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                   "--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--remote-debugging-pipe",
                   "--user-data-dir=" + self.profile, "about:blank"]

        def pipes():
            a, b = os.dup(theirs), os.dup(theirs_out)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(command, close_fds=False, preexec_fn=pipes, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs)
        os.close(theirs_out)
        self.out, self.input, self.rest, self.n, self.events, self.session = ours, ours_in, b"", 0, [], None

    def message(self):
        while b"\0" not in self.rest:
            piece = os.read(self.input, 1 << 20)
            if not piece:
                raise SystemExit("the browser went away")
            self.rest += piece
        text, self.rest = self.rest.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **params):
        self.n += 1
        request = {"id": self.n, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        while True:
            answer = self.message()
            if answer.get("id") == self.n:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, event):
        while not any(e.get("method") == event for e in self.events):
            self.events.append(self.message())

    def value(self, expression):
        got = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in got:
            raise SystemExit(f"{expression}: {got['exceptionDetails']}")
        return got["result"].get("value")

    def close(self):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


def complaints(events, url):
    out = []
    for e in events:
        m, p = e.get("method"), e.get("params", {})
        if m == "Runtime.consoleAPICalled":
            out.append("console: " + json.dumps(p["args"]))
        elif m == "Runtime.exceptionThrown":
            out.append("exception: " + json.dumps(p["exceptionDetails"]))
        elif m == "Log.entryAdded":
            out.append(f"log: {p['entry']['source']} {p['entry']['text']}")
        elif m == "Network.requestWillBeSent" and p["request"]["url"] != url:
            out.append("request: " + p["request"]["url"][:200])
        elif m == "Audits.issueAdded":
            out.append("issue: " + json.dumps(p["issue"])[:300])
    return out


def screen(b, width, height, scheme, phone):
    b.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    b.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)


def shot(b, path, width, scheme="light", phone=False):
    screen(b, width, 900, scheme, phone)
    size = b.call("Page.getLayoutMetrics")["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": width, "height": min(size["height"], 12000), "scale": 1}
    data = b.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)["data"]
    pathlib.Path(path).write_bytes(base64.b64decode(data))


def paper(b, path, width, height):
    got = b.call("Page.printToPDF", paperWidth=width, paperHeight=height, printBackground=True, preferCSSPageSize=True,
                 displayHeaderFooter=False)
    pathlib.Path(path).write_bytes(base64.b64decode(got["data"]))


def main():
    args = sys.argv[1:]
    url = pathlib.Path(args.pop(0)).resolve().as_uri()
    prefix = None
    if args and args[0] == "--shots":
        prefix, args = args[1], args[2:]
    b = Browser()
    try:
        target = b.call("Target.createTarget", url="about:blank")["targetId"]
        b.session = b.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
            b.call(domain + ".enable")
        screen(b, 1280, 900, "light", False)
        begin = time.monotonic()
        b.call("Page.navigate", url=url)
        b.wait("Page.loadEventFired")
        out = {"seconds": round(time.monotonic() - begin, 2), "values": [b.value(e) for e in args]}
        screen(b, 390, 844, "light", True)
        out["wide"] = b.value(WIDE)
        if prefix:
            shot(b, prefix + ".desktop.png", 1280)
            shot(b, prefix + ".dark.png", 1280, "dark")
            shot(b, prefix + ".phone.png", 390, phone=True)
            screen(b, 1280, 900, "light", False)
            paper(b, prefix + ".a4.pdf", 8.27, 11.69)
            paper(b, prefix + ".letter.pdf", 8.5, 11)
        out["complaints"] = complaints(b.events, url)
        print(json.dumps(out))
    finally:
        b.close()


main()
