import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { check, LinkState } from 'linkinator'

/** The files that pages link to and that are not there; external links are not asked. */
const missingFiles = async (
  folder: string,
  pages: ReadonlyArray<string>,
  except: ReadonlyArray<string>,
): Promise<ReadonlyArray<string>> => {
  const { links } = await check({
    path: [...pages],
    serverRoot: folder,
    concurrency: 50,
    linksToSkip: async (link) =>
      !link.startsWith('http://localhost') || except.some((each) => link.endsWith(each)),
  })
  return links
    .filter(({ state }) => state === LinkState.BROKEN)
    .map(({ url, parent = '' }) => `${parent}: ${url}`)
}

const matches = (text: string, pattern: RegExp): ReadonlyArray<string> =>
  [...text.matchAll(pattern)].map(([, found]) => found!)

/** The headings that pages link to and that are not there: linkinator finds these in some orders of pages only. */
const missingHeadings = async (
  folder: string,
  pages: ReadonlyArray<string>,
): Promise<ReadonlyArray<string>> => {
  const texts = new Map<string, string>()
  for (const page of pages) {
    texts.set(page, await readFile(join(folder, page), 'utf8'))
  }
  const ids = new Map([...texts].map(([page, text]) => [page, new Set(matches(text, /\sid="([^"]*)"/g))]))
  return [...texts].flatMap(([page, text]) =>
    matches(text, /\shref="([^":]*#[^"]+)"/g).flatMap((link) => {
      const [path = '', id = ''] = link.split('#').map(decodeURIComponent)
      const target = path === '' ? page : posix.join(posix.dirname(page), path)
      return ids.get(target)?.has(id) === false ? [`${page}: ${target}#${id}`] : []
    }),
  )
}

/** The links in a folder of pages that lead nowhere. */
export const brokenLinks = async (
  folder: string,
  except: ReadonlyArray<string> = [],
): Promise<ReadonlyArray<string>> => {
  const names = await readdir(folder, { recursive: true })
  const pages = names.filter((name) => name.endsWith('.html'))
  const all = [...(await missingFiles(folder, pages, except)), ...(await missingHeadings(folder, pages))]
  return [...new Set(all)].sort()
}
