import node from "@astrojs/node";
import { defineConfig, envField, passthroughImageService } from "astro/config";

export default defineConfig({
  // Pages are made when they are asked for: what was published a moment ago is there, and old addresses lead on.
  output: "server",
  adapter: node({ mode: "standalone" }),
  // Copydesk has made every size of a picture already.
  image: { service: passthroughImageService() },
  build: { inlineStylesheets: "never" },
  env: {
    schema: {
      COPYDESK_URL: envField.string({ context: "server", access: "secret", default: "http://127.0.0.1:8080" }),
    },
  },
  devToolbar: { enabled: false },
});
