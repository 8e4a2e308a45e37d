// What a front end does with a body, type-checked against the types that openapi-typescript makes of
// openapi/openapi.json. It is never run: that it compiles is the test. `.ci/clients` runs it.

import type { components } from "./schema";

type Block = components["schemas"]["Block"];
type Span = components["schemas"]["Span"];
type Article = components["schemas"]["Article"];
type MediaCard = components["schemas"]["MediaCard"];
type RelatedCard = components["schemas"]["RelatedCard"];
type ListItem = components["schemas"]["ListItem"];

const plain = (spans: Span[]): string => spans.map((span) => span.text).join("");

const points = (items: ListItem[]): string =>
  items.map((item) => plain(item.text) + (item.list ? points(item.list.items) : "")).join("\n");

// A picture as `<img>` wants it: all of it is in the block.
const img = ({ alt, media }: { alt?: string | null; media?: MediaCard }): string =>
  media ? `${media.srcset} ${media.src ?? ""} ${media.width ?? 0}x${media.height ?? 0} ${media.placeholder?.color ?? ""} ${alt ?? ""}` : "";

// A related link: its words and where they lead are there whatever it leads to.
const link = (card?: RelatedCard): string => (card ? `${card.label} ${card.url} ${card.article?.deck ?? card.source ?? ""}` : "");

// A block that is not handled here makes `block` something else than `never` in the default, which does not compile.
export function render(block: Block): string {
  switch (block.type) {
    case "paragraph":
      return plain(block.text);
    case "heading":
      return "#".repeat(block.level) + plain(block.text);
    case "quote":
      return plain(block.text) + (block.attribution ?? "") + (block.url ?? "");
    case "pull_quote":
      return plain(block.text) + (block.attribution ?? "");
    case "list":
      return (block.ordered ? "1." : "•") + points(block.items);
    case "embed":
      return block.provider + block.url + (block.title ?? "");
    case "table":
      return (block.caption ?? "") + [block.header, ...block.rows].map((row) => row.map((cell) => plain(cell.text)).join()).join();
    case "fact_box":
      return block.title + block.blocks.map(render).join();
    case "code":
      return (block.language ?? "") + block.text;
    case "divider":
      return "---";
    case "image":
      return img(block) + (block.caption ?? "") + (block.credit ?? "");
    case "gallery":
      return (block.title ?? "") + block.items.map(img).join();
    case "video":
    case "audio":
      return (block.media?.src ?? block.embed_url ?? "") + (block.caption ?? "");
    case "related_article":
      return link(block.link) + (block.show_image ? img(block.link?.article?.lead_media ?? {}) : "");
    case "related_list":
      return (block.title ?? "") + (block.links ?? []).map(link).join();
    default: {
      const missed: never = block;
      return missed;
    }
  }
}

export const page = (article: Article): string => (article.body ?? []).map(render).join("\n");

// The union tells its members apart: a field of one is not a field of another.
export function wrong(block: Block): unknown {
  if (block.type === "divider") {
    // @ts-expect-error A divider has no text.
    return block.text;
  }
  // @ts-expect-error There is no such type.
  return block.type === "marquee";
}

// What is sent: ids may be left out, other fields may not.
export const sent: components["schemas"]["ArticleIn"] = {
  headline: "Ferry sails",
  body: [{ type: "paragraph", text: [{ text: "At dusk." }] }],
};

// What delivery fills in is not sent.
// @ts-expect-error There is no `media` here.
export const filled: components["schemas"]["ImageIn"]["media"] = null;

// @ts-expect-error A heading has a level.
export const unfinished: components["schemas"]["BlockIn"] = { type: "heading", text: [] };

// What stands at an address is told apart by `type` too.
export function location(found: components["schemas"]["Resolution"]): string {
  switch (found.type) {
    case "article":
      return found.article.canonical_url;
    case "redirect":
      return found.url;
    case "gone":
      return found.article_id;
    default: {
      const missed: never = found;
      return missed;
    }
  }
}
