// A real Chromium and a real Firefox, found on this machine, and small servers for them.

import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));

const USUAL = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

const USUAL_FIREFOX = ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/snap/bin/firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"];

/** Starts Chromium, or Firefox; `CHROME_PATH` and `FIREFOX_PATH` say where they are if not in a usual place. */
export async function launch(browser = "chrome") {
  const [variable, usual, packages] = browser === "chrome" ? ["CHROME_PATH", USUAL, "chromium"] : ["FIREFOX_PATH", USUAL_FIREFOX, "firefox-esr"];
  const executablePath = process.env[variable] ?? usual.find((path) => existsSync(path));
  if (!executablePath) throw new Error(`no ${browser} found: install it (Debian: apt-get install ${packages}) or set ${variable}`);
  if (!existsSync(join(here, "node_modules/puppeteer-core"))) {
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: here });
  }
  const { default: puppeteer } = await import("puppeteer-core");
  return puppeteer.launch({ browser, executablePath, headless: true, args: browser === "chrome" ? FLAGS : [] });
}

const KINDS = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm" };

/** Serves the texts of `made` by their path, and files of a folder, or of the first of several that has them; `asked` has what was asked for. */
export async function serveFiles(roots, made, headers = {}) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    asked.push(pathname);
    try {
      const places = [roots].flat().map((root) => join(root, normalize(pathname)));
      const content = made[pathname] ?? (await readFile(places.find((place) => existsSync(place)) ?? places[0]));
      for (const name in headers) response.setHeader(name, headers[name]);
      response.setHeader("content-type", KINDS[extname(pathname)] ?? "text/plain; charset=utf-8");
      response.end(content);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, asked, close: () => server.close() };
}

/** Starts `slaclock serve` and answers its address once it has said it. */
export async function serveBoard(binary, args) {
  const child = spawn(binary, ["serve", "--listen", "127.0.0.1:0", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const origin = await new Promise((resolve, reject) => {
    let said = "";
    const listen = (chunk) => {
      said += chunk;
      const address = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (address) resolve(address[0]);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`slaclock serve ended with ${code}: ${said}`)));
    setTimeout(() => reject(new Error(`slaclock serve names no address: ${said}`)), 20_000).unref();
  });
  return { origin, close: () => child.kill() };
}
