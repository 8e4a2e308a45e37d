// "By Meridian Wire", with each name that is a contributor's leading to their page.

import type { Byline } from "../api/client";

type Entry = Byline["contributors"][number];
export type Part = { text: string; slug?: string };

export function parts(byline: Byline): Part[] {
  let made: Part[] = byline.text ? [{ text: byline.text }] : [];
  for (const { name, slug } of byline.contributors) {
    made = made.flatMap((part) => (part.slug ? [part] : split(part.text, name, slug)));
  }
  return made;
}

function split(text: string, name: string, slug: string): Part[] {
  const at = text.indexOf(name);
  if (at < 0) return [{ text }];
  const all = [{ text: text.slice(0, at) }, { text: name, slug }, { text: text.slice(at + name.length) }];
  return all.filter((part) => part.text !== "");
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
  const rest = byline.contributors.filter((entry) => !byline.text?.includes(entry.name));
  return rest.map((entry) => ({ role: ROLE[entry.role], entry }));
}
