// Pictures, feeds and what is for search engines have the site's own address, and come from the API as they are.

import type { APIContext } from "astro";
import { API } from "../api/client";

const ASKED = ["accept", "if-none-match", "if-modified-since", "range", "if-range"];
const ANSWERED = [
  "accept-ranges", "cache-control", "content-disposition", "content-length", "content-range", "content-security-policy",
  "content-type", "etag", "last-modified", "location", "surrogate-key", "vary", "x-content-type-options",
];

function only(names: string[], headers: Headers): Headers {
  const kept = new Headers();
  for (const name of names) {
    const value = headers.get(name);
    if (value) kept.set(name, value);
  }
  return kept;
}

export async function handOn({ url, request }: APIContext): Promise<Response> {
  const headers = only(ASKED, request.headers);
  // Its length is told as it is sent, so it comes uncompressed.
  headers.set("accept-encoding", "identity");
  const { method } = request;
  const answer = await fetch(`${API}${url.pathname}${url.search}`, { method, headers, redirect: "manual" });
  return new Response(answer.body, { status: answer.status, headers: only(ANSWERED, answer.headers) });
}
