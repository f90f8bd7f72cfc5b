// Opens a page of ours in a real Chromium and prints what it sees, as JSON:
//   node look.mjs FILE [light|dark] [WIDTH] [PICTURE]
// WIDTH in CSS pixels, 1000 where left out; PICTURE is a PNG to write.
// The browser is the system's: FC_CHROMIUM, else chromium or
// chromium-browser in PATH. Scripts of the page do not run.

import { execFileSync } from 'node:child_process'
import { chromium } from 'playwright-core'
import { pathToFileURL } from 'node:url'
import { resolve } from 'node:path'

function browserPath() {
  if (process.env.FC_CHROMIUM) return process.env.FC_CHROMIUM
  for (const name of ['chromium', 'chromium-browser'])
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim()
    } catch {
      // The next one.
    }
  throw new Error('no chromium; install the Debian package')
}

// In the page, so that what is measured is what is drawn. Playwright's own
// evaluation works with the page's scripts off.
function measure() {
  const seen = (x) => x.getBoundingClientRect()
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\d.]+/g).map((x) => {
      const part = Number(x) / 255
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
    return (high + 0.05) / (low + 0.05)
  }
  const page = getComputedStyle(document.body).backgroundColor
  const box = (x) => getComputedStyle(x.closest('svg')).backgroundColor
  const contrasts = [...document.querySelectorAll('p,dt,dd,td,th,h1,h2,h3,h4')]
    .filter((x) => !x.closest('.conclusion'))
    .map((x) => contrast(getComputedStyle(x).color, page))
  for (const x of document.querySelectorAll('svg .dots'))
    contrasts.push(contrast(getComputedStyle(x).stroke, box(x)))
  const svgs = [...document.querySelectorAll('svg')]
  const outside = svgs.flatMap((svg) => {
    const frame = seen(svg)
    return [...svg.querySelectorAll('path,text')].filter((x) => {
      const at = seen(x)
      return svg.checkVisibility() && (at.left < frame.left - 1
        || at.right > frame.right + 1 || at.bottom > frame.bottom + 1
        || at.top < frame.top - 1)
    })
  })
  return {
    title: document.title,
    language: document.documentElement.lang,
    text: document.body.innerText,
    figures: svgs.length,
    visible_figures: svgs.filter((x) => x.checkVisibility()).length,
    unnamed_figures: svgs.filter((x) => !x.querySelector('title')?.textContent
      || !x.querySelector('desc')?.textContent).length,
    drawn_outside: outside.length,
    bad_numbers: svgs.filter((x) => /nan|inf/i.test(x.innerHTML
      .replace(/<(title|desc)[^]*?<\/\1>|<text[^]*?<\/text>/g, ''))).length,
    elements: [...new Set([...document.querySelectorAll('*')]
      .map((x) => x.localName))].sort(),
    handlers: [...document.querySelectorAll('*')]
      .filter((x) => x.getAttributeNames().some((n) => n.startsWith('on'))).length,
    links: [...document.querySelectorAll('a')].map((x) => x.getAttribute('href')),
    broken_links: [...document.querySelectorAll('a')].filter((x) =>
      !document.getElementById(x.getAttribute('href').slice(1))).length,
    scrolls_sideways: document.documentElement.scrollWidth > innerWidth,
    least_contrast: Math.min(...contrasts),
    background: page,
  }
}

const [file, scheme = 'light', width = '1000', picture] = process.argv.slice(2)
const browser = await chromium.launch({
  executablePath: browserPath(),
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const context = await browser.newContext({
    colorScheme: scheme,
    javaScriptEnabled: false,
    viewport: { width: Number(width), height: 900 },
  })
  const page = await context.newPage()
  const errors = []
  const requests = []
  page.on('console', (x) => errors.push(`${x.type()}: ${x.text()}`))
  page.on('pageerror', (x) => errors.push(String(x)))
  page.on('dialog', (x) => { errors.push(`dialog: ${x.message()}`); x.dismiss() })
  const url = pathToFileURL(resolve(file)).href
  page.on('request', (x) => {
    if (x.url() !== url && !x.url().startsWith('data:')) requests.push(x.url())
  })
  await page.goto(url, { waitUntil: 'load' })
  const result = await page.evaluate(measure)
  if (picture) await page.screenshot({ path: picture, fullPage: true })
  console.log(JSON.stringify({ errors, requests, ...result }))
} finally {
  await browser.close()
}
