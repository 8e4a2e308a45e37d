// "By Meridian Wire", with each name that is a contributor's leading to their page.

import type { Byline } from "../api/client";

type Entry = Byline["contributors"][number];
export type Part = { text: string; slug?: string };

export function parts(byline: Byline): Part[] {
  let made: Part[] = byline.text ? [{ text: byline.text }] : [];
  // The longest first: "Ann Lee" is no part of "Ann Lee Moore" where both wrote.
  const longest = byline.contributors.toSorted((a, b) => b.name.length - a.name.length);
  for (const { name, slug } of longest) {
    made = made.flatMap((part) => (part.slug ? [part] : split(part.text, name, slug)));
  }
  return made;
}

function split(text: string, name: string, slug: string): Part[] {
  const at = place(text, name);
  if (at < 0) return [{ text }];
  const all = [{ text: text.slice(0, at) }, { text: name, slug }, { text: text.slice(at + name.length) }];
  return all.filter((part) => part.text !== "");
}

// Letters that make one word with those beside them; some scripts write words without blanks between them.
const LETTER = String.raw`[[\p{L}\p{M}\p{N}]--[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]]`;
const GOES_ON = new RegExp(`^[\\-‐‑]?${LETTER}`, "v");
const BEGAN = new RegExp(`${LETTER}[\\-‐‑]?$`, "v");

/** Where the name stands by itself: neither "Ann" in "Joann" nor "Ann" in "Ann-Marie" is one. */
function place(text: string, name: string): number {
  let at = text.indexOf(name);
  while (at >= 0 && (BEGAN.test(text.slice(0, at)) || GOES_ON.test(text.slice(at + name.length)))) at = text.indexOf(name, at + 1);
  return at;
}

const ROLE: Record<Entry["role"], string> = {
  author: "Text",
  reporter: "Reporting",
  photographer: "Photographs",
  translator: "Translation",
  editor: "Editing",
};

/** Those whom the text leaves out, with what they did. */
export function others(byline: Byline): { role: string; entry: Entry }[] {
  const named = new Set(parts(byline).map((part) => part.slug));
  const rest = byline.contributors.filter((entry) => !named.has(entry.slug));
  return rest.map((entry) => ({ role: ROLE[entry.role], entry }));
}
