"""What no page of the demo comes to: functions of examples/frontpage by themselves, in Node. Part of example_site.py."""

import json
import os
import subprocess


def check(site):
    """`site` is the folder of the example, with its packages installed."""
    def told(file, *calls):
        bundle = subprocess.run([os.path.join("node_modules", ".bin", "esbuild"), f"src/lib/{file}", "--bundle", "--format=iife",
                                 "--global-name=lib"], cwd=site, capture_output=True, text=True, check=True).stdout
        script = f"{bundle}\nconsole.log(JSON.stringify([{', '.join(calls)}]))"
        return json.loads(subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True).stdout)

    def byline(text, *names):
        people = [{"name": name, "slug": name.lower().replace(" ", "-"), "role": "author"} for name in names]
        return f"lib.parts({json.dumps({'text': text, 'contributors': people})})"

    linked = [[part["text"] for part in parts if "slug" in part] for parts in told(
        "byline.ts", byline("By Joann Lee and Ann", "Ann"), byline("By Ann Lee Moore and Ann Lee", "Ann Lee", "Ann Lee Moore"),
        byline("By Érica", "rica"), byline("By Ann-Marie", "Ann"), byline("记者王明和李华", "王明", "李华"))]
    assert linked == [["Ann"], ["Ann Lee Moore", "Ann Lee"], [], [], ["王明", "李华"]], linked
    at = told("byline.ts", byline("By Joann Lee and Ann", "Ann"))[0]
    assert at == [{"text": "By Joann Lee and "}, {"text": "Ann", "slug": "ann"}], at
    few, many = ["site tag:1", "articles tag:1"], [" ".join(f"{kind}:{n:036}" for n in range(50)) for kind in ("slug", "tag", "media")]
    ages = ["public, max-age=30, stale-while-revalidate=300", "public, max-age=60, s-maxage=20, stale-while-revalidate=9"]
    calls = [*(f"lib.keys({json.dumps(lines)})" for lines in (few, ["site sections", *many])),
             *(f"lib.shortest({json.dumps(lines)})" for lines in (ages, [*ages, "private, no-store"]))]
    kept = told("cache.ts", *calls)
    assert kept == ["articles site tag:1", "articles media sections site tags",
                    "public, max-age=30, s-maxage=20, stale-while-revalidate=9", "private, no-store"], kept
