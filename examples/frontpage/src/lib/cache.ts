// A page may be kept as long as what it was made of, and is forgotten with it.

const HANDED_ON = ["cache-control", "surrogate-key"];

export function keepLike(page: Headers, answer: Response): void {
  for (const name of HANDED_ON) {
    const value = answer.headers.get(name);
    if (value) page.set(name, value);
  }
}
