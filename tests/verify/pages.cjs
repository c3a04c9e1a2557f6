// Opens web pages in Chromium, as a phone shows them, and prints what is wrong with each: a line of JSON a page.
// Arguments: the browser's path, "sandbox" or "no-sandbox", then the pages' file: addresses.
'use strict';
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const puppeteer = require('puppeteer');

const [browserPath, sandbox, ...pages] = process.argv.slice(2);
const PHONE = { width: 390, height: 844, deviceScaleFactor: 1, isMobile: true, hasTouch: true };
const OWN = /^(file|data|blob|about):/;
const QUIET = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--allow-file-access-from-files',
];

async function look(browser, url) {
  const page = await browser.newPage();
  const found = { url, requests: [], errors: [], overflow: 0, lang: '', title: '' };
  await page.setViewport(PHONE);
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (OWN.test(request.url())) return request.continue();
    found.requests.push(request.url());
    return request.abort();
  });
  page.on('requestfailed', (request) => {
    if (OWN.test(request.url())) found.errors.push(`not loaded: ${request.url()}`);
  });
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) found.errors.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => found.errors.push(`script: ${error.message}`));
  await page.goto(url, { waitUntil: 'load', timeout: 60000 });
  Object.assign(found, await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    lang: document.documentElement.lang,
    title: document.title,
  })));
  await page.close();
  return found;
}

async function main() {
  const profile = mkdtempSync(join(tmpdir(), 'publish-browser-'));
  const browser = await puppeteer.launch({
    executablePath: browserPath,
    headless: true,
    userDataDir: profile,
    args: sandbox === 'no-sandbox' ? [...QUIET, '--no-sandbox'] : QUIET,
  });
  try {
    for (const url of pages) console.log(JSON.stringify(await look(browser, url)));
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

main().catch((error) => { console.error(error); process.exit(1); });
