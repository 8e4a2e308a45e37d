// Words and dates of the site itself.

import type { Correction, Related } from "../api/client";

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

export function day(time: string, locale: string): string {
  return new Date(time).toLocaleDateString(locale, { dateStyle: "long", timeZone: "UTC" });
}

export function moment(time: string, locale: string): string {
  const clock = new Date(time).toLocaleTimeString(locale, { timeStyle: "short", timeZone: "UTC", hourCycle: "h23" });
  return `${day(time, locale)}, ${clock} UTC`;
}

/** `harbour.example` of a whole address. */
export function host(url: string): string {
  return new URL(url).hostname.replace(/^www\./, "");
}

/** An address of the site itself, without its host, so that the site works wherever it is looked at. */
export function within(url: string, home: string): string {
  return url.startsWith(`${home}/`) ? url.slice(home.length) : url;
}
