// Words and dates of the site itself.

import type { Article, Correction, Related } from "../api/client";

/** What stands before a related link in the middle of a text. */
export const LEAD_IN: Record<Related["kind"], string> = {
  related: "Related article",
  background: "Background",
  follow_up: "Follow-up",
  update_of: "Update of",
  series: "In this series",
  translation: "In another language",
  source: "Source",
};

export const NOTE: Record<Correction["kind"], string> = {
  correction: "Correction",
  clarification: "Clarification",
  update: "Update",
  editors_note: "Editor’s note",
  retraction: "Retraction",
};

/** What sort of piece it is, for readers. News needs no label: everything that has none is. */
export const KIND: Record<Article["kind"], string | undefined> = {
  news: undefined,
  feature: "Feature",
  opinion: "Opinion",
  analysis: "Analysis",
  interview: "Interview",
  obituary: "Obituary",
  live: "Live",
  press_release: "Press release",
};

/** The first of these that `Intl` can write in. A tag may be right and yet nothing to it: it throws at `x-private` and `zh-yue-HK`. */
export function written(locales: string[]): string {
  for (const locale of locales) {
    try {
      const [taken] = Intl.DateTimeFormat.supportedLocalesOf(locale);
      if (taken) return taken;
    } catch {
      // The next one, then.
    }
  }
  return "en";
}

/** In the language of the article, or else in that of the site. */
export function day(time: string, ...locales: string[]): string {
  return new Date(time).toLocaleDateString(written(locales), { dateStyle: "long", timeZone: "UTC" });
}

export function moment(time: string, ...locales: string[]): string {
  const clock = new Date(time).toLocaleTimeString(written(locales), { timeStyle: "short", timeZone: "UTC", hourCycle: "h23" });
  return `${day(time, ...locales)}, ${clock} UTC`;
}

/** `harbour.example` of a whole address. */
export function host(url: string): string {
  return new URL(url).hostname.replace(/^www\./, "");
}

/** An address of the site itself, without its host, so that the site works wherever it is looked at. */
export function within(url: string, home: string): string {
  return url.startsWith(`${home}/`) ? url.slice(home.length) : url;
}
