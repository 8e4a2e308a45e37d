#!/usr/bin/env python3
"""What the demo newsroom tells search engines and other newsrooms, judged by what nobody here wrote.

    tests/browser/outlets.py BINARY --npm FOLDER --samples FOLDER

Starts the demo in a folder of its own. A crawler (ultimate-sitemap-parser) that is given nothing but the address of the site must find by `robots.txt` each live
article once, and the news. The files of the sitemap are held against the schema of sitemaps.org. Of every article, the JSON-LD is type-checked as
schema.org has it (schema-dts), ninjs is held against the schema of the IPTC, and the HTML is read by html-validate as the standard of HTML
says.

Needs Python 3.9, ultimate-sitemap-parser, lxml and jsonschema; FOLDER of npm has sitemap (for the schema), schema-dts, typescript and html-validate.
Exits 1 when something is not as it should be.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import jsonschema
from lxml import etree
from usp.tree import sitemap_tree_for_homepage

from example_site import Api, free_port
from feeds import get, moment
from front_page import start

# What stands in a page beside the words of sitemaps.org; the schema asks that it is known, and that it stands last.
OTHERS = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{0}"><xs:element name="{1}"/></xs:schema>"""
WHOLE = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="{0}"/>
<xs:import namespace="http://www.w3.org/1999/xhtml" schemaLocation="xhtml.xsd"/>
<xs:import namespace="http://www.google.com/schemas/sitemap-news/0.9" schemaLocation="news.xsd"/>
</xs:schema>"""
TYPES = "import type { AnalysisNewsArticle, NewsArticle, OpinionNewsArticle, WithContext } from 'schema-dts';\n"


def publish(api):
    """A story of today, for the stories of the demo are no news any more."""
    body = [{"type": "paragraph", "text": [{"text": "The lamp was lit at dusk & seen from <far> away."}]}]
    made = api.send("POST", "/api/v1/editor/articles", {"headline": "Lighthouse lit again", "body": body})
    api.change(made["id"], "publish", made["revision"])


def live(base):
    """Every live article."""
    found, cursor = [], ""
    while cursor is not None:
        page = json.loads(get(f"{base}/api/v1/articles?limit=100{cursor}")[1])
        found += page["items"]
        cursor = f"&cursor={page['next_cursor']}" if page["next_cursor"] else None
    return found


def crawl(base, articles):
    tree = sitemap_tree_for_homepage(base, use_known_paths=False)
    pages = list(tree.all_pages())
    expected = {one["canonical_url"]: one for one in articles}
    plain = [page for page in pages if page.news_story is None]
    assert sorted(page.url for page in plain) == sorted(expected), "the files do not name each live article once"
    for page in plain:
        # What the page shows can be newer than its words: another name on it.
        assert page.last_modified.timestamp() >= moment(expected[page.url]["updated_at"]), page
    news = [page for page in pages if page.news_story is not None]
    for page in news:
        story, article = page.news_story, expected[page.url]
        assert story.title == article["headline"], story.title
        assert int(story.publish_date.timestamp()) == moment(article["first_published_at"]), story.publish_date
        assert story.publication_name and story.publication_language == article["locale"][:2], story
    assert plain and news, "the demo has no stories"
    return len(plain), len(news)


def xsd(npm, folder):
    for name, namespace, element in (("xhtml", "http://www.w3.org/1999/xhtml", "link"),
                                     ("news", "http://www.google.com/schemas/sitemap-news/0.9", "news")):
        with open(os.path.join(folder, name + ".xsd"), "w") as file:
            file.write(OTHERS.format(namespace, element))
    whole = os.path.join(folder, "whole.xsd")
    with open(whole, "w") as file:
        file.write(WHOLE.format(os.path.join(npm, "node_modules/sitemap/schema/sitemap.xsd")))
    return etree.XMLSchema(etree.parse(whole))


def sitemaps(base, schema):
    index = etree.fromstring(get(f"{base}/sitemap.xml")[1])
    files = [loc.text for loc in index.iterfind(".//{*}loc")] + [f"{base}/sitemap-news.xml"]
    for url in files:
        kind, text = get(url)
        assert kind == "application/xml", kind
        schema.assertValid(etree.fromstring(text))
    return len(files)


def forms(base, articles, samples, folder):
    """Writes what the other programs judge; ninjs is judged here."""
    with open(os.path.join(samples, "ninjs/schema/ninjs-schema_3.1.json")) as file:
        schema = json.load(file)
    # The one part that is elsewhere, which nothing of ours uses.
    schema["$defs"]["ninjsType"]["properties"]["places"]["items"]["properties"]["geoJSON"] = False
    ninjs = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    with open(os.path.join(folder, "articles.ts"), "w") as typed:
        typed.write(TYPES)
        for at, article in enumerate(articles):
            page = f"{base}/api/v1/articles/{article['id']}?format="
            kind, text = get(page + "jsonld")
            assert kind == "application/ld+json", kind
            told = json.loads(text)
            typed.write(f"export const a{at}: WithContext<{told['@type']}> = {text.decode()};\n")
            kind, text = get(page + "ninjs")
            assert kind == "application/vnd.iptc.ninjs+json", kind
            ninjs.validate(json.loads(text))
            kind, text = get(page + "html")
            assert kind == "text/html; charset=utf-8", kind
            with open(os.path.join(folder, f"{at}.html"), "wb") as file:
                file.write(text)


def run(npm, program, *words):
    done = subprocess.run([os.path.join(npm, "node_modules/.bin", program), *words], capture_output=True, text=True)
    assert done.returncode == 0, f"{program}:\n{done.stdout[:4000]}{done.stderr[:4000]}"


def judge(npm, folder):
    os.symlink(os.path.join(npm, "node_modules"), os.path.join(folder, "node_modules"))
    run(npm, "tsc", "--noEmit", "--strict", "--skipLibCheck", "--module", "esnext", "--moduleResolution", "bundler",
        "--target", "es2022", "--types", "", os.path.join(folder, "articles.ts"))
    config = os.path.join(folder, "html.json")
    with open(config, "w") as file:
        json.dump({"root": True, "extends": ["html-validate:standard"]}, file)
    pages = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".html"))
    run(npm, "html-validate", "--config", config, *pages)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--npm", required=True)
    parser.add_argument("--samples", required=True)
    asked = parser.parse_args()
    npm, folder = os.path.abspath(asked.npm), tempfile.mkdtemp(prefix="copydesk-outlets-")
    process, address = start(os.path.abspath(asked.binary), os.path.join(folder, "data"), f"127.0.0.1:{free_port()}")
    base = "http://" + address
    try:
        publish(Api(address, os.path.join(folder, "data")))
        articles = live(base)
        pages, news = crawl(base, articles)
        files = sitemaps(base, xsd(npm, folder))
        forms(base, articles, asked.samples, folder)
        judge(npm, folder)
        print(f"outlets: {files} files of sitemaps with {pages} pages and {news} news; {len(articles)} articles as JSON-LD, ninjs and HTML")
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
