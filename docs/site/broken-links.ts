import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'

const matches = (text: string, pattern: RegExp): ReadonlyArray<string> =>
  [...text.matchAll(pattern)].map(([, found]) => found!)

/** The links and pictures of pages inside the site; links with a scheme lead outside. */
const links = /\s(?:href|src)="(?!\/\/)([^":]+)"/g

/** What Markdown makes of a bare `notes.md`, which is also the name of a host; all pages that are meant have TLS. */
const takenForHosts = /\shref="(http:[^"]*)"/g

const ids = /\sid="([^"]*)"/g

/** The links in a folder of pages that lead to a missing file or heading, or to a file name as if it were a host. */
export const brokenLinks = async (
  folder: string,
  except: ReadonlyArray<string> = [],
): Promise<ReadonlyArray<string>> => {
  const names = await readdir(folder, { recursive: true })
  const texts = new Map<string, string>()
  for (const page of names.filter((name) => name.endsWith('.html'))) {
    texts.set(page, await readFile(join(folder, page), 'utf8'))
  }
  const headings = new Map([...texts].map(([page, text]) => [page, new Set(matches(text, ids))]))
  const isThere = (target: string, id: string): boolean =>
    except.includes(target) ||
    (existsSync(join(folder, target)) && (id === '' || headings.get(target)?.has(id) !== false))
  const broken = [...texts].flatMap(([page, text]) => [
    ...matches(text, links).flatMap((link) => {
      const [path = '', id = ''] = link.replaceAll('&amp;', '&').split('#').map(decodeURIComponent)
      const target = path === '' ? page : posix.join(posix.dirname(page), path.replace(/\?.*$/, ''))
      return isThere(target, id) ? [] : [`${page}: ${target}${id === '' ? '' : `#${id}`}`]
    }),
    ...matches(text, takenForHosts).map((link) => `${page}: ${link}`),
  ])
  return [...new Set(broken)].sort()
}
