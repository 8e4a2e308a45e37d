// A page may be kept as long as each answer that it was made of, and is forgotten with any of them.

/** Bytes of `Surrogate-Key`, as the API has it: a head takes no more of one header. */
const MOST = 4096;

/** What begins so is forgotten with any of its kind, too. */
const KIND: Record<string, string> = {
  article: "articles", backlinks: "articles", link: "articles", slug: "articles", translations: "articles",
  contributor: "contributors", media: "media", section: "sections", tag: "tags",
};

export function keep(page: Headers, ...answers: Response[]): void {
  page.set("cache-control", shortest(answers.map((one) => one.headers.get("cache-control") ?? "")));
  const names = keys(answers.map((one) => one.headers.get("surrogate-key") ?? ""));
  if (names) page.set("surrogate-key", names);
}

/** The names of all, or those of the kinds where the names are too many. */
export function keys(lines: string[]): string {
  const sorted = (names: string[]) => [...new Set(names)].sort().join(" ");
  const line = sorted(lines.flatMap((one) => one.split(" ")).filter(Boolean));
  if (line.length < MOST) return line;
  return sorted(line.split(" ").map((name) => (name.includes(":") && KIND[name.slice(0, name.indexOf(":"))]) || name));
}

/** Until the first of them is old. What one of them does not let be kept is not kept. */
export function shortest(lines: string[]): string {
  const all = lines.map(directives);
  if (!all.length || !all.every((one) => one.has("public"))) return "private, no-store";
  const age = (one: Map<string, number>) => one.get("max-age") ?? 0;
  const least = (of: (one: Map<string, number>) => number) => Math.min(...all.map(of));
  const shared = all.some((one) => one.has("s-maxage")) ? `, s-maxage=${least((one) => one.get("s-maxage") ?? age(one))}` : "";
  return `public, max-age=${least(age)}${shared}, stale-while-revalidate=${least((one) => one.get("stale-while-revalidate") ?? 0)}`;
}

function directives(line: string): Map<string, number> {
  return new Map(line.split(",").map((one) => {
    const [name = "", value] = one.trim().toLowerCase().split("=");
    return [name, Number(value ?? 0)];
  }));
}
