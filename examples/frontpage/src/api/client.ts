// The API, typed by its own document. `npm run types` makes `schema.d.ts` of it.

import { COPYDESK_URL } from "astro:env/server";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

type Schemas = components["schemas"];
export type Article = Schemas["Article"];
export type Listed = Schemas["ListedArticle"];
export type Block = Schemas["Block"];
/** The block of one type. */
export type BlockOf<T extends Block["type"]> = Extract<Block, { type: T }>;
export type Byline = Schemas["PublicByline"];
export type Card = Schemas["MediaCard"];
export type Correction = Schemas["PublicCorrection"];
export type Lead = Schemas["PublicMediaUse"];
export type OpenGraph = Schemas["OpenGraph"];
export type Related = Schemas["RelatedCard"];
export type Site = Schemas["Site"];
export type SectionNode = Schemas["SectionNode"];
export type Span = Schemas["Span"];

/** Where Copydesk answers. */
export const API = COPYDESK_URL.replace(/\/+$/, "");

// An article comes in several forms; this site reads JSON.
export const api = createClient<paths, "application/json">({ baseUrl: API });

/** What the API answered, or `undefined` where nothing is there. Anything else ends the page. */
export function found<T>(answer: { data?: T; error?: unknown; response: Response }): T | undefined {
  if (answer.data !== undefined) return answer.data;
  // 400 is for a name that nothing can have.
  if ([400, 404, 410].includes(answer.response.status)) return undefined;
  throw new Error(`${answer.response.url} answered ${answer.response.status}: ${JSON.stringify(answer.error)}`);
}

let kept: { site: Site; until: number } | undefined;

/**
 * What is around every page, asked anew: a page that says what it is made of asks so at its start. One made of what was known
 * before would be kept with an old section in it, after caches were told to forget that.
 */
export async function askSite(): Promise<{ site: Site; response: Response }> {
  const answer = await api.GET("/api/v1/site");
  const site = found(answer);
  if (!site) throw new Error("the API tells nothing of its site");
  kept = { site, until: Date.now() + 30_000 };
  return { site, response: answer.response };
}

/** The same for the parts of a page, as it was told last. */
export async function site(): Promise<Site> {
  return kept && kept.until > Date.now() ? kept.site : (await askSite()).site;
}
